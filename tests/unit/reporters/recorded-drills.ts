import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DrillRecord } from '../../../reporters/drill-record.ts';

const recording = path.resolve(import.meta.dirname, '../../recorded/picture-lxc2-pacemaker-3.0.0.json');
const recorded = JSON.parse(readFileSync(recording, 'utf8')) as { readonly record: DrillRecord };

/** The record of a real drill on Pacemaker 3.0.0, with the versions of its lab, and changed as said. */
export const recordedDrill = (change: Partial<DrillRecord> = {}): DrillRecord => ({
  ...recorded.record,
  finding: null,
  lab: {
    name: 'default',
    plan: 'lxc',
    hostKind: 'container',
    os: 'Debian GNU/Linux 13 (trixie)',
    kernel: '6.1.0',
    corosync: '3.1.9',
    libvirt: '11.3.0',
    resourceAgents: '1:4.16.0-3',
    guestRelease: null,
    accelerator: null,
  },
  ...change,
});

/** The part of a recorded drill's record that a stand-in for a drill takes over, as code. */
export const asRecorded = (change: Partial<DrillRecord> = {}): string => {
  const { fault, phases, budgets, lab, guest, injectedAtMs } = recordedDrill(change);
  return `Object.assign(drill, ${JSON.stringify({ fault, phases, budgets, lab, guest, injectedAtMs })});`;
};

/** The steps of a recorded drill, as code: what it does, and within that each phase as it is reached. */
export const recordedSteps = (): string => {
  const { phases, budgets } = recordedDrill();
  return `
    await test.step('the lab is in its steady state', () => {});
    await test.step('watch the cluster recover', async () => {
      for (const [phase, sinceInjectionMs] of Object.entries(${JSON.stringify(phases)})) {
        const params = { phase, sinceInjectionMs, budgets: ${JSON.stringify(budgets)} };
        await test.step(phaseStepTitle(params), () => {}, { params });
      }
    });
  `;
};
