import type { Command } from 'commander';
import { firstLine, gatherLogs } from '../evidence/gather-logs.ts';
import { reachHosts } from './host-reach.ts';
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
    const { out } = command.opts<{ out?: string }>();
    const trouble = reached.trouble ? [{ file: 'the way over SSH', missing: firstLine(reached.trouble.message) }] : [];
    const { folder, files } = await gatherLogs(settings.labName, reached.hosts, { out, trouble });
    const missing = files.filter((each) => each.missing !== null).length;
    if (missing > 0) say(`${missing} of ${files.length} could not be had; README.md there says why.`);
    say(folder);
    return files.length > missing ? 0 : 1;
  } finally {
    await reached.close();
  }
};
