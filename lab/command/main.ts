import { runCommandLine } from './command-line.ts';

const status = await runCommandLine(process.argv.slice(2));
// What a slow reader has not taken from a pipe yet would be lost with the process.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
);
process.exit(status);
