/** A port as it is written in a firewall's rules: `3121/tcp`. */
export type Port = `${number}/${'tcp' | 'udp'}`;

/** What the walk-throughs open for clustering: pcsd, pacemaker_remote and dlm; corosync. */
export const clusteringPorts = ['2224/tcp', '3121/tcp', '21064/tcp', '5405/udp'] as const satisfies readonly Port[];

/** How long a port may be silent before it counts as closed by a firewall: an emulated guest takes a second to ask. */
const silenceSeconds = 5;

/**
 * A bash script that tries each port at an address and prints those that a firewall lets through, one a line: something
 * accepts the connection, or the kernel refuses it because nothing listens. A closed port is silent. A UDP port that
 * something listens on is silent too and can't be told from a closed one.
 */
export const knockScript = (address: string, ports: readonly Port[]): string =>
  [
    `tcp() {
      local said
      said=$(timeout ${silenceSeconds} bash -c "exec 3<>/dev/tcp/${address}/$1" 2>&1) || [[ $said == *refused* ]]
    }
    udp() {
      local said
      said=$(timeout ${silenceSeconds} bash -c "exec 3<>/dev/udp/${address}/$1; echo >&3; sleep 0.3; echo >&3" 2>&1)
      [[ $said == *refused* ]]
    }`,
    ...ports.map((port) => {
      const [number, protocol] = port.split('/');
      return `{ if ${protocol} ${number}; then echo ${port}; fi; } &`;
    }),
    'wait',
  ].join('\n');
