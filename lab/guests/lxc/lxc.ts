import { quote } from '../../transport/host-shell.ts';
import type { GuestKind } from '../guest-kind.ts';
import { parseGuestTruth, stateFilesFunction } from '../guest-truth.ts';
import { stampsFile } from '../run-stamps/stamping.ts';
import { giveAuthkeyScript, guestRoot, lxcConfigPath } from './prepare.ts';
import { lxcProcessFunctions } from './processes.ts';

const run: GuestKind['run'] = (shell, guest, script, options) =>
  shell.run(`${lxcProcessFunctions}\nenter ${guest.name} bash -c ${quote(script)}`, options);

/** LXC guests: their processes and files can be seen from the host, and entered through their namespaces. */
export const lxc: GuestKind = {
  hypervisor: 'lxc:///',
  processIdPath: ({ name }) => `/run/libvirt/lxc/${name}.pid`,
  configPath: lxcConfigPath,
  giveAuthkeyScript,

  run,
  runLast: run,

  ifItRuns: (guest, script) =>
    `${lxcProcessFunctions}
    init=$(init_of ${guest.name} 2>/dev/null) && [ "$init" ] || exit 0
    enter ${guest.name} bash -c ${quote(script)}`,

  onItsDisk: (guest, script) =>
    `${lxcProcessFunctions}
    init=$(init_of ${guest.name} 2>/dev/null) && [ "$init" ] || exec chroot ${guestRoot(guest)} bash -c ${quote(script)}
    enter ${guest.name} bash -c ${quote(script)}`,

  stampsPath: (guest) => `${guestRoot(guest)}${stampsFile}`,
  readClock: () => Promise.resolve({ aheadMs: 0, errorMs: 0 }),

  async readTruth(shell, guests) {
    const { stdout } = await shell.run(
      `${lxcProcessFunctions}${stateFilesFunction}
      domains=$(virsh -c lxc:/// list | awk 'NR > 2 && NF { print $2 "=" $1 }')
      for guest in ${guests.map((guest) => guest.name).join(' ')}; do
        id=$(printf '%s\\n' "$domains" | sed -n "s/^$guest=//p")
        init=$(init_of "$guest" 2>/dev/null) daemon= start= boot= files=
        if [ "$init" ]; then
          boot=$(cat "/proc/$init/root/proc/sys/kernel/random/boot_id" 2>/dev/null)
          daemon=$(daemon_of "$init") && start=$(start_of "$daemon")
          files=$(state_files "/proc/$init/root/run")
        fi
        echo "$guest|$id|$boot|$daemon|$start|$files"
      done`,
    );
    return new Map(
      stdout
        .trim()
        .split('\n')
        .map((line) => parseGuestTruth(shell.hostName, line)),
    );
  },

  enter: (guestName, command) =>
    `${lxcProcessFunctions}\nenter ${quote(guestName)} ${command === '' ? 'bash -l' : `bash -lc ${quote(command)}`}`,
};
