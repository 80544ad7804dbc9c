import type { Command } from 'commander';
import { catalogue } from '../faults/catalogue.ts';
import type { Fault, FaultFamily } from '../faults/fault.ts';
import { connectLab, type Lab } from '../lab.ts';
import type { GuestPlan } from '../plan.ts';
import { compactTable } from './compact-table.ts';
import { runs, type Ending, type Run } from './run-command.ts';

const examples = `  npm run lab faults
  npm run lab faults -- --json

A fault that can't be had with a kind of guest on this lab is listed with the reason.`;

/** Adds `lab faults`. */
export const faultsCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('faults')
      .description('Lists the faults of the catalogue, and which of them can be injected in this lab.')
      .option('--json', 'print one JSON array'),
    ending,
    { examples, whenInterrupted: 'leave' },
    faults,
  );

/** A fault as `lab faults --json` prints it. */
interface ListedFault {
  readonly name: string;
  readonly family: FaultFamily;
  readonly description: string;
  /** By kind of guest in the lab: null if it can be injected there, or why not. */
  readonly unavailable: Readonly<Record<string, string | null>>;
}

const faults = async ({ settings, say }: Run, command: Command): Promise<number> => {
  const lab = await connectLab(settings);
  try {
    const guests = oneOfEachKind(lab.plan.guests);
    const listed = await Promise.all(catalogue.map((fault) => listFault(lab, fault, guests)));
    if (command.opts<{ json?: true }>().json) {
      say(JSON.stringify(listed, null, 2));
      return 0;
    }
    const kinds = guests.map(({ kind }) => kind);
    say(
      compactTable(
        ['fault', 'family', ...kinds, 'what it does'],
        listed.map(({ name, family, description, unavailable }) => [
          name,
          family,
          ...kinds.map((kind) => (unavailable[kind] === null ? 'yes' : '–')),
          description,
        ]),
      ),
    );
    const reasons = listed.flatMap(({ name, unavailable }) =>
      Object.entries(unavailable).flatMap(([kind, reason]) =>
        reason === null ? [] : [`  ${name}, ${kind}: ${reason}`],
      ),
    );
    if (reasons.length > 0) say(`\nNot to be had here:\n${reasons.join('\n')}`);
    return 0;
  } finally {
    await lab.close();
  }
};

const oneOfEachKind = (guests: readonly GuestPlan[]): readonly GuestPlan[] =>
  guests.filter((guest, at) => guests.findIndex(({ kind }) => kind === guest.kind) === at);

const listFault = async (lab: Lab, fault: Fault, guests: readonly GuestPlan[]): Promise<ListedFault> => ({
  name: fault.name,
  family: fault.family,
  description: fault.description,
  unavailable: Object.fromEntries(
    await Promise.all(
      guests.map(
        async (guest) =>
          [guest.kind, await fault.available({ guest, plan: lab.plan, host: lab.host, shell: lab.shell })] as const,
      ),
    ),
  ),
});
