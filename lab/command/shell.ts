import type { Command } from 'commander';
import { LabError, TransportError, UsageError } from '../errors.ts';
import { kindOf, readGuestTruth } from '../guests/guest-kinds.ts';
import { connectLab, type Lab } from '../lab.ts';
import { labCommand } from '../lab-state.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';
import { attachPipes, attachTerminal } from './attach.ts';
import { runs, type Ending, type Run } from './run-command.ts';

const examples = `  npm run lab shell                          a shell on the host
  npm run lab shell lxc1                     a shell in a guest
  npm run lab shell lxc1 -- ps axf           one command in a guest
  npm run lab shell example-host -- crm_mon -1
  echo 'crm_mon -1' | npm run lab shell      what is piped in

It exits with the status of the shell or command.`;

/** Adds `lab shell`. */
export const shellCommand = (program: Command, ending: Ending): Command =>
  runs(
    program
      .command('shell')
      .description('Opens a shell on a host or in a guest, or runs one command there.')
      .argument('[place]', 'name of a guest or host; the first host if left out')
      .argument('[command...]', 'what to run instead of a shell')
      .passThroughOptions(),
    ending,
    { examples, whenInterrupted: 'leave' },
    shell,
  );

const shell = async ({ settings }: Run, command: Command): Promise<number> => {
  const { place, words } = placeAndCommand(command.args, process.argv.slice(2));
  const lab = await connectLab(settings);
  try {
    const { host, script } = await enter(lab, place, words);
    const { stdin, stdout } = process;
    const exitCode =
      stdin.isTTY && stdout.isTTY
        ? await attachTerminal(host, script, { input: stdin, output: stdout })
        : await attachPipes(host, script);
    if (exitCode !== undefined) return exitCode < 0 ? 255 : exitCode;
    throw new TransportError(`The connection to ${host.hostName} was lost.`, {
      next: `see if it still runs: ${labCommand(settings, 'status')}`,
    });
  } finally {
    await lab.close();
  }
};

/**
 * Tells the place from the command: in `shell -- ls` all is command, in `shell lxc1 -- ls` and `shell lxc1 ls` (which is
 * what npm makes of the former) the first word is the place.
 */
const placeAndCommand = (
  words: readonly string[],
  given: readonly string[],
): { readonly place: string | undefined; readonly words: readonly string[] } => {
  const dashes = given.indexOf('--');
  if (dashes >= 0 && given.length - dashes - 1 === words.length) return { place: undefined, words };
  const [place, ...rest] = words;
  return { place, words: rest[0] === '--' ? rest.slice(1) : rest };
};

const enter = async (
  lab: Lab,
  place: string | undefined,
  words: readonly string[],
): Promise<{ readonly host: HostShell; readonly script: string }> => {
  const [hostName = ''] = lab.hosts.keys();
  const host = lab.hosts.get(place ?? hostName)?.shell;
  // One word may be a whole script ('ls | wc -l'); of several, each is one argument.
  const what = words.length === 1 ? (words[0] ?? '') : words.map(quote).join(' ');
  if (host) return { host, script: `cd; exec ${what === '' ? 'bash -l' : `bash -lc ${quote(what)}`}` };
  const guest = lab.plan.guests.find(({ name }) => name === place);
  if (!guest) {
    const guests = lab.plan.guests.map(({ name }) => name).join(', ');
    throw new UsageError(`The lab has no guest "${String(place)}".`, {
      next: `choose one of ${guests}, or ${[...lab.hosts.keys()].join(', ')}; a command comes after that name.`,
    });
  }
  const truth = (await readGuestTruth(lab.shell, [guest])).get(guest.name);
  if (!truth?.domainId)
    throw new LabError(`The guest ${guest.name} does not run.`, {
      next: `see what the cluster makes of it: ${labCommand(lab.settings, 'status')}`,
    });
  return { host: lab.shell, script: kindOf(guest).enter(guest.name, what) };
};
