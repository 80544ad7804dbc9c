import { kindOf } from '../guests/guest-kinds.ts';
import { consoleLog } from '../guests/kvm/domain-xml.ts';
import { lxcProcessFunctions } from '../guests/lxc/processes.ts';
import type { FaultSite } from './fault.ts';
import { processFunctions } from './processes.ts';
import { scriptedFault, type FaultScripts } from './scripted-fault.ts';

const configOf = ({ guest }: FaultSite): string => kindOf(guest).configPath(guest);
const virsh = ({ guest }: FaultSite): string => `virsh -c ${kindOf(guest).hypervisor}`;
const domainName = ({ guest }: FaultSite): string => `the domain ${guest.name}`;

/** Chooses the process that is the domain (libvirt_lxc, qemu) as the one to watch. */
const watchDomain = (site: FaultSite): string => `
${processFunctions}${lxcProcessFunctions}
watch_process "$(cat ${kindOf(site.guest).processIdPath(site.guest)} 2>/dev/null)" '${domainName(site)}' || return
target="${domainName(site)} (process $process)"`;

/** libvirt answers only when all is over, which can be seconds after the beginning. */
const destroy = (site: FaultSite): string => `${virsh(site)} destroy ${site.guest.name} >/dev/null 2>&1 &`;

const processIsGone = `
is_gone && proof="process $process is gone"`;

/**
 * Holds as soon as the guest's own system is going down or has been reset, which is before its domain ends, if that does:
 * systemd in the container says that it stops; in the machine nobody holds the agent's end of its serial channel any more.
 */
const systemIsGoingDown = (site: FaultSite): string =>
  site.guest.kind === 'lxc'
    ? `
state=$(enter ${site.guest.name} systemctl is-system-running)
if [ "$state" = stopping ]; then proof='systemd in the container says that it stops'; else ${processIsGone.trim()}; fi`
    : `
state=$(${virsh(site)} dumpxml ${site.guest.name} | sed -n "s/.*org.qemu.guest_agent.0' state='\\([a-z]*\\)'.*/\\1/p")
if [ "$state" = disconnected ]; then proof='the guest agent has left its channel'; else ${processIsGone.trim()}; fi`;

type DomainFault = Omit<FaultScripts, 'family' | 'place'>;
const onHost = (fault: DomainFault): FaultScripts => ({ family: 'domain', place: 'host', ...fault });

/** What somebody does to the running domain with virsh; it is the cluster's task to bring it back. */
const byVirsh = (
  name: string,
  description: string,
  command: (site: FaultSite) => string,
  more: Pick<FaultScripts, 'proof'> & Partial<FaultScripts>,
): FaultScripts =>
  onHost({
    name,
    description,
    inject: (site) => `${watchDomain(site)}
      ${command(site)}`,
    ...more,
  });

/** Without SYS_BOOT a container's reboot(2) is refused: its init leaves instead, and nothing boots again. */
const needsReboot = ({ guest }: FaultSite): string =>
  guest.kind === 'kvm'
    ? ':'
    : `
bounding=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/1/status)
((16#$bounding >> 22 & 1)) || { echo 'a container can not boot again where its host lacks SYS_BOOT'; exit 1; }`;

/** libvirt asks a container's init by a pipe that systemd has no more since its release 258; what it tries next, SIGTERM, has systemd start anew. */
const needsInitctl = ({ guest }: FaultSite): string =>
  guest.kind === 'kvm'
    ? ':'
    : `
${lxcProcessFunctions}
(enter ${guest.name} test -p /dev/initctl) ||
  { echo "libvirt can not ask the container's init to shut down: it has no /dev/initctl (systemd, from 258 on)"; exit 1; }`;

/** What the guest's own systemd is asked for, from inside. */
const fromInside = (
  name: string,
  description: string,
  verb: 'poweroff' | 'reboot',
  needs: Pick<FaultScripts, 'needs'> = {},
): FaultScripts => ({
  ...needs,
  name,
  family: 'domain',
  description,
  place: 'guest',
  inject: ({ guest }) => `
    target='the system in ${guest.name}'
    systemctl --no-block ${verb} 2>&1`,
  proof: () => `[ "$(systemctl is-system-running)" = stopping ] && proof='its systemd says that it stops'`,
});

