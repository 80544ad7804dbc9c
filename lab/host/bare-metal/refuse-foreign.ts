import { readFileSync } from 'node:fs';
import { listUnmarkedFunction } from '../../cluster/marker.ts';
import { LabError } from '../../errors.ts';
import type { Plan } from '../../plan.ts';
import { quote, type HostShell } from '../../transport/host-shell.ts';
import type { Distribution } from './distributions.ts';
import { ownPlaces } from './files.ts';

const script = readFileSync(new URL('./foreign-cluster.sh', import.meta.url), 'utf8');

/** What is asked about on a machine, of a plan or of a lab that is there. */
interface Asked {
  readonly recorded: 'recorded' | 'new';
  readonly guests: readonly string[];
  readonly network: string;
}

/** What is asked about a machine before a plan is brought to it. */
export const askedFor = (plan: Plan, recorded: Asked['recorded']): Asked => ({
  recorded,
  guests: plan.guests.map(({ name }) => name),
  network: plan.network.name,
});

/** Throws a LabError with a list of what it found if there is a cluster on the machine that is not a lab, or anything else that a lab would take over. */
export const refuseForeign = async (shell: HostShell, asked: Asked, distribution: Distribution): Promise<void> => {
  const words = [asked.recorded, asked.network, distribution.remotePackage, ...asked.guests, '--', ...ownPlaces];
  const { stdout } = await shell.run(`set -- ${words.map(quote).join(' ')}\n${listUnmarkedFunction}\n${script}`, {
    timeoutMs: 120_000,
  });
  const found = stdout.split('\n').filter((line) => line !== '');
  if (found.length === 0) return;
  throw new LabError(
    `${shell.hostName} has what is not a lab's, and was left as it is:\n${found.map((line) => `  ${line}`).join('\n')}`,
    {
      next: 'choose another machine, or take that away by hand if nobody needs it. No setting makes a lab take it over.',
    },
  );
};
