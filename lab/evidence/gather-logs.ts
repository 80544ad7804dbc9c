import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { HostShell } from '../transport/host-shell.ts';
import {
  guestSources,
  hostSources,
  listGuests,
  longestLogBytes,
  readGuestList,
  type LogSource,
} from './log-sources.ts';

/** A host that can be asked for its logs. */
export interface HostReach {
  readonly name: string;
  /** Runs a bash script and returns what it printed, whatever its exit status. */
  run(script: string): Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }>;
}

/** How long one thing may take to gather, in milliseconds. */
export const gatherTimeoutMs = 40_000;
const anyStatus = Array.from({ length: 256 }, (_, code) => code);

/** The usual way to a host. */
export const reachOver = (shell: HostShell, signal: AbortSignal): HostReach => ({
  name: shell.hostName,
  run: (script) => shell.run(script, { timeoutMs: gatherTimeoutMs, accept: anyStatus, signal }),
});

/** What was gathered, and where it is. */
export interface GatheredLogs {
  readonly folder: string;
  readonly files: readonly Gathered[];
}

export interface Gathered {
  readonly file: string;
  /** Why it could not be had, or null. */
  readonly missing: string | null;
}

/**
 * Gathers logs, configuration and status of hosts and their guests into a folder, `results/logs/<lab>-<time>` unless another one is
 * given, with a README.md that says what could not be had.
 * @param trouble What could not be had before anything was asked for.
 */
export const gatherLogs = async (
  labName: string,
  hosts: readonly HostReach[],
  { out, trouble = [] }: { readonly out?: string | undefined; readonly trouble?: readonly Gathered[] } = {},
): Promise<GatheredLogs> => {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  const folder = resolve(out ?? join('results', 'logs', `${labName}-${stamp}`));
  await mkdir(folder, { recursive: true });
  const gathered = (await Promise.all(hosts.map((host) => gatherHost(host, folder)))).flat();
  const files = [...gathered, ...trouble];
  await writeFile(join(folder, 'README.md'), readme(labName, stamp, files));
  return { folder, files };
};

const gatherHost = async (host: HostReach, folder: string): Promise<Gathered[]> => {
  const into = async (place: string, sources: readonly LogSource[]): Promise<Gathered[]> => {
    const gathered: Gathered[] = [];
    // One after another: a machine in trouble is not asked for everything at once.
    for (const { file, script } of sources) gathered.push(await gather(host, script, folder, join(place, file)));
    return gathered;
  };
  const guests = await host.run(listGuests).then(
    ({ stdout }) => readGuestList(stdout),
    () => [],
  );
  const parts = [into(host.name, hostSources), ...guests.map((guest) => into(guest.name, guestSources(guest)))];
  return (await Promise.all(parts)).flat();
};

/** Writes what a script prints to a file. What goes wrong is noted and does not stop the rest, but for a full disk. */
const gather = async (host: HostReach, script: string, folder: string, file: string): Promise<Gathered> => {
  let result;
  try {
    result = await host.run(script);
  } catch (error) {
    return { file, missing: firstLine(error instanceof Error ? error.message : String(error)) };
  }
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  if (result.stdout !== '') await writeFile(path, result.stdout);
  const problem = firstLine(result.stderr) || `exit status ${result.exitCode}`;
  return { file, missing: result.exitCode === 0 ? null : problem };
};

/** The first line of a text that says what went wrong. */
export const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

const readme = (labName: string, stamp: string, gathered: readonly Gathered[]): string => {
  const missing = gathered.filter((each) => each.missing !== null);
  return `# Logs of the lab "${labName}", ${stamp} UTC

A folder for each host and guest. Of what is longer than ${longestLogBytes / 1024 / 1024} MiB the newest part is here. No keys are among it,
and values that are named like a secret were taken out.

${missing.length === 0 ? 'Everything could be had.' : 'Not to be had, or not whole:'}
${missing.map(({ file, missing: why }) => `- ${file}: ${String(why)}`).join('\n')}
`;
};