/** Processes of the host that are a domain of the guest, also one that libvirt does not know any more. */
const domainProcesses = ({ guest }: FaultSite): string => `
domain_processes() {
  local pid
  for pid in $(pgrep --ns $$ --nslist pid '^(libvirt_lxc|qemu-system)'); do
    case " $(tr '\\0' ' ' <"/proc/$pid/cmdline")" in
      *' --name ${guest.name} '* | *' -name guest=${guest.name},'*) echo "$pid" ;;
    esac
  done
}`;

/** A domain's XML is kept beside it while a fault has it away or changed. */
const putConfigBack = (site: FaultSite): string =>
  `[ ! -e ${configOf(site)}.kept ] || mv -f ${configOf(site)}.kept ${configOf(site)}`;
const configIsBack = (site: FaultSite): string => `
  [ ! -e ${configOf(site)}.kept ] || { echo '${configOf(site)}.kept is still there'; exit 1; }
  [ -e ${configOf(site)} ] || { echo '${configOf(site)} is missing'; exit 1; }`;

/** Destroys the domain once its XML is such that it can't be started from it. */
const unableToComeBack = (
  name: string,
  description: string,
  spoil: (site: FaultSite) => string,
  spoilt: (site: FaultSite) => string,
  spoiltInWords: string,
): FaultScripts =>
  onHost({
    name,
    description,
    inject: (site) => `${watchDomain(site)}
      [ ! -e ${configOf(site)}.kept ] || { echo '${configOf(site)}.kept is there already'; return 1; }
      ${spoil(site)} || return
      ${destroy(site)}`,
    proof: (site) => `is_gone && ${spoilt(site)} && proof="process $process is gone, and ${spoiltInWords}"`,
    heal: putConfigBack,
    healed: configIsBack,
  });

/** Waits until VirtualDomain's monitor of the guest has just looked, so that the next one is an interval away. */
const rightAfterItsMonitor = ({ guest }: FaultSite): string => `
monitor_runs() {
  local pid
  for pid in $(pgrep --ns $$ --nslist pid -f '/VirtualDomain monitor$'); do
    tr '\\0' '\\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx 'OCF_RESOURCE_INSTANCE=${guest.resource}' && return 0
  done
  return 1
}
for _ in {1..400}; do monitor_runs && break; sleep 0.05; done
monitor_runs || { echo 'VirtualDomain did not look at ${guest.name} within 20 s'; return 1; }
while monitor_runs; do sleep 0.05; done`;

const missingNetwork = 'no-such-network';
const twinOf = ({ guest }: FaultSite): string => `${guest.name}-twin`;
/** Prints the bridge's entries that no frame moves to another port, and fails if there is none. */
const stickyEntries = ({ plan }: FaultSite): string => `bridge fdb show br ${plan.network.bridge} | grep sticky`;
/** The process of a machine whose kernel has panicked, and its start time. */
const panicked = ({ guest }: FaultSite): string => `/run/guest-drills-panicked-${guest.name}`;

