import { styleText } from 'node:util';
import type { Command } from 'commander';
import { examineEngine } from './examine-engine.ts';
import { examineKernel } from './examine-kernel.ts';
import { examineMachine } from './examine-machine.ts';
import { examineVm } from './examine-vm.ts';
import type { Finding } from './finding.ts';
import { runs, type Ending, type Run } from './run-command.ts';

const examples = `  npm run lab doctor
  npm run lab doctor -- --json

It only looks. It exits with 0 if a lab can come up here, with 3 if not.`;

/** Adds `lab doctor`. */
export const doctorCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('doctor')
      .description('Says what this machine can and cannot do, and why.')
      .option('--json', 'print one JSON object'),
    ending,
    { examples, whenInterrupted: 'leave' },
    doctor,
  );

const doctor = async ({ settings, signal, say }: Run, command: Command): Promise<number> => {
  const engine = await examineEngine(settings, signal);
  const findings: readonly Finding[] = [
    ...(await examineMachine(settings, engine)),
    ...engine.findings,
    ...(await examineKernel(settings, engine)),
    ...(settings.host === 'vm' ? await examineVm(settings) : []),
  ];
  const ready = findings.every(({ level }) => level !== 'problem');
  if (command.opts<{ json?: true }>().json) {
    say(JSON.stringify({ ready, findings }, null, 2));
  } else {
    for (const finding of findings) say(lineOf(finding));
    say(ready ? '\nA lab can come up here.' : '\nA lab cannot come up here until the problems are solved.');
  }
  return ready ? 0 : 3;
};

const styles = { ok: 'green', warning: 'yellow', problem: 'red' } as const;

const lineOf = ({ what, level, says, next }: Finding): string => {
  const plain = !process.stdout.isTTY || Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb';
  const mark = level.padEnd(8);
  const shown = plain ? mark : styleText(styles[level], mark, { validateStream: false });
  return `${shown} ${what.padEnd(13)} ${says}${next === undefined ? '' : `\n${' '.repeat(23)}Next: ${next}`}`;
};
