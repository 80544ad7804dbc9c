import { kindOf } from '../guests/guest-kinds.ts';
import type { GuestPlan } from '../plan.ts';
import { quote } from '../transport/host-shell.ts';
import type { Fault, FaultSite } from './fault.ts';
import { healTrySeconds, scriptedFault, tried, type FaultScripts } from './scripted-fault.ts';

/** The port on which pacemaker_remote listens. */
const port = 3121;

type Script = (site: FaultSite) => string;

/** What a packet filter in the host makes of the packets between it and a guest's port, and what else belongs to the fault. */
interface Filter extends Pick<FaultScripts, 'name' | 'description' | 'proofTimeoutMs'> {
  /** The packets of the port, or only those of the connection that the cluster has when the fault is injected. */
  readonly of: 'port' | 'connection';
  /** Ends of nft rules, for packets that leave the host for the port, and for those that come back from it. */
  readonly outwards?: string;
  readonly inwards?: string;
  /** More for the filter's table: sets, counters, chains. */
  readonly more?: Script;
  /** What it needs beside the packet filter, set up before that. Ends with another status if it can't be had, and says why. */
  readonly first?: Script;
  /** What makes packets for the proof; a stranger's call of the port if not given. */
  readonly traffic?: Script;
  /** Ends with 0 if the fault has taken effect, having set `proof`; that a rule has met a packet, if not given. */
  readonly proof?: Script;
  /** See FaultScripts, for all but the packet filter. */
  readonly needs?: Script;
  readonly heal?: Script;
  readonly healed?: Script;
}

/** What a rule does with a packet that it meets, and counts. */
const drop = 'counter name hits drop';
// Only of use outwards: inwards the guest would be told, and the host would go on with half a connection.
const reset = 'counter name hits reject with tcp reset';

const tableOf = (faultName: string, { guest }: FaultSite): string => `inet drill-${faultName}-${guest.name}`;
/** A transient unit on the host that belongs to a fault in a guest. */
const unitOf = (faultName: string, { guest }: FaultSite): string => `drill-${faultName}-${guest.name}`;

/** The table; for rules of one connection, with its port on the host as $connection. */
const table = ({ name, of, outwards, inwards, more }: Filter, site: FaultSite): string => {
  const rule = (direction: 'd' | 's', end: string | undefined): string => {
    if (end === undefined) return '';
    const here = of === 'port' ? '' : `tcp ${direction === 'd' ? 's' : 'd'}port $connection`;
    return `ip ${direction}addr ${site.guest.address} tcp ${direction}port ${port} ${here} ${end}`;
  };
  return `table ${tableOf(name, site)} {
  counter hits { }
  ${more?.(site) ?? ''}
  chain outwards {
    type filter hook output priority -10;
    ${rule('d', outwards)}
  }
  chain inwards {
    type filter hook input priority -10;
    ${rule('s', inwards)}
  }
}`;
};

const findConnection: Script = ({ guest }) => `
    connection=$(ss -Hnt state established dst ${guest.address} dport = ${port} | awk '{ sub(/.*:/, "", $3); print $3; exit }')
    [ "$connection" ] || { echo 'the host has no connection to port ${port} of ${guest.name}'; return 1; }`;

/** A stranger's call of the port, given up after a second. */
const knock: Script = ({ guest }) =>
  `(timeout 1 bash -c 'exec 3<>/dev/tcp/${guest.address}/${port} && printf x >&3 && cat <&3') >/dev/null 2>&1`;

/** A client in the guest asks the cluster, over the cluster's own connection. */
const talk: Script = ({ guest }) =>
  `(${kindOf(guest).ifItRuns(guest, 'timeout 2 cibadmin --query >/dev/null 2>&1')}) >/dev/null 2>&1`;

const packets = (faultName: string, site: FaultSite, counter: string): string =>
  `$(nft list counter ${tableOf(faultName, site)} ${counter} | sed -n 's/.*packets \\([0-9]*\\) .*/\\1/p')`;

