import { requireMarker } from '../cluster/marker.ts';
import { FaultError } from '../errors.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { leavesNothing, type Fault } from './fault.ts';

/** Longer than any sample is on its way, and shorter than the way to the host may be silent. */
const standsStillMs = 8_000;
/** How much of that the host's own time has to miss, in milliseconds. */
const missedMs = 6_000;

const cannot = 'the host can not be made to stand still from outside of it';

/** The host's clock, milliseconds since the epoch, and its uptime in milliseconds. */
const readClocks = async (shell: HostShell): Promise<{ readonly atMs: number; readonly uptimeMs: number }> => {
  const { stdout } = await shell.run('read -r up _ </proc/uptime; echo "${EPOCHREALTIME/[.,]/} $up"');
  const [us, up] = stdout.trim().split(' ');
  return { atMs: Number(us) / 1_000, uptimeMs: Number(up) * 1_000 };
};

/** The whole host stands still for some seconds, its clocks with it, and goes on. It is over when it is proven, and leaves nothing. */
export const hostPaused: Fault = {
  name: 'host-paused',
  family: 'host',
  description: `the host stands still for ${standsStillMs / 1_000} s, its clocks with it, as a virtual machine does that is paused`,
  kinds: ['lxc', 'kvm'],

  available: ({ host }) => Promise.resolve(host.standStill === null ? cannot : null),

  async inject({ guest, host, shell, signal }) {
    if (!host.standStill)
      throw new FaultError(`The fault host-paused could not be injected in ${guest.name}: ${cannot}`);
    await requireMarker(shell);
    const [before, begunAt] = [await readClocks(shell), performance.now()];
    const said = await host.standStill(standsStillMs, signal);
    const [after, tookMs] = [await readClocks(shell), performance.now() - begunAt];
    const missed = Math.round(tookMs - (after.uptimeMs - before.uptimeMs));
    if (said !== 'paused' || missed < missedMs)
      throw new FaultError(
        `The fault host-paused did not take effect in ${guest.name}: ${host.name} was ${said}, and its uptime missed ${missed} ms.`,
      );
    return {
      atMs: after.atMs,
      target: host.name,
      proof: `it was paused, and its uptime missed ${missed} ms`,
      ...leavesNothing,
    };
  },
};
