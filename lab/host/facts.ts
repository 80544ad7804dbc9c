import type { HostShell } from '../transport/host-shell.ts';

/** Versions that say what was under test. */
export interface HostFacts {
  readonly pacemaker: string;
  readonly corosync: string;
  readonly libvirt: string;
  readonly resourceAgents: string;
  readonly os: string;
  readonly kernel: string;
}

/** Asks the host for the versions of what runs on it. What it can't tell reads `unknown`. */
export const readHostFacts = async (shell: HostShell): Promise<HostFacts> => {
  const { stdout } = await shell.run(
    `pacemakerd --version | head -n 1 | grep -oE '[0-9][^ ]*' | head -n 1
    corosync -v | grep -oE "version '[^']+" | cut -d"'" -f2
    libvirtd --version | grep -oE '[0-9][0-9.]+' | head -n 1
    (dpkg-query -W -f '\${Version}\\n' resource-agents || rpm -q --qf '%{VERSION}\\n' resource-agents) 2>/dev/null
    . /etc/os-release && echo "$PRETTY_NAME"
    uname -r`,
  );
  const lines = stdout.split('\n');
  const line = (at: number): string => lines[at]?.trim() ?? 'unknown';
  return {
    pacemaker: line(0),
    corosync: line(1),
    libvirt: line(2),
    resourceAgents: line(3),
    os: line(4),
    kernel: line(5),
  };
};