const filtered = (filter: Filter): FaultScripts => {
  const { name } = filter;
  return {
    name,
    family: 'port-3121',
    description: filter.description,
    place: 'host',
    ...(filter.proofTimeoutMs !== undefined && { proofTimeoutMs: filter.proofTimeoutMs }),
    needs: (site) => `
    connection=1
    nft --check --file - >/dev/null 2>&1 <<END || { echo "the kernel's packet filter can't do it"; exit 1; }
${table(filter, site)}
END
    ${filter.needs?.(site) ?? ''}`,
    inject: (site) => `
    target='port ${port} of ${site.guest.name} (${site.guest.address})'
    ${filter.of === 'connection' ? findConnection(site) : ''}
    ${filter.first?.(site) ?? ''}
    nft --file - 2>&1 <<END || return
${table(filter, site)}
END
    ${(filter.traffic ?? knock)(site)} &`,
    proof:
      filter.proof ??
      ((site) => `
    packets=${packets(name, site, 'hits')}
    [ "\${packets:-0}" -gt 0 ] && proof="the rule has met $packets packets"`),
    heal: (site) => `
    ${filter.heal?.(site) ?? ''}
    nft delete table ${tableOf(name, site)} 2>/dev/null || ! nft list table ${tableOf(name, site)} >/dev/null 2>&1`,
    healed: (site) => `
    ! nft list table ${tableOf(name, site)} 2>/dev/null || exit 1
    ${filter.healed?.(site) ?? ''}`,
  };
};

/** The three ways to drop packets: those to the guest, those from it, both. */
const dropped = (name: string, whose: string, ends: Pick<Filter, 'outwards' | 'inwards'>): Filter => ({
  name,
  description: `packets ${whose} are dropped`,
  of: 'port',
  ...ends,
});

/** Of how many packets a lossy way loses one, in percent of them. */
const lostPercent = 30;
const lose = `numgen random mod 100 < ${lostPercent} ${drop}`;

/** From how many bytes on a packet is a large one. A heartbeat is smaller, and the answer to a query is not. */
const largeBytes = 576;

const flapSeconds = 4;
const flapping: Filter = {
  name: 'port-3121-flapping',
  description: `packets between the host and port 3121 of the guest are dropped for ${flapSeconds} s, pass for ${flapSeconds} s, and so on`,
  of: 'port',
  outwards: `ip daddr @closed ${drop}`,
  inwards: `ip saddr @closed ${drop}`,
  more: ({ guest }) => `
  set closed { type ipv4_addr; elements = { ${guest.address} }; }
  counter passed { }
  chain passing {
    type filter hook output priority -5;
    ip daddr ${guest.address} tcp dport ${port} counter name passed
  }`,
  first: (site) => {
    const element = `element ${tableOf('port-3121-flapping', site)} closed { ${site.guest.address} }`;
    const worker = `while sleep ${flapSeconds} && nft delete ${element} && sleep ${flapSeconds}; do nft add ${element}; done`;
    return `systemd-run --quiet --collect --unit=${unitOf('flapping', site)} /bin/bash -c ${quote(worker)} 2>&1 || return`;
  },
  proof: (site) => `
    ${knock(site)}
    packets=${packets('port-3121-flapping', site, 'hits')} passed=${packets('port-3121-flapping', site, 'passed')}
    [ "\${packets:-0}" -gt 0 ] && [ "\${passed:-0}" -gt 0 ] && systemctl is-active --quiet ${unitOf('flapping', site)} &&
      proof="the rule has met $packets packets, and $passed have passed since"`,
  proofTimeoutMs: 4 * flapSeconds * 1_000,
  heal: (site) =>
    `systemctl stop ${unitOf('flapping', site)} 2>/dev/null || ! systemctl is-active --quiet ${unitOf('flapping', site)}`,
  healed: (site) => `! systemctl is-active ${unitOf('flapping', site)}`,
};

/** Where a stranger listens on the host, on whose port the calls of the guest's arrive. */
const strangersPort = 3129;

