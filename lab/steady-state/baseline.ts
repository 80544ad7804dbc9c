import { describeMachine } from '../faults/residue.ts';
import { resourceOf } from '../observation/look-up.ts';
import type { Sample } from '../observation/sample.ts';
import type { Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** What a reset goes back to. */
export interface Baseline {
  /** The cluster's configuration, as {@link readConfiguration} returns it. */
  readonly configuration: string;
  /** The node on which each resource of the plan runs. */
  readonly placement: Readonly<Record<string, string>>;
  /** What faults could change on the machine, as {@link describeMachine} says. */
  readonly machine: readonly string[];
}

/**
 * Returns the cluster's configuration without what a clean-up of failures itself writes into it (last-lrm-refresh),
 * so that it can be compared as text.
 */
export const readConfiguration = async (shell: HostShell): Promise<string> => {
  const { stdout } = await shell.run('cibadmin --query --scope configuration');
  return stdout
    .split('\n')
    .filter((line) => !line.includes('name="last-lrm-refresh"'))
    .join('\n');
};

/** Takes the baseline of a lab in its steady state, of which the sample is the latest. */
export const takeBaseline = async (shell: HostShell, plan: Plan, sample: Sample): Promise<Baseline> => ({
  configuration: await readConfiguration(shell),
  placement: Object.fromEntries(plan.resources.map(({ id }) => [id, resourceOf(sample.status, id)?.nodes[0] ?? ''])),
  machine: await describeMachine(shell, plan),
});
