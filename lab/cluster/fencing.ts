import type { Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';

/** Id of the fence device, and the agent that it has. */
const device = 'fencing';
const agent = 'fence_guest_drills';
const agentPath = `/usr/sbin/${agent}`;

/**
 * The fence agent: it says that all is well, and refuses to fence. Pacemaker accepts fencing with it, and a guest is fenced
 * by a stop and start of its resource, without any device. See https://github.com/ClusterLabs/fence-agents/blob/main/doc/FenceAgentAPI.md.
 */
const agentScript = `#!/bin/sh
# Lets Pacemaker accept that fencing is enabled; fences nothing.
case $1 in
-o | --action) action=$2 ;;
--action=*) action=\${1#--action=} ;;
'') while IFS== read -r name value; do [ "$name" != action ] || action=$value; done ;;
*) action=$1 ;;
esac
case $action in
metadata)
  cat <<'XML'
<?xml version="1.0"?>
<resource-agent name="${agent}" shortdesc="Fences nothing">
<longdesc>Lets Pacemaker accept that fencing is enabled. It fences nothing.</longdesc>
<parameters>
<parameter name="action" required="1"><getopt mixed="-o, --action=[action]"/><content type="string" default="reboot"/><shortdesc lang="en">Action</shortdesc></parameter>
</parameters>
<actions>
<action name="on"/><action name="off"/><action name="reboot"/><action name="status"/><action name="list"/><action name="monitor"/><action name="metadata"/>
</actions>
</resource-agent>
XML
  ;;
monitor | status | list) ;;
*) echo "${agent} fences nothing" >&2; exit 1 ;;
esac
`;

/** Enables fencing, with a device that Pacemaker accepts. Throws a CommandError if pcs refuses. */
export const enableFencing = async (shell: HostShell, plan: Plan): Promise<void> => {
  const hosts = plan.hosts.map(({ name }) => name).join(',');
  await shell.run(
    `set -e
    cat >${agentPath}
    chmod 755 ${agentPath}
    pcs stonith create ${device} ${agent} pcmk_host_list=${hosts} --wait=60
    pcs property set stonith-enabled=true`,
    { input: agentScript, timeoutMs: 120_000 },
  );
};

/** Undoes {@link enableFencing}: fencing is as the plan has it, without the device and its agent. */
export const disableFencing = async (shell: HostShell, plan: Plan): Promise<void> => {
  await shell.run(
    `set -e
    pcs property set stonith-enabled=${plan.properties['stonith-enabled'] ?? ''}
    pcs stonith delete ${device}
    ${removeFenceAgent}`,
    { timeoutMs: 120_000 },
  );
};

/** A shell command for a host that removes the agent, which is not part of the cluster's configuration. */
export const removeFenceAgent = `rm -f ${agentPath}`;

/** What a plan promises of the cluster while fencing is enabled. */
export const withFencing = (plan: Plan): Plan => ({
  ...plan,
  properties: { ...plan.properties, 'stonith-enabled': 'true' },
  resources: [...plan.resources, { id: device, agent: `stonith:${agent}` }],
});