/** systemd listens for a service that takes the socket over and never looks at it: the kernel completes every connection. */
const tarpit: Filter = {
  name: 'port-3121-tarpit',
  description:
    "the cluster's connection is reset, and a stranger who says nothing accepts the next ones in place of the guest",
  of: 'connection',
  outwards: reset,
  more: ({ guest }) => `
  chain elsewhere {
    type nat hook output priority -100;
    ip daddr ${guest.address} tcp dport ${port} redirect to :${strangersPort}
  }`,
  first: (site) =>
    `systemd-run --quiet --collect --unit=${unitOf('tarpit', site)} --socket-property=ListenStream=127.0.0.1:${strangersPort} sleep infinity 2>&1 || return`,
  traffic: (site) => `{ ${knock(site)} & ${talk(site)} & }`,
  proof: (site) => `
    packets=${packets('port-3121-tarpit', site, 'hits')}
    [ "\${packets:-0}" -gt 0 ] && [ "$(ss -Hnt state established src 127.0.0.1 sport = ${strangersPort})" ] &&
      proof="the rule has met $packets packets of the connection, and the stranger has accepted another one"`,
  heal: (site) => `
    for unit in ${unitOf('tarpit', site)}.socket ${unitOf('tarpit', site)}.service; do
      systemctl stop $unit 2>/dev/null || ! systemctl is-active --quiet $unit
    done`,
  healed: (site) => `! systemctl is-active ${unitOf('tarpit', site)}.socket ${unitOf('tarpit', site)}.service`,
};

const authkey = '/etc/pacemaker/authkey';
/** Begins a wrong key and is all that is wrong with it: so it can be put right without knowing the right one. */
const wrongKeyMark = 'not the key of the cluster:';
const isWrong = `head -c ${wrongKeyMark.length} ${authkey} | grep -q '^${wrongKeyMark}'`;

/** A daemon that began with the wrong key keeps it: it is killed, and systemd starts another one. */
const putRightInside = (guest: GuestPlan): string =>
  tried(
    kindOf(guest).ifItRuns(
      guest,
      `${isWrong} || exit 0
      wrong_since=$(stat -c %Y ${authkey}) key=$(mktemp)
      tail -c +${wrongKeyMark.length + 1} ${authkey} >$key && cat $key >${authkey} && rm $key || exit
      for daemon in $(pidof pacemaker-remoted); do
        (($(date +%s) - $(ps -o etimes= -p $daemon) < wrong_since)) || kill -KILL $daemon
      done`,
    ),
    healTrySeconds,
  );

const wrongAuthkey: Filter = {
  name: 'port-3121-wrong-authkey',
  description: "the guest has another authkey than the cluster, and the cluster's connection is reset",
  of: 'connection',
  outwards: reset,
  traffic: talk,
  first: ({ guest }) => `
    (umask 077 && { printf %s '${wrongKeyMark}' && cat ${authkey}; } >/run/drill-wrong-authkey-${guest.name})
    { ${kindOf(guest).giveAuthkeyScript(guest, `/run/drill-wrong-authkey-${guest.name}`)}; } || return
    rm /run/drill-wrong-authkey-${guest.name}
    (${kindOf(guest).ifItRuns(
      guest,
      // Written over, not replaced: owner, group and mode stay.
      `${isWrong} || { key=$(mktemp) && cat ${authkey} >$key && { printf %s '${wrongKeyMark}' && cat $key; } >${authkey} && rm $key; }
      ${isWrong}`,
    )}) || { echo 'the guest still has the right key'; return 1; }`,
  // A KVM guest that booted in between has the wrong key from its seed once more.
  heal: ({ guest }) => `
    rm -f /run/drill-wrong-authkey-${guest.name}
    ${putRightInside(guest)}
    ${kindOf(guest).giveAuthkeyScript(guest)}
    ${putRightInside(guest)}`,
  healed: ({ guest }) => `(${kindOf(guest).ifItRuns(guest, `! ${isWrong}`)})`,
};

/** The queue of the host's side of the bridge, through which a guest's port gets its packets late. 0x3121 is its number. */
const slowQueue = '3121:';
const slowClass = `${slowQueue}1`;
/** Slow enough that a message of the cluster's takes seconds. */
const slowBitsPerSecond = 4_000;
const delaySeconds = 2;

const queueNeeds =
  (kind: string, command: string): Script =>
  () =>
    `unshare --net bash -c ${quote(command)} >/dev/null 2>&1 || { echo 'the kernel has no ${kind}'; exit 1; }`;

