import { quote } from '../transport/host-shell.ts';
import type { FaultSite } from './fault.ts';

/** The agent of the resources that these faults break, as it lies in every guest. */
export const dummyAgent = '/usr/lib/ocf/resource.d/pacemaker/Dummy';

/** The ids of the plan's Dummy resources, with blanks between them. */
export const dummiesOf = ({ plan }: FaultSite): string =>
  plan.resources.flatMap(({ id, agent }) => (agent === 'ocf:pacemaker:Dummy' ? [id] : [])).join(' ');

const noneRuns = ({ guest }: FaultSite): string =>
  `echo ${quote(`none of the plan's Dummy resources runs on ${guest.name}`)}`;

/**
 * Shell functions for the inside of a guest: `choose_resource` sets `resource` to the first of the plan's Dummy resources
 * that runs there, as its state file says, and `state_file` to that file; or says that there is none.
 */
export const chooseInGuest = (site: FaultSite): string => `
choose_resource() {
  for resource in ${dummiesOf(site)}; do
    state_file=/run/Dummy-$resource.state
    [ ! -e "$state_file" ] || return 0
  done
  resource=
  ${noneRuns(site)}
  return 1
}`;

/** The same for the host, where the cluster has to be asked. */
export const chooseOnHost = (site: FaultSite): string => `
choose_resource() {
  for resource in ${dummiesOf(site)}; do
    [ "$(timeout 10 crm_resource --locate --quiet --resource "$resource" 2>/dev/null)" != ${site.guest.name} ] || return 0
  done
  resource=
  ${noneRuns(site)}
  return 1
}`;
