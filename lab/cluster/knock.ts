/** A port as it is written in a firewall's rules: `3121/tcp`. */
export type Port = `${number}/${'tcp' | 'udp'}`;

/** What the walk-throughs open for clustering: pcsd, pacemaker_remote and dlm; corosync. */
export const clusteringPorts = ['2224/tcp', '3121/tcp', '21064/tcp', '5405/udp'] as const satisfies readonly Port[];

/** How long a port may be silent before it counts as closed by a firewall: an emulated guest takes a second to ask. */
const silenceSeconds = 5;

/**
 * A bash script that tries each port at an address and prints those that a firewall lets through, one a line: something
 * accepts the connection, or the kernel refuses it because nothing listens. A closed port is silent. A UDP port that
 * something listens on is silent too and can't be told from a closed one. It starts no program for a port: where processors
 * are emulated and busy, ten of them take longer to start than a port may be silent.
 */
export const knockScript = (address: string, ports: readonly Port[]): string =>
  [
    `said=$(mktemp -d) || exit
    declare -A knocking
    tcp() { exec 3<>"/dev/tcp/${address}/$1"; }
    udp() { exec 3<>"/dev/udp/${address}/$1" && echo >&3 && read -r -t 1 -u 3; }`,
    ...ports.map((port) => {
      const [number, protocol] = port.split('/');
      return `${protocol} ${number} 2>"$said/${number}-${protocol}" & knocking[${port}]=$!`;
    }),
    `sleep ${silenceSeconds}
    kill "\${knocking[@]}" 2>/dev/null
    for port in "\${!knocking[@]}"; do
      wait "\${knocking[$port]}" 2>/dev/null || grep -q refused "$said/\${port/\\//-}" && echo "$port"
    done
    rm -r "$said"`,
  ].join('\n');
