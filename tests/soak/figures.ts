import { readdir, readFile } from 'node:fs/promises';
import { LabError } from '../../lab/errors.ts';
import type { HostShell } from '../../lab/transport/host-shell.ts';

/** What must not grow from drill to drill, and by how much it may lie higher at the end than at the beginning. */
export const figures = {
  runnerMemoryMiB: { of: 'the runner’s memory', unit: 'MiB', allowed: 64 },
  runnerFiles: { of: 'the runner’s open files', unit: '', allowed: 4 },
  runnerProcesses: { of: 'the runner’s processes', unit: '', allowed: 1 },
  hostMemoryMiB: { of: 'memory of host and guests', unit: 'MiB', allowed: 32 },
  hostFiles: { of: 'open files of host and guests', unit: '', allowed: 30 },
  hostProcesses: { of: 'processes of host and guests', unit: '', allowed: 4 },
  hostRules: { of: 'lines of the packet filter', unit: '', allowed: 0 },
  hostLeases: { of: 'leases', unit: '', allowed: 0 },
  /** Logs and the scheduler's inputs are kept: docs/verification.md. */
  hostDiskMiB: { of: 'files that host and guests wrote', unit: 'MiB', allowed: Infinity },
} as const;

export type FigureName = keyof typeof figures;
export type Figures = Readonly<Record<FigureName, number>>;

const hostScript = `
shopt -s nullglob
leases=(/var/lib/guest-drills/leases/*)
processes=(/proc/[0-9]*)
# A process may end while it is looked at.
echo hostMemoryMiB=$(cat /proc/[0-9]*/status 2>/dev/null | awk '/^RssAnon/ { sum += $2 } END { printf "%.1f", sum / 1024 }')
echo hostFiles=$(find /proc/[0-9]*/fd -type l 2>/dev/null | wc -l)
echo hostProcesses=\${#processes[@]}
echo hostRules=$(nft list ruleset | grep -c .)
echo hostLeases=\${#leases[@]}
echo hostDiskMiB=$(du -smc /var/log /var/lib/pacemaker /var/lib/guest-roots 2>/dev/null | awk 'END { print $1 }')
`;

type HostFigure = Extract<FigureName, `host${string}`>;

/** Reads what the script on the host printed. Throws a LabError if a figure is missing. */
export const readHostFigures = (printed: string): Readonly<Record<HostFigure, number>> => {
  const figure = (name: HostFigure): number => {
    const value = Number(new RegExp(`^${name}=([\\d.]+)$`, 'm').exec(printed)?.[1] ?? NaN);
    if (Number.isNaN(value))
      throw new LabError(`The host did not say its ${name}, but:\n${printed}`, {
        next: 'See what the commands in tests/soak/figures.ts say there.',
      });
    return value;
  };
  return {
    hostMemoryMiB: figure('hostMemoryMiB'),
    hostFiles: figure('hostFiles'),
    hostProcesses: figure('hostProcesses'),
    hostRules: figure('hostRules'),
    hostLeases: figure('hostLeases'),
    hostDiskMiB: figure('hostDiskMiB'),
  };
};

/** The processes that a process started, at any remove, and itself. */
const familyOf = async (processId: number): Promise<readonly number[]> => {
  const processes = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const parents = new Map(
    await Promise.all(
      processes.map(async (id): Promise<[number, number]> => {
        const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
        return [id, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)];
      }),
    ),
  );
  const family = new Set([processId]);
  // A child has rarely a smaller number than its parent; a few rounds find those too.
  for (let round = 0; round < 4; round++) for (const [id, parent] of parents) if (family.has(parent)) family.add(id);
  return [...family];
};

const memoryOf = async (processId: number): Promise<number> => {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  return Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Measures the runner, a process and what it started, and the lab's host with its guests. */
export const takeFigures = async (runner: number, shell: HostShell): Promise<Figures> => {
  const family = await familyOf(runner);
  const [host, memory, files] = await Promise.all([
    shell.run(hostScript),
    Promise.all(family.map(memoryOf)),
    Promise.all(family.map((id) => readdir(`/proc/${id}/fd`).catch(() => []))),
  ]);
  return {
    runnerMemoryMiB: sum(memory),
    runnerFiles: sum(files.map(({ length }) => length)),
    runnerProcesses: family.length,
    ...readHostFigures(host.stdout),
  };
};