/** Faults of the domain that is the guest. */
export const domainScripts: readonly FaultScripts[] = [
  byVirsh('domain-destroyed', 'virsh destroy of the guest’s domain, behind the cluster’s back', destroy, {
    proof: () => processIsGone,
  }),
  byVirsh(
    'domain-shut-down',
    'virsh shutdown of the guest’s domain: it leaves in order, behind the cluster’s back',
    (site) => `${virsh(site)} shutdown ${site.guest.name} 2>&1`,
    { needs: needsInitctl, proof: systemIsGoingDown, proofTimeoutMs: 20_000 },
  ),
  byVirsh(
    'domain-rebooted',
    'virsh reboot of the guest’s domain: its system leaves in order and boots again',
    (site) => `${virsh(site)} reboot ${site.guest.name} 2>&1`,
    { needs: needsReboot, proof: systemIsGoingDown, proofTimeoutMs: 20_000 },
  ),
  byVirsh(
    'domain-reset',
    'virsh reset of the machine, as with its reset button',
    (site) => `${virsh(site)} reset ${site.guest.name} 2>&1`,
    { proof: systemIsGoingDown, kinds: ['kvm'] },
  ),
  byVirsh(
    'domain-restarted-by-hand',
    'virsh destroy of the guest’s domain and virsh create, before the cluster’s monitor looks',
    (site) => `${rightAfterItsMonitor(site)}
      { ${virsh(site)} destroy ${site.guest.name} && ${virsh(site)} create ${configOf(site)}; } >/dev/null 2>&1 &`,
    {
      proof: ({ guest }) => `
        is_gone || return
        since=\${since:-$(now_us)}
        another=$(cat ${kindOf(guest).processIdPath(guest)}) && [ "$(start_of "$another")" ] &&
          proof="process $process is gone, and process $another is the domain now"`,
      proofTimeoutMs: 10_000,
    },
  ),
  byVirsh(
    'domain-suspended',
    'virsh suspend of the guest’s domain: it stands still, and libvirt knows',
    (site) => `${virsh(site)} suspend ${site.guest.name} 2>&1`,
    {
      proof: (site) =>
        `[ "$(${virsh(site)} domstate ${site.guest.name})" = paused ] && proof='libvirt says that it is paused'`,
      heal: (site) => `
        [ "$(${virsh(site)} domstate ${site.guest.name} 2>/dev/null)" != paused ] || ${virsh(site)} resume ${site.guest.name}`,
      healed: (site) => `
        [ "$(${virsh(site)} domstate ${site.guest.name} 2>/dev/null)" != paused ] || { echo 'it is still paused'; exit 1; }`,
    },
  ),
  onHost({
    name: 'domain-process-killed',
    description: 'kill -9 of the process that is the guest’s domain: qemu, or libvirt_lxc',
    inject: (site) => `${watchDomain(site)}
      kill -KILL "$process" 2>&1`,
    proof: () => processIsGone,
  }),
  onHost({
    name: 'domain-process-frozen',
    description:
      'SIGSTOP for the process that is the guest’s domain: qemu stands still, a container behind libvirt_lxc runs on',
    inject: (site) => `${watchDomain(site)}
      kill -STOP "$process" 2>&1`,
    proof: () => `is_stopped && proof="process $process is stopped"`,
    heal: (site) => `${domainProcesses(site)}
      for process in $(domain_processes); do kill -CONT "$process" || true; done`,
    healed: (site) => `${domainProcesses(site)}${processFunctions}
      for process in $(domain_processes); do ! stopped "$process" || { echo "process $process is stopped"; exit 1; }; done`,
  }),
  onHost({
    name: 'guest-init-killed',
    description: 'kill -9 of the container’s init: its power cut',
    kinds: ['lxc'],
    inject: ({ guest }) => `${processFunctions}${lxcProcessFunctions}
      watch_process "$(init_of ${guest.name})" 'the init of ${guest.name}' || return
      target="the init of ${guest.name} (process $process)"
      kill -KILL "$process" 2>&1`,
    proof: () => processIsGone,
  }),
  fromInside('guest-powered-off', 'systemctl poweroff inside the guest', 'poweroff'),
  fromInside('guest-rebooted', 'systemctl reboot inside the guest', 'reboot', { needs: needsReboot }),
  onHost({
    name: 'guest-kernel-panicked',
    description: 'the guest’s kernel panics; its machine stays, and does nothing any more',
    kinds: ['kvm'],
    inject: (site) => `${watchDomain(site)}
      echo "$process $start" >${panicked(site)}
      said=$(stat -c %s ${consoleLog(site.guest.name)})
      ${virsh(site)} qemu-agent-command ${site.guest.name} '${JSON.stringify({
        execute: 'guest-exec',
        arguments: { path: '/bin/sh', arg: ['-c', 'echo c >/proc/sysrq-trigger'] },
      })}' 2>&1`,
    proof: ({ guest }) => `
      panic=$(tail -c +$((said + 1)) ${consoleLog(guest.name)} | grep -a -o -m1 'Kernel panic[^|]*' | tr -d '\\r')
      [ "$panic" ] && proof="its console says: $panic"`,
    proofTimeoutMs: 10_000,
    // Its reset button, in case that the cluster has not noticed yet.
    heal: (site) => `${processFunctions}
      if read -r process start 2>/dev/null <${panicked(site)}; then
        is_gone || ${virsh(site)} destroy ${site.guest.name}
        rm -f ${panicked(site)}
      fi`,
    healed: (site) => `[ ! -e ${panicked(site)} ]`,
  }),
  onHost({
    name: 'domain-started-twice',
    description:
      'a second domain with the guest’s root, address and key is started behind the cluster’s back; what is sent to the address goes on to the first',
    // QEMU locks a machine's disk.
    kinds: ['lxc'],
    // Both have the same hardware address, and a bridge delivers to the one that spoke last: without an entry that stays, the
    // connection would break or not as chance has it.
    inject: (site) => `${processFunctions}${lxcProcessFunctions}
      domain=$(${virsh(site)} dumpxml ${site.guest.name})
      bridge fdb replace "$(sed -n "s/.*<mac address='\\(.*\\)'.*/\\1/p" <<<"$domain")" \
        dev "$(sed -n "s/.*<target dev='\\(vnet.*\\)'.*/\\1/p" <<<"$domain")" master static sticky 2>&1 || return
      sed 's|<name>${site.guest.name}</name>|<name>${twinOf(site)}</name>|' ${configOf(site)} | ${virsh(site)} create /dev/stdin 2>&1 || return
      target='the domain ${twinOf(site)}, which claims to be ${site.guest.name}'`,
    proof: (site) => `
      init=$(init_of ${twinOf(site)}) && daemon=$(daemon_of "$init") &&
        proof="it has a pacemaker_remoted of its own (process $daemon)"`,
    proofTimeoutMs: 15_000,
    heal: (site) => `
      ! ${virsh(site)} domstate ${twinOf(site)} >/dev/null 2>&1 || ${virsh(site)} destroy ${twinOf(site)} || exit
      ${stickyEntries(site)} | while read -r mac _ port _; do bridge fdb del "$mac" dev "$port" master; done`,
    healed: (site) => `
      ! ${stickyEntries(site)} || exit 1
      ! ${virsh(site)} domstate ${twinOf(site)} >/dev/null 2>&1 || { echo 'the domain ${twinOf(site)} is still there'; exit 1; }`,
  }),
  onHost({
    name: 'domain-config-removed',
    description: 'the domain’s XML is removed while the domain runs',
    inject: (site) => `
      target='${configOf(site)}'
      [ ! -e ${configOf(site)}.kept ] || { echo '${configOf(site)}.kept is there already'; return 1; }
      mv ${configOf(site)} ${configOf(site)}.kept 2>&1`,
    proof: (site) => `[ ! -e ${configOf(site)} ] && proof='the file is gone'`,
    heal: putConfigBack,
    healed: configIsBack,
  }),
  unableToComeBack(
    'domain-lost',
    'the domain’s XML is removed and the domain destroyed: the guest can’t come back',
    (site) => `mv ${configOf(site)} ${configOf(site)}.kept`,
    (site) => `[ ! -e ${configOf(site)} ]`,
    'its XML too',
  ),
  unableToComeBack(
    'domain-unable-to-start',
    'the domain’s XML asks for a network that is not there, and the domain is destroyed: it fails to start',
    (site) => `
      cp -p ${configOf(site)} ${configOf(site)}.kept &&
        sed -i "s|<source network='[^']*'|<source network='${missingNetwork}'|" ${configOf(site)}`,
    (site) => `grep -q "network='${missingNetwork}'" ${configOf(site)}`,
    `its XML asks for the network ${missingNetwork}`,
  ),
];

export const domainFaults = domainScripts.map(scriptedFault);
