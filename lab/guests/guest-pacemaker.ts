import type { GuestPlan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { runInGuest } from './guest-kinds.ts';

/** Asks pacemaker_remoted in the first guest, of which all others are copies, for its version; what it can't tell reads `unknown`. */
export const readGuestPacemaker = async (shell: HostShell, [guest]: readonly GuestPlan[]): Promise<string> => {
  if (guest === undefined) return 'unknown';
  const { stdout } = await runInGuest(shell, guest, 'pacemaker-remoted --version || true');
  return /\d+\.\d+\.\d+\S*/u.exec(stdout)?.[0] ?? 'unknown';
};
