import { quote } from '../transport/host-shell.ts';
import { chooseInGuest, chooseOnHost, dummiesOf, dummyAgent } from './dummy-resource.ts';
import type { FaultSite } from './fault.ts';
import { scriptedFault, type FaultScripts } from './scripted-fault.ts';

type ResourceFault = Omit<FaultScripts, 'family' | 'place'>;
type Action = 'start' | 'stop' | 'monitor';

const chosen = ({ guest }: FaultSite): string => `choose_resource || return
target="$resource on ${guest.name}"`;

const inGuest = (fault: ResourceFault): FaultScripts => ({
  family: 'resource',
  place: 'guest',
  needs: (site) => `${chooseInGuest(site)}
    choose_resource`,
  ...fault,
});

/** The original of an agent is kept beside it while a fault has it changed. */
const keptAgent = `${dummyAgent}.kept`;
/** The changed agent leaves this in the guest when it was called. */
const called = '/run/guest-drills-agent-called';
/** A start and a stop come after the monitor, every 10 s, that finds that the state file is gone. */
const calledTimeoutMs = 20_000;

/** What a changed agent does in one action of one resource: it ends with 1, or hangs until it is undone. */
const deeds = {
  fails: (action: Action) => `echo "ocf-exit-reason:a drill has the ${action} fail" >&2; exit 1`,
  // It goes on as if nothing had been when the original is back, so that none is left behind.
  hangs: () => `while [ -e ${keptAgent} ]; do sleep 0.2; done`,
} as const;

/** Puts a line into the agent which does something else in one action of the chosen resource. */
const changeAgent = (action: Action, deed: string): string => {
  const line = `[ "$OCF_RESOURCE_INSTANCE $1" != "CHOSEN ${action}" ] || { : >${called}; ${deed}; }`;
  return `[ ! -e ${keptAgent} ] || { echo '${keptAgent} is there already'; return 1; }
    rm -f ${called}
    cp -p ${dummyAgent} ${keptAgent} && cp -p ${dummyAgent} ${dummyAgent}.new &&
      { head -n 1 ${keptAgent}; printf '%s\\n' ${quote(line)} | sed "s/CHOSEN/$resource/"; tail -n +2 ${keptAgent}; } >${dummyAgent}.new &&
      sync ${keptAgent} ${dummyAgent}.new && mv -f ${dummyAgent}.new ${dummyAgent} && sync "$(dirname ${dummyAgent})" || return`;
};

interface Misbehaviour {
  readonly action: Action;
  readonly deed: keyof typeof deeds;
  readonly description: string;
}

/** The agent misbehaves in one action, and the cluster has to call that. Where it would not by itself, the state file is removed. */
const misbehaving = ({ action, deed, description }: Misbehaviour): FaultScripts =>
  inGuest({
    name: `resource-${action}-${deed}`,
    description,
    healReaches: 'the disk',
    inject: (site) => `${chooseInGuest(site)}
    ${chosen(site)}
    ${changeAgent(action, deeds[deed](action))}
    ${action === 'monitor' ? '' : 'rm -f "$state_file"'}`,
    // The cluster sees that the state file is gone before it calls the action.
    proof: () => `
    [ "$since" ] || [ ! -e ${keptAgent} ] || [ -e "$state_file" ] || since=$(now_us)
    [ -e ${called} ] && proof="its agent's ${action}, which ${deed}, was called"`,
    proofTimeoutMs: calledTimeoutMs,
    heal: () => `
    [ ! -e ${keptAgent} ] || mv -f ${keptAgent} ${dummyAgent}
    rm -f ${dummyAgent}.new ${called}
    sync "$(dirname ${dummyAgent})"`,
    healed: () => `! ls ${keptAgent} ${called} 2>/dev/null && ! grep ${called} ${dummyAgent}`,
  });

/** Prints the failure that is recorded for a resource on the guest, if there is one. */
const failureFunction = ({ guest }: FaultSite): string => `
failure_of() {
  cibadmin --query --xpath "//node_state[@uname='${guest.name}']//lrm_rsc_op[@id='$1_last_failure_0']" 2>/dev/null |
    sed -n "s/.* operation_key=[\\"']\\([^\\"']*\\)[\\"'].* call-id=[\\"']\\([^\\"']*\\)[\\"'].*/\\1 \\2/p"
}`;

/** Faults of a resource that runs on the guest: the first of the plan's Dummy resources there. */
export const resourceScripts: readonly FaultScripts[] = [
  inGuest({
    name: 'resource-state-file-removed',
    description: 'the state file of a Dummy resource on the guest is removed: it does not run any more',
    inject: (site) => `${chooseInGuest(site)}
    ${chosen(site)}
    rm -f "$state_file"`,
    proof: () => `[ "$resource" ] && [ ! -e "$state_file" ] && proof="$state_file is gone"`,
  }),
  {
    name: 'resource-failed-by-hand',
    family: 'resource',
    description: 'crm_resource --fail of a resource that runs on the guest, from the host',
    place: 'host',
    needs: (site) => `${chooseOnHost(site)}
    choose_resource`,
    inject: (site) => `${chooseOnHost(site)}${failureFunction(site)}
    ${chosen(site)}
    recorded=$(failure_of "$resource")
    timeout 10 crm_resource --fail --resource "$resource" --node ${site.guest.name} 2>&1`,
    proof: () => `
    now=$(failure_of "$resource")
    [ "$now" ] && [ "$now" != "$recorded" ] && proof="\${now% *} is recorded as failed"`,
    proofTimeoutMs: 10_000,
  },
  {
    name: 'resource-banned',
    family: 'resource',
    description: 'crm_resource --ban of a resource from the guest, from the host',
    place: 'host',
    needs: (site) => `${chooseOnHost(site)}
    choose_resource`,
    inject: (site) => `${chooseOnHost(site)}
    ${chosen(site)}
    timeout 10 crm_resource --ban --resource "$resource" --node ${site.guest.name} 2>&1`,
    proof: (site) => `
    cibadmin --query --xpath "//rsc_location[@id='cli-ban-$resource-on-${site.guest.name}']" &&
      proof="the CIB has the constraint cli-ban-$resource-on-${site.guest.name}"`,
    heal: (site) => `
    for resource in ${dummiesOf(site)}; do
      ! cibadmin --query --xpath "//rsc_location[@id='cli-ban-$resource-on-${site.guest.name}']" >/dev/null 2>&1 ||
        timeout 10 crm_resource --clear --resource "$resource" --node ${site.guest.name}
    done`,
    healed: (site) => `! cibadmin --query --scope constraints | grep 'cli-ban-.*-on-${site.guest.name}"'`,
  },
  misbehaving({
    action: 'start',
    deed: 'fails',
    description: 'the agent of a resource fails to start it on the guest, where its state file is removed',
  }),
  misbehaving({
    action: 'start',
    deed: 'hangs',
    description: 'the agent of a resource hangs in the start on the guest, where its state file is removed',
  }),
  misbehaving({
    action: 'stop',
    deed: 'fails',
    description: 'the agent of a resource fails to stop it on the guest, where its state file is removed',
  }),
  misbehaving({
    action: 'stop',
    deed: 'hangs',
    description: 'the agent of a resource hangs in the stop on the guest, where its state file is removed',
  }),
  misbehaving({
    action: 'monitor',
    deed: 'hangs',
    description: 'the agent of a resource hangs in its monitor on the guest',
  }),
];

export const resourceFaults = resourceScripts.map(scriptedFault);
