import { LabError } from '../../errors.ts';
import type { GuestPlan } from '../../plan.ts';
import { quote, type HostShell } from '../../transport/host-shell.ts';
import type { GuestKind } from '../guest-kind.ts';
import { parseGuestTruth, startOfFunction, stateFilesFunction, type GuestTruth } from '../guest-truth.ts';
import { stampsLog } from './domain-xml.ts';
import { execByAgent, execByAgentIfItRuns, readClock, runByAgent, runOverConsole } from './agent.ts';
import { giveAuthkeyScript, kvmConfigPath, newDiskScript, sshToGuest } from './prepare.ts';

/** KVM guests: only what runs inside sees their processes and files. QEMU's guest agent is the way in. */
export const kvm: GuestKind = {
  hypervisor: 'qemu:///system',
  processIdPath: ({ name }) => `/run/libvirt/qemu/${name}.pid`,
  configPath: kvmConfigPath,
  giveAuthkeyScript,
  run: runByAgent,
  runLast: runOverConsole,
  ifItRuns: execByAgentIfItRuns,
  // One that is just being started ("paused") has its disk open already, and nobody inside who could be asked yet.
  onItsDisk: (guest, script) =>
    `case $(virsh -c qemu:///system domstate ${guest.name} 2>/dev/null) in
      '' | 'shut off') ${newDiskScript(guest)}; exit ;;
    esac
    ${execByAgent(guest, script)}`,
  stampsPath: ({ name }) => stampsLog(name),
  readClock,

  async readTruth(shell, guests) {
    const { stdout } = await shell.run(`virsh -c qemu:///system list | awk 'NR > 2 && NF { print $2 " " $1 }'`);
    const domains = new Map(
      stdout.split('\n').map((line): [string, string] => {
        const [name = '', id = ''] = line.split(' ');
        return [name, id];
      }),
    );
    return new Map(await Promise.all(guests.map((guest) => truthOf(shell, guest, domains.get(guest.name) ?? ''))));
  },

  enter: (guestName, command) =>
    `exec ${sshToGuest(guestName)}${command === '' ? '' : ` ${quote(`bash -lc ${quote(command)}`)}`}`,
};

const truthOf = async (
  shell: HostShell,
  guest: GuestPlan,
  domainId: string,
): Promise<readonly [string, GuestTruth]> => {
  const unknown = `${guest.name}|${domainId}||||`;
  if (domainId === '') return parseGuestTruth(shell.hostName, unknown);
  try {
    const { stdout } = await runByAgent(
      shell,
      guest,
      `${startOfFunction}${stateFilesFunction}
      # One whose parent is another is not a daemon, but what it has forked for an agent.
      daemon=$(pgrep -o -x -P 1 pacemaker-remot) && start=$(start_of "$daemon") &&
        start=$(($(sed -n 's/^btime //p' /proc/stat) * $(getconf CLK_TCK) + start))
      echo "${guest.name}|${domainId}|$(cat /proc/sys/kernel/random/boot_id)|$daemon|$start|$(state_files /run)"`,
    );
    return parseGuestTruth(shell.hostName, stdout.trim());
  } catch (error) {
    // A guest that boots, hangs or shuts down answers nothing: then that is what is known.
    if (error instanceof LabError && error.name === 'CommandError') return parseGuestTruth(shell.hostName, unknown);
    throw error;
  }
};
