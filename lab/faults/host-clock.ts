import { machineMark } from '../host/machine-mark.ts';
import { quote } from '../transport/host-shell.ts';
import type { Fault, FaultSite } from './fault.ts';
import { scriptedFault, type FaultScripts } from './scripted-fault.ts';

/** By how much the clock is set: longer than any time-out of the plans' resources. */
const setByMs = 300_000;
/** How far the clock may be from where it is looked for: it is not asked at the moment at which it is set. */
const toleranceMs = 10_000;

/** By how much the clock was ahead of the uptime before it was set, in nanoseconds: from that it is put back. A boot forgets it. */
const keptLead = '/run/guest-drills-clock-lead';

/**
 * A shell function that ends with 0 on a machine that the lab itself booted, and otherwise says why its clock must not be touched.
 * Two things have to agree, neither of which knows the other: the kind of the host, as the lab remembers it, and what the machine
 * says of itself, which is no container and has the mark on its kernel's command line with which the lab boots its machines. Without the first
 * there is no word in the scripts that would set a clock.
 */
const ownMachine = ({ host }: FaultSite): string =>
  host.can.ownKernel
    ? `
own_machine() {
  [ "$(systemd-detect-virt --container)" = none ] && grep -qw ${machineMark} /proc/cmdline && return
  echo 'the host says that it is no machine that the lab booted: its clock may be somebody else’s'
  return 1
}`
    : `
own_machine() {
  echo 'the host has no kernel of its own: its clock is somebody else’s'
  return 1
}`;

/** A Python program that sets the clock: by so many nanoseconds, having kept its lead; or back by the lead that was kept. */
const setClock = `
import sys, time
real, up = time.CLOCK_REALTIME, time.CLOCK_BOOTTIME
path = sys.argv[1]
if len(sys.argv) > 2:
    with open(path, "x") as kept:
        kept.write(str(time.clock_gettime_ns(real) - time.clock_gettime_ns(up)))
    time.clock_settime_ns(real, time.clock_gettime_ns(real) + int(sys.argv[2]))
else:
    with open(path) as kept:
        lead = int(kept.read())
    time.clock_settime_ns(real, time.clock_gettime_ns(up) + lead)
`;

const onOwnMachine = (site: FaultSite, script: string): string => (site.host.can.ownKernel ? script : ':');

/** Sets \`moved\` to by how many microseconds the clock is ahead of where it would be if nobody had set it. */
const lookAtClock = `
  read -r up _ </proc/uptime
  now=\${EPOCHREALTIME/[.,]/}
  moved=$((now - 10#\${up/./} * 10000 - $(<${keptLead}) / 1000))`;

type ClockScripts = FaultScripts & Required<Pick<Fault, 'setsClockByMs'>>;

const clockSet = (name: string, description: string, byMs: number): ClockScripts => ({
  name,
  family: 'host',
  place: 'host',
  description,
  setsClockByMs: byMs,
  needs: (site) => `${ownMachine(site)}
    own_machine || exit
    command -v python3 >/dev/null || { echo 'the host has no python3'; exit 1; }`,
  inject: (site) => `${ownMachine(site)}
    target="the clock of $HOSTNAME"
    own_machine || return
    ${onOwnMachine(site, `python3 -c ${quote(setClock)} ${keptLead} ${byMs * 1_000_000} 2>&1`)}`,
  proofTimeoutMs: 10_000,
  // The moment is told by the clock as it went before: so do samples.
  proof: () => `[ -s ${keptLead} ] || return
    ${lookAtClock}
    off=$((moved - ${byMs * 1000}))
    ((\${off#-} < ${toleranceMs * 1000})) || return
    since=$((now - ${byMs * 1000}))
    printf -v proof 'it is %+d ms off the time that its uptime says' $((moved / 1000))`,
  heal: (site) => `${ownMachine(site)}
    [ -s ${keptLead} ] || { rm -f ${keptLead}; exit 0; }
    own_machine || exit
    ${onOwnMachine(site, `python3 -c ${quote(setClock)} ${keptLead}`)} && rm ${keptLead}`,
  healed: () => `[ -s ${keptLead} ] || exit 0
    ${lookAtClock}
    ((\${moved#-} < ${toleranceMs * 1000})) || { echo "the clock is $((moved / 1000)) ms off"; exit 1; }`,
});

export const hostClockScripts: readonly ClockScripts[] = [
  clockSet('host-clock-ahead', `the host’s clock is set ${setByMs / 60_000} minutes ahead`, setByMs),
  clockSet('host-clock-back', `the host’s clock is set ${setByMs / 60_000} minutes back`, -setByMs),
];

/** Faults of a clock that is the host's own. */
export const hostClockFaults: readonly Fault[] = hostClockScripts.map((scripts) => ({
  ...scriptedFault(scripts),
  setsClockByMs: scripts.setsClockByMs,
}));
