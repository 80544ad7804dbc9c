import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { reachHosts, type HostReach } from './host-reach.ts';
import {
  guestSources,
  hostSources,
  listGuests,
  longestLogBytes,
  readGuestList,
  type LogSource,
} from './log-sources.ts';
import { runs, type Ending, type Run } from './run-command.ts';

/** Adds `lab logs`. */
export const logsCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('logs')
      .description("Gathers the logs of hosts and guests, and the cluster's configuration and status, into a folder.")
      .option('--out <folder>', 'where to (default: results/logs/<lab>-<time>)'),
    ending,
    { examples: '  npm run lab logs\n  npm run lab logs -- --out /tmp/for-the-bug-report', whenInterrupted: 'leave' },
    logs,
  );

const logs = async ({ settings, signal, say }: Run, command: Command): Promise<number> => {
  const reached = await reachHosts(settings, signal);
  try {
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
    const { out } = command.opts<{ out?: string }>();
    const folder = resolve(out ?? join('results', 'logs', `${settings.labName}-${stamp}`));
    await mkdir(folder, { recursive: true });
    const gathered = (await Promise.all(reached.hosts.map((host) => gatherHost(host, folder)))).flat();
    if (reached.trouble) gathered.push({ file: 'the way over SSH', missing: firstLine(reached.trouble.message) });
    await writeFile(join(folder, 'README.md'), readme(settings.labName, stamp, gathered));
    const missing = gathered.filter((each) => each.missing !== null).length;
    if (missing > 0) say(`${missing} of ${gathered.length} could not be had; README.md there says why.`);
    say(folder);
    return gathered.length > missing ? 0 : 1;
  } finally {
    await reached.close();
  }
};

interface Gathered {
  readonly file: string;
  /** Why it could not be had, or null. */
  readonly missing: string | null;
}

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

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

const readme = (labName: string, stamp: string, gathered: readonly Gathered[]): string => {
  const missing = gathered.filter((each) => each.missing !== null);
  return `# Logs of the lab "${labName}", ${stamp} UTC

A folder for each host and guest. Of what is longer than ${longestLogBytes / 1024 / 1024} MiB the newest part is here. No keys are among it,
and values that are named like a secret were taken out.

${missing.length === 0 ? 'Everything could be had.' : 'Not to be had, or not whole:'}
${missing.map(({ file, missing: why }) => `- ${file}: ${String(why)}`).join('\n')}
`;
};
