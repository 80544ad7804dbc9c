import { LabError } from '../../errors.ts';
import { releases, type Release } from '../../releases.ts';
import type { HostShell } from '../../transport/host-shell.ts';
import { distributionOf, distributions, lacking, type Distribution } from './distributions.ts';

/** What a machine is, as far as it matters for a lab. */
export interface Machine {
  readonly distribution: Distribution;
  /** What it calls itself, such as `Debian GNU/Linux 13 (trixie)`. */
  readonly system: string;
  readonly architecture: string;
  /** How many times longer than on a processor of its own everything may take on it. */
  readonly timeFactor: number;
}

/** A machine that QEMU emulates, as systemd-detect-virt(1) tells it from one under KVM. */
const emulatedFactor = 6;

/** Guests' roots, packages and what the cluster writes. */
const neededMiB = 2_500;

/**
 * Looks at a machine without changing anything. Throws a LabError that says what it would have to be for a lab.
 */
export const examineMachine = async (shell: HostShell): Promise<Machine> => {
  const { stdout } = await shell.run(
    `. /etc/os-release
    printf '%s\\n' "$ID $ID_LIKE" "$PRETTY_NAME" "$(uname -m)" "$(cat /proc/1/comm)" "$(stat -fc %T /sys/fs/cgroup)" "$(df -Pm /var | awk 'NR == 2 { print $4 }')" "$(systemd-detect-virt --vm)"`,
  );
  const [ids = '', system = '', architecture = '', init = '', cgroups = '', free = '', virtualisation = ''] =
    stdout.split('\n');
  const distribution = distributionOf(ids.split(' '));
  const known = distributions.flatMap((each) => each.ids).join(', ');
  const unfit = (why: string, next: string): LabError =>
    new LabError(`${shell.hostName} (${system}) can't be a lab's host: ${why}.`, { next });
  const [lack] = ids.split(' ').flatMap((id) => lacking[id] ?? []);
  if (lack !== undefined) throw unfit(lack, `choose a machine with ${known}.`);
  if (distribution === null)
    throw unfit('nothing is known of how to install a cluster there', `choose a machine with ${known}.`);
  if (init !== 'systemd') throw unfit(`its init is ${init}`, 'choose a machine that systemd runs.');
  if (cgroups !== 'cgroup2fs')
    throw unfit(`its control groups are of version 1 (${cgroups})`, 'boot it with systemd.unified_cgroup_hierarchy=1.');
  if (Number(free) < neededMiB)
    throw unfit(`${free} MiB are free below /var, and a lab needs ${neededMiB}`, 'make room there.');
  return { distribution, system, architecture, timeFactor: virtualisation === 'qemu' ? emulatedFactor : 1 };
};

/** Throws a LabError unless what the machine's package archives have is the release that is asked for. */
export const requireRelease = (shell: HostShell, { system }: Machine, candidate: string, release: Release): void => {
  if (candidate === release.version) return;
  if (candidate === '')
    throw new LabError(`${shell.hostName} (${system}) has no archive with Pacemaker in it.`, {
      next: "mend its package sources; for Debian, that is its suite's main archive.",
    });
  const known = releases.find(({ version }) => version === candidate);
  throw new LabError(
    `${shell.hostName} (${system}) gets Pacemaker ${candidate} from its package archives; asked for is ${release.version} (Debian ${release.suite}).`,
    {
      next: known
        ? `set LAB_RELEASE=${candidate}, or choose a machine with Debian ${release.suite}.`
        : `choose a machine with Debian ${release.suite}.`,
    },
  );
};
