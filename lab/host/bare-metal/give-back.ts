import { readFileSync } from 'node:fs';
import { quote, type HostShell } from '../../transport/host-shell.ts';
import type { Distribution } from './distributions.ts';
import {
  emptyPlaces,
  firewallUnit,
  machinedActivation,
  markedFiles,
  ownPlaces,
  ownTables,
  packagePlaces,
  recordFolder,
  rewrittenFiles,
} from './files.ts';
import { compareMachines, readDescription } from './machine-description.ts';
import { describeBareMetal, type Claim, type MachineRecord } from './record.ts';

const scriptOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const stopScript = scriptOf('./stop-lab.sh');
const giveBackScript = scriptOf('./give-back.sh');
/** An emulated machine takes minutes. */
const giveBackTimeoutMs = 1_800_000;

/** What came of taking a lab away from a machine. */
export interface GivenBack {
  /** How many packages were to go. */
  readonly packages: number;
  /** What could not be taken away, and why. */
  readonly left: readonly string[];
  /** In words, what is otherwise than before the lab came. */
  readonly differences: readonly string[];
}

/**
 * Takes away from a machine what a lab brought to it, and compares the machine with what it was before. What somebody else has brought or
 * changed since then stays. May be called again after an interruption.
 */
export const giveBack = async (
  shell: HostShell,
  record: MachineRecord,
  distribution: Distribution,
): Promise<GivenBack> => {
  const { before, claim, brought } = record;
  if (before === null) {
    await shell.run(`rm -rf ${recordFolder}`);
    return { packages: 0, left: [], differences: [] };
  }
  const variables = {
    unit: firewallUnit,
    activation: machinedActivation,
    libvirtd: distribution.libvirtdSettings,
    own_places: ownPlaces.join(' '),
    package_places: packagePlaces.join(' '),
    empty_places: emptyPlaces.join(' '),
    marked: markedFiles(distribution).join(' '),
    rewritten: rewrittenFiles.join(' '),
    tables: ownTables.join('\n'),
    files: distribution.commands.files,
    remove: distribution.commands.remove,
    mark_automatic: distribution.commands.markAutomatic,
  };
  const { stdout } = await shell.run([stopping(claim), setting(variables), giveBackScript].join('\n'), {
    timeoutMs: giveBackTimeoutMs,
  });
  const left = stdout.split('\n').flatMap((line) => (line.startsWith('left ') ? [line.slice('left '.length)] : []));
  const differences = compareMachines(before, readDescription(await describeBareMetal(shell, distribution)));
  await shell.run(`rm -rf ${recordFolder}`);
  return { packages: brought.length, left, differences };
};

/**
 * Ends a lab's cluster and guests on a machine, so that they can be made anew; packages, settings and what guests share stay.
 */
export const stopLab = async (shell: HostShell, { claim }: MachineRecord): Promise<void> => {
  await shell.run(stopping(claim), { timeoutMs: giveBackTimeoutMs });
};

const setting = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join('\n');

const stopping = ({ guests, network }: Claim): string =>
  [setting({ folder: recordFolder, network, guests: guests.join(' ') }), stopScript].join('\n');
