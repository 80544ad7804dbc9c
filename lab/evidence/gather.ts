import { CommandError } from '../errors.ts';
import { consoleLog } from '../guests/kvm/domain-xml.ts';
import { kindOf } from '../guests/guest-kinds.ts';
import { minutesOf } from '../observation/pacemaker-log.ts';
import type { GuestPlan, Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { lastBytes, lxcRoot, printNetwork, withoutRepeats } from './printing.ts';
import { withoutSecrets } from './secrets.ts';

/** A span of time, milliseconds since the epoch on the host's clock. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A file of evidence: what it is, and its content or why it could not be had. */
export interface EvidenceFile {
  /** Below the folder of its host or guest. */
  readonly path: string;
  readonly about: string;
  readonly content: Buffer | null;
  readonly missing: string | null;
}

interface Source {
  readonly file: string;
  readonly about: string;
  /** A script for the host. */
  readonly script: string;
  /** Prints base64. */
  readonly binary?: true;
}

/** Of what is longer the newest part is kept. */
const longestBytes = 2 * 1024 * 1024;
const gatherTimeoutMs = 20_000;

const printCib = 'timeout 10 cibadmin --query';

const capped = (command: string): string => lastBytes(command, longestBytes);
const seconds = (ms: number): string => (ms / 1_000).toFixed(3);
const journal = (span: Span, more = ''): string =>
  `journalctl --no-pager -o short-precise --utc --since=@${seconds(span.fromMs)} --until=@${seconds(span.untilMs)} ${more}`;
/** The lines of the minutes of a drill; 1 is grep's word for none. */
const pacemakerLog = (file: string, span: Span): string =>
  `{ LC_ALL=C grep -hE '^(${minutesOf(span.fromMs, span.untilMs).join('|')}):' ${file} || [ $? = 1 ]; } | ${withoutRepeats}`;
const processes = 'ps -eo pid,ppid,stat,start,time,rss,args --forest';

const hostSources = (span: Span): readonly Source[] => [
  {
    file: 'pacemaker.log',
    about: "Pacemaker's log",
    script: capped(pacemakerLog('/var/log/pacemaker/pacemaker.log', span)),
  },
  { file: 'corosync.log', about: "corosync's journal", script: capped(journal(span, '-u corosync')) },
  { file: 'libvirt.log', about: "libvirt's journal", script: capped(journal(span, '-u "libvirt*" -u "virt*"')) },
  { file: 'journal.log', about: 'the whole journal', script: capped(journal(span)) },
  {
    file: 'scheduler-inputs.tar.gz',
    about:
      "what the scheduler was given for each of the drill's transitions: unpack, and crm_simulate --simulate --xml-file FILE",
    binary: true,
    script: `cd /var/lib/pacemaker/pengine && work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
      for input in $(find . -name 'pe-*.bz2' -newermt @${Math.floor(span.fromMs / 1_000) - 1} | sort | tail -n 200); do
        bzcat "$input" | ${withoutSecrets} | bzip2 >"$work/$input"
      done
      tar -czf - -C "$work" . | base64`,
  },
  {
    file: 'cib.xml',
    about: 'the CIB when the evidence was gathered',
    script: capped(printCib),
  },
  { file: 'crm_mon.txt', about: 'the status as people see it', script: capped('timeout 15 crm_mon -1 -A -r -f -m 3') },
  {
    file: 'domains.txt',
    about: 'what libvirt runs',
    script: capped('virsh -c lxc:/// list --all; virsh -c qemu:///system list --all; virsh net-list --all'),
  },
  { file: 'nft.txt', about: 'the packet filter', script: capped('nft list ruleset') },
  {
    file: 'network.txt',
    about: 'addresses, routes, neighbours, queues, and what the bridge has learned',
    script: capped(printNetwork),
  },
  { file: 'processes.txt', about: 'the processes, those of LXC guests included', script: capped(processes) },
  {
    file: 'leases.txt',
    about: 'faults in effect that the host would undo',
    script: capped('ls -l /var/lib/guest-drills/leases 2>/dev/null || true'),
  },
];

const guestSources = (guest: GuestPlan, span: Span): readonly Source[] => {
  const kind = kindOf(guest);
  const inside = (command: string): string => kind.enter(guest.name, capped(command));
  const log = '/var/log/pacemaker/pacemaker.log';
  const lxc: readonly Source[] = [
    {
      file: 'pacemaker.log',
      about: "pacemaker_remoted's log",
      script: `${lxcRoot(guest.name)}
        ${capped(pacemakerLog(`"$root${log}"`, span))}`,
    },
    {
      file: 'libvirt.log',
      about: "libvirt's log of the domain, its console included",
      script: capped(`cat /var/log/libvirt/lxc/${guest.name}.log`),
    },
  ];
  const kvm: readonly Source[] = [
    { file: 'pacemaker.log', about: "pacemaker_remoted's log", script: inside(pacemakerLog(log, span)) },
    {
      file: 'libvirt.log',
      about: "libvirt's log of the domain",
      script: capped(`cat /var/log/libvirt/qemu/${guest.name}.log`),
    },
    { file: 'console.log', about: "the machine's console", script: capped(`cat ${consoleLog(guest.name)}`) },
  ];
  return [
    ...(guest.kind === 'lxc' ? lxc : kvm),
    {
      file: 'domain.xml',
      about: 'the XML that the cluster starts it from',
      script: capped(`cat ${kind.configPath(guest)}`),
    },
    { file: 'journal.log', about: 'the journal inside', script: inside(journal(span)) },
    { file: 'nft.txt', about: 'the packet filter inside', script: inside('nft list ruleset') },
    { file: 'network.txt', about: 'addresses, routes, neighbours and queues inside', script: inside(printNetwork) },
    { file: 'processes.txt', about: 'the processes inside', script: inside(processes) },
  ];
};

/** Returns the CIB as it is now, without what is named like a secret. Throws a CommandError where nobody can be asked. */
export const readCib = async (shell: HostShell): Promise<string> =>
  (await shell.run(`set -o pipefail; ${printCib} | ${withoutSecrets}`)).stdout;

/**
 * Gathers what hosts and guests can say of a span of time. What can't be had is noted, and stops nothing. No keys are
 * among it, and values that are named like a secret are taken out. Throws a TransportError if the way to the host breaks.
 */
export const gatherEvidence = async (shell: HostShell, plan: Plan, span: Span): Promise<readonly EvidenceFile[]> => {
  const from = async (place: string, sources: readonly Source[]): Promise<EvidenceFile[]> => {
    const files: EvidenceFile[] = [];
    // One after another: a machine in trouble is not asked for everything at once.
    for (const { file, about, script, binary } of sources) {
      const path = `${place}/${file}`;
      try {
        const { stdout } = await shell.run(script, { timeoutMs: gatherTimeoutMs });
        files.push({ path, about, content: Buffer.from(stdout, binary ? 'base64' : 'utf8'), missing: null });
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        files.push({ path, about, content: null, missing: error.message.split('\n')[0] ?? '' });
      }
    }
    return files;
  };
  const parts = [
    from(shell.hostName, hostSources(span)),
    ...plan.guests.map((guest) => from(guest.name, guestSources(guest, span))),
  ];
  return (await Promise.all(parts)).flat();
};
