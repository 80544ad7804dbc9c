import { quote } from '../transport/host-shell.ts';
import { chooseInGuest } from './dummy-resource.ts';
import type { FaultSite } from './fault.ts';
import { scriptedFault, type FaultScripts } from './scripted-fault.ts';

type GuestFault = Omit<FaultScripts, 'family' | 'place'>;
const inGuest = (fault: GuestFault): FaultScripts => ({ family: 'guest', place: 'guest', ...fault });

/** How many files /run could hold before a fault limited them, and how many more than there are it may hold from then on. */
const keptLimit = '/run/guest-drills-run-limit';
const fewMore = 32;
/** These it is filled up with, and again whenever somebody removes a file of theirs. */
const fillers = '/run/guest-drills-fillers';
const fill = `n=0; while [ -d ${fillers} ]; do { : >${fillers}/$((n += 1)); } || sleep 0.05; done`;
const probe = '/run/guest-drills-probe';

/** Ends with 0 if no file can be made in /run, and sets `complaint` to what is said then. */
const cannotWrite = `
cannot_write() {
  complaint=$({ : >${probe}; } 2>&1) || return 0
  rm -f ${probe}
  return 1
}`;
const canBeWritten = `${cannotWrite}
    ! cannot_write || { echo "$complaint"; exit 1; }`;

const anotherName = ({ guest }: FaultSite): string => `not-${guest.name}`;
const nameFile = '/etc/hostname';

/** Tells which file system stands at /run now: the last that was mounted there, as the given process sees it. */
const optionsOfRun = (process: string): string =>
  `awk '$2 == "/run" { options = $4 } END { print options }' /proc/${process}/mounts`;

/** Faults inside the guest, which runs on and keeps its connection. */
export const guestScripts: readonly FaultScripts[] = [
  inGuest({
    name: 'guest-disk-full',
    description:
      'nothing more fits into the guest’s /run, where agents keep their state; a resource there has to be started again',
    needs: (site) => `${chooseInGuest(site)}
    [ "$(stat -f -c %T /run)" = tmpfs ] || { echo 'the guest has no tmpfs at /run'; exit 1; }
    choose_resource`,
    inject: (site) => `${chooseInGuest(site)}
    choose_resource || return
    target="/run in ${site.guest.name}, and $resource there"
    [ ! -e ${keptLimit} ] || { echo '${keptLimit} is there already'; return 1; }
    df --output=itotal /run | tail -n 1 >${keptLimit} && mkdir ${fillers} || return
    rm -f "$state_file"
    used=$(df --output=iused /run | tail -n 1)
    mount -o "remount,nr_inodes=$((used + ${fewMore}))" /run 2>&1 || return
    setsid bash -c ${quote(fill)} </dev/null >/dev/null 2>&1 &`,
    proof: () => `${cannotWrite}
    [ ! -e "$state_file" ] && cannot_write && [[ $complaint == *'No space left'* ]] &&
      proof="$state_file is gone, and no file can be made in /run: \${complaint##*: }"`,
    heal: () => `
    rm -rf ${fillers} ${probe}
    ! read -r inodes 2>/dev/null <${keptLimit} || mount -o "remount,nr_inodes=$inodes" /run
    rm -f ${keptLimit}`,
    healed: () => canBeWritten,
  }),
  inGuest({
    name: 'guest-run-read-only',
    description: 'the guest’s /run, where agents keep their state, can only be read',
    // What is open for writing keeps a file system from becoming read-only; another one on top of it is not in use yet.
    inject: ({ guest }) => `
    target='/run in ${guest.name}'
    mount --bind /run /run 2>&1 && mount -o remount,bind,ro /run 2>&1`,
    proof: () => `${cannotWrite}
    [[ ,$(${optionsOfRun('$(pidof -s pacemaker-remoted)')}), == *,ro,* ]] && cannot_write && [[ $complaint == *'Read-only'* ]] &&
      proof="no file can be made in it, also for pacemaker_remoted: \${complaint##*: }"`,
    heal: () => `
    while [[ ,$(${optionsOfRun('self')}), == *,ro,* ]]; do umount --lazy /run; done
    rm -f ${probe}`,
    healed: () => canBeWritten,
  }),
  inGuest({
    name: 'guest-name-differs',
    description: 'the guest’s hostname is another than its node name, now and from its next boot on',
    healReaches: 'the disk',
    inject: (site) => `
    target='the hostname of ${site.guest.name}'
    [ ! -e ${nameFile}.kept ] || { echo '${nameFile}.kept is there already'; return 1; }
    cp -p ${nameFile} ${nameFile}.kept && sync ${nameFile}.kept || return
    hostname ${anotherName(site)} 2>&1 && hostname >${nameFile} && sync ${nameFile}`,
    proof: (site) => `
    [ "$(</proc/sys/kernel/hostname)" = ${anotherName(site)} ] && [ "$(<${nameFile})" = ${anotherName(site)} ] &&
      proof='it calls itself ${anotherName(site)}'`,
    heal: () => `
    [ ! -e ${nameFile}.kept ] || mv -f ${nameFile}.kept ${nameFile}
    sync /etc
    [ ! -d /run/systemd/system ] || hostname --file ${nameFile}`,
    healed: ({ guest }) => `[ "$(hostname)" = ${guest.name} ] && [ "$(<${nameFile})" = ${guest.name} ]`,
  }),
];

export const guestFaults = guestScripts.map(scriptedFault);
