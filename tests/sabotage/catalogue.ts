import { agents } from './agents.ts';
import { crmMon } from './crm-mon.ts';
import { proofs } from './proofs.ts';
import { records } from './records.ts';
import { recovery } from './recovery.ts';
import type { Sabotage, SabotageFamily } from './sabotage.ts';
import { transport } from './transport.ts';

export const families: readonly SabotageFamily[] = [agents, recovery, records, crmMon, proofs, transport];

export const sabotages: readonly Sabotage[] = families.flatMap((family) => family.sabotages);
