import { LabError } from '../../errors.ts';
import { pause } from '../../pause.ts';
import type { Settings } from '../../settings.ts';
import type { HostShell } from '../../transport/host-shell.ts';
import type { HostState } from '../host-kind.ts';
import { openByAddress } from './reach.ts';

/** How long a machine may take to go down for a reboot: the cluster stops every guest and resource first. */
const goesDownWithinMs = 300_000;

const bootIdOf = async (shell: HostShell): Promise<string> =>
  (await shell.run('cat /proc/sys/kernel/random/boot_id')).stdout.trim();

/** Reboots a machine and waits until it does not answer any more, or answers from its next boot. */
export const reboot = async (
  settings: Settings,
  { name, at, hostPublicKey, timeFactor }: HostState,
  signal?: AbortSignal,
): Promise<void> => {
  const shell = await openByAddress(settings, name, at, hostPublicKey);
  const until = performance.now() + goesDownWithinMs * timeFactor;
  try {
    const boot = await bootIdOf(shell);
    await shell.run('systemd-run --quiet --on-active=1 systemctl reboot');
    while (performance.now() < until) {
      const gone = await Promise.race([shell.lost.then(() => true), pause(500, signal).then(() => false)]);
      if (gone || (await bootIdOf(shell).catch(() => '')) !== boot) return;
    }
  } finally {
    await shell.close();
  }
  throw new LabError(`${name} does not go down for a reboot.`, { next: 'see on its console what holds it up.' });
};
