import { readFileSync } from 'node:fs';
import { quote } from '../transport/host-shell.ts';

const runPcs = readFileSync(new URL('./run-pcs.py', import.meta.url), 'utf8');

/**
 * A bash command that runs commands of pcs one after another as a person would, but loads pcs only once: on an emulated host that
 * takes ten seconds and more. It ends with the first that fails, which says so.
 * @param commands What comes after `pcs`, quoted for a shell.
 */
export const pcsCommands = (commands: readonly string[]): string =>
  `/usr/bin/python3 -c ${quote(runPcs)} ${commands.map(quote).join(' ')}`;
