import { InvalidArgumentError, type Command } from 'commander';
import { LabError, UsageError } from '../errors.ts';
import { findFault } from '../faults/catalogue.ts';
import { connectLab } from '../lab.ts';
import { lockLab } from '../lab-lock.ts';
import { labCommand } from '../lab-state.ts';
import { runs, type Ending, type Run } from './run-command.ts';

const defaultSeconds = 600;
const longestSeconds = 86_400;

const examples = `  npm run lab inject port-3121-dropped
  npm run lab inject port-3121-dropped -- --guest guest1 --for 60

The host undoes it by itself when its time is over; "npm run lab heal" does at once.`;

/** Adds `lab inject`. */
export const injectCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('inject')
      .description('Injects a fault into a guest by hand, with the proof that it took effect.')
      .argument('<fault>', 'its name; "npm run lab faults" lists them')
      .option('--guest <name>', 'which guest; the first of the plan if left out')
      .option('--for <seconds>', `how long until the host undoes it (default: ${defaultSeconds})`, readSeconds),
    ending,
    { examples, whenInterrupted: 'clean-up' },
    inject,
  );

const readSeconds = (text: string): number => {
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestSeconds)
    throw new InvalidArgumentError(`a whole number of seconds, 1 to ${longestSeconds}.`);
  return seconds;
};

const inject = async ({ settings, signal, say }: Run, command: Command): Promise<number> => {
  const fault = findFault(command.args[0] ?? '');
  const options = command.opts<{ guest?: string; for?: number }>();
  await using _lock = await lockLab(settings, '"lab inject"');
  const lab = await connectLab(settings);
  try {
    const guest = lab.plan.guests.find(({ name }) => name === (options.guest ?? lab.plan.guests[0]?.name));
    if (!guest)
      throw new UsageError(`The lab has no guest "${String(options.guest)}".`, {
        next: `choose one of ${lab.plan.guests.map(({ name }) => name).join(', ')}.`,
      });
    const site = { guest, plan: lab.plan, host: lab.host, shell: lab.shell, signal };
    const reason = await fault.available(site);
    if (reason !== null)
      throw new LabError(`The fault ${fault.name} can't be injected into ${guest.name}: ${reason}.`, {
        next: `choose another one: ${labCommand(settings, 'faults')}`,
      });
    const seconds = options.for ?? defaultSeconds;
    const { target, proof, leaseId } = await fault.inject(site, seconds);
    say(`Injected ${fault.name}: ${target}; ${proof}.`);
    say(
      leaseId === null
        ? 'There is nothing to undo.'
        : `The host undoes it in ${seconds} s; at once: ${labCommand(settings, 'heal')}`,
    );
    return 0;
  } finally {
    await lab.close();
  }
};