const queued = (name: string, description: string, rate: string, needs: Script, leaf: Script): Filter => ({
  name,
  description,
  of: 'port',
  outwards: `meta priority set ${slowClass} counter name hits`,
  needs,
  first: (site) => `
    tc qdisc add dev ${site.plan.network.bridge} root handle ${slowQueue} htb 2>&1 || return
    tc class add dev ${site.plan.network.bridge} parent ${slowQueue} classid ${slowClass} htb rate ${rate} quantum 1500 2>&1 || return
    ${leaf(site)}`,
  traffic: (site) => `{ ${knock(site)} & ${knock(site)} & ${knock(site)} & }`,
  // A packet that waits, or had to.
  proof: ({ plan }) => `
    waiting=$(tc -s class show dev ${plan.network.bridge} | sed -n 's/.*backlog [^ ]* \\([0-9]*\\)p .*/\\1/p')
    [ "\${waiting:-0}" -gt 0 ] && proof="$waiting packets wait in the queue"`,
  heal: ({ plan }) =>
    `tc qdisc del dev ${plan.network.bridge} root handle ${slowQueue} 2>/dev/null || ! tc qdisc show dev ${plan.network.bridge} | grep -q 'htb ${slowQueue}'`,
  healed: ({ plan }) => `! tc qdisc show dev ${plan.network.bridge} | grep 'htb ${slowQueue}'`,
});

const htb = 'ip link set lo up; tc qdisc add dev lo root handle 1: htb';

/** Faults of the way between the host and port 3121 of a guest. */
export const port3121Faults: readonly Fault[] = [
  dropped('port-3121-dropped', 'between the host and port 3121 of the guest', {
    outwards: drop,
    inwards: drop,
  }),
  dropped('port-3121-dropped-to-guest', 'from the host to port 3121 of the guest', { outwards: drop }),
  dropped('port-3121-dropped-to-host', 'from port 3121 of the guest to the host', { inwards: drop }),
  {
    name: 'port-3121-rejected',
    description: 'packets from the host to port 3121 of the guest are answered with a TCP reset',
    of: 'port',
    outwards: reset,
    traffic: talk,
  } as const,
  {
    name: 'port-3121-connection-dropped',
    description: "packets of the cluster's connection to port 3121 are dropped, both ways; new connections work",
    of: 'connection',
    outwards: drop,
    inwards: drop,
    traffic: talk,
  } as const,
  {
    name: 'port-3121-connection-reset',
    description: "the cluster's connection to port 3121 is answered with a TCP reset; new connections work",
    of: 'connection',
    outwards: reset,
    traffic: talk,
  } as const,
  {
    name: 'port-3121-new-dropped',
    description: 'new connections to port 3121 of the guest get no answer; the one that the cluster has works',
    of: 'port',
    outwards: `tcp flags & (syn | ack) == syn ${drop}`,
  } as const,
  {
    name: 'port-3121-new-rejected',
    description: 'new connections to port 3121 of the guest are refused; the one that the cluster has works',
    of: 'port',
    outwards: `tcp flags & (syn | ack) == syn ${reset}`,
  } as const,
  {
    name: 'port-3121-lossy',
    description: `${lostPercent} % of the packets between the host and port 3121 of the guest get lost, both ways`,
    of: 'port',
    outwards: lose,
    inwards: lose,
    traffic: (site: FaultSite) => `{ ${Array.from({ length: 5 }, () => `${knock(site)} &`).join(' ')} }`,
    proofTimeoutMs: 5_000,
  } as const,
  {
    name: 'port-3121-large-dropped',
    description: `packets of more than ${largeBytes} bytes between the host and port 3121 of the guest are dropped, as by a way with a smaller MTU`,
    of: 'port',
    outwards: `meta length > ${largeBytes} ${drop}`,
    inwards: `meta length > ${largeBytes} ${drop}`,
    traffic: talk,
  } as const,
  flapping,
  tarpit,
  wrongAuthkey,
  queued(
    'port-3121-slow',
    `port 3121 of the guest gets no more than ${slowBitsPerSecond} bit/s from the host`,
    `${slowBitsPerSecond}bit burst 100 cburst 100`,
    queueNeeds('htb (a rate limit for packets)', htb),
    () => '',
  ),
  queued(
    'port-3121-delayed',
    `packets from the host to port 3121 of the guest arrive ${delaySeconds} s late`,
    '1gbit',
    queueNeeds(
      'netem (a delay for packets)',
      `${htb} && tc class add dev lo parent 1: classid 1:1 htb rate 1gbit && tc qdisc add dev lo parent 1:1 netem delay 1ms`,
    ),
    ({ plan }) =>
      `tc qdisc add dev ${plan.network.bridge} parent ${slowClass} netem delay ${delaySeconds}s 2>&1 || return`,
  ),
]
  .map(filtered)
  .map(scriptedFault);
