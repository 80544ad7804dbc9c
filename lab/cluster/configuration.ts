import type { Plan } from '../plan.ts';
import { kindOf } from '../guests/guest-kinds.ts';
import type { Host } from '../host/host.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';
import { markerName } from './marker.ts';

const draft = '/root/cluster-draft.xml';

/**
 * Writes the plan's configuration into a draft with `pcs -f`, one command for each thing as in the walk-throughs, and the mark by
 * which the cluster is known as a lab.
 * Needs no DC, and neither does the push: the wait for one (dc-deadtime, 20 s as shipped) is not lost. Where everything takes
 * longer, the guests' domains are given longer to start, stop and answer than their agent asks for.
 */
export const draftConfiguration = async (
  { shell, timeFactor }: Pick<Host, 'shell' | 'timeFactor'>,
  plan: Plan,
  labName: string,
  signal: AbortSignal,
): Promise<void> => {
  const operations = timeFactor === 1 ? '' : domainOperations(timeFactor);
  const pcs = `pcs -f ${draft}`;
  const commands = [
    // pcs would rather not set a property that it does not know.
    `CIB_file=${draft} crm_attribute --type crm_config --name ${markerName} --update ${quote(labName)}`,
    ...Object.entries(plan.properties).map(([name, value]) => `${pcs} property set ${quote(name)}=${quote(value)}`),
    // pcs wants --force for remote-node: it would rather be asked for "cluster node add-guest", which needs pcsd in the guest.
    ...plan.guests.map(
      (guest) =>
        `${pcs} resource create ${guest.resource} VirtualDomain force_stop=true hypervisor=${kindOf(guest).hypervisor} ` +
        `config=${kindOf(guest).configPath(guest)} ${operations} meta remote-node=${guest.name} --force`,
    ),
    ...plan.resources.map((resource) => `${pcs} resource create ${resource.id} ${quote(resource.agent)}`),
  ];
  await shell.run(['set -e', `pcs cluster cib ${draft}`, ...commands].join('\n'), { timeoutMs: 180_000, signal });
};

/** What VirtualDomain asks for (its meta-data), so many times longer. */
const domainOperations = (timeFactor: number): string =>
  [
    `op start timeout=${90 * timeFactor}s`,
    `stop timeout=${90 * timeFactor}s`,
    `monitor interval=10s timeout=${30 * timeFactor}s`,
  ].join(' ');

/**
 * Gives the draft to the cluster in one go. The guests start as soon as there is a DC. One that has been elected since the draft
 * was begun has told the cluster its version: the draft is merged into what there is, for `pcs cluster cib-push` would take that away.
 */
export const pushConfiguration = async (shell: HostShell): Promise<void> => {
  await shell.run(
    `set -e -o pipefail
    CIB_file=${draft} cibadmin --query --scope configuration |
      cibadmin --modify --allow-create --scope configuration --xml-pipe
    rm ${draft}`,
    { timeoutMs: 60_000 },
  );
};
