import type { Plan } from '../plan.ts';
import { kindOf } from '../guests/guest-kinds.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';
import { markerName } from './marker.ts';
import { pcsCommands } from './pcs.ts';

const draft = '/root/cluster-draft.xml';

/**
 * A bash script that prints a CIB with the plan's configuration, made with `pcs -f`, one command for each thing as in the
 * walk-throughs. It needs a host's packages and no cluster, so that neither the cluster's start nor its wait for a DC (dc-deadtime,
 * 20 s as shipped) is lost. Where everything takes longer, the guests' domains are given longer to start, stop and answer than
 * their agent asks for, and their monitor looks after them alone.
 * @param timeFactor How many times longer everything takes on the cluster's host.
 */
export const draftScript = (plan: Plan, timeFactor: number): string => {
  const { parameters, operations } = timeFactor === 1 ? asTheAgentHasIt : onSlowHost(timeFactor);
  const commands = [
    ...Object.entries(plan.properties).map(([name, value]) => `property set ${quote(name)}=${quote(value)}`),
    // pcs wants --force for remote-node: it would rather be asked for "cluster node add-guest", which needs pcsd in the guest.
    ...plan.guests.map(
      (guest) =>
        `resource create ${guest.resource} ocf:heartbeat:VirtualDomain force_stop=true hypervisor=${kindOf(guest).hypervisor} ` +
        `config=${kindOf(guest).configPath(guest)} ${parameters} ${operations} meta remote-node=${guest.name} --force`,
    ),
    ...plan.resources.map((resource) => `resource create ${resource.id} ${quote(resource.agent)}`),
  ];
  return `set -e
    trap 'rm -f ${draft}' EXIT
    cibadmin --empty >${draft}
    ${pcsCommands(commands.map((command) => `-f ${draft} ${command}`))} >&2
    cat ${draft}`;
};

/** How VirtualDomain is configured, beside what makes it this domain. */
interface DomainSettings {
  readonly parameters: string;
  readonly operations: string;
}

const asTheAgentHasIt: DomainSettings = { parameters: '', operations: '' };

/**
 * The operations that VirtualDomain asks for (its meta-data), so many times longer. Its monitor would also keep the domain's utilization
 * up to date, of which the cluster makes nothing: a dozen commands each time, which alone would keep an emulated host with three
 * guests busy.
 */
const onSlowHost = (timeFactor: number): DomainSettings => ({
  parameters: ['cpu', 'host_memory', 'hv_memory'].map((what) => `autoset_utilization_${what}=false`).join(' '),
  operations: [
    `op start timeout=${90 * timeFactor}s`,
    `stop timeout=${90 * timeFactor}s`,
    `monitor interval=10s timeout=${30 * timeFactor}s`,
  ].join(' '),
});

/**
 * Gives the drafted CIB to the cluster in one go, with the mark by which the cluster is known as a lab. The guests start as soon as
 * there is a DC. One that has been elected since has told the cluster its version: the draft is merged into what there is, for
 * `pcs cluster cib-push` would take that away.
 */
export const pushConfiguration = async (shell: HostShell, drafted: string, labName: string): Promise<void> => {
  await shell.run(
    `set -e -o pipefail
    trap 'rm -f ${draft}' EXIT
    cat >${draft}
    # pcs would rather not set a property that it does not know.
    CIB_file=${draft} crm_attribute --type crm_config --name ${markerName} --update ${quote(labName)}
    CIB_file=${draft} cibadmin --query --scope configuration |
      cibadmin --modify --allow-create --scope configuration --xml-pipe`,
    { input: drafted, timeoutMs: 60_000 },
  );
};
