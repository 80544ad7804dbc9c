import type { SabotageFamily } from './sabotage.ts';

const runFake2ByHand = `
agent() {
  (enter lxc2 env OCF_ROOT=/usr/lib/ocf OCF_RESOURCE_INSTANCE=FAKE2 OCF_RESOURCE_TYPE=Dummy \\
    OCF_FUNCTIONS=/usr/lib/guest-drills/ocf-functions RUN_STAMPS=/var/lib/guest-drills/runs \\
    /usr/lib/ocf/resource.d/pacemaker/Dummy "$1")
}`;

/** Has FAKE2 restarted in lxc2, between two samples, as its daemon runs the agent. */
export const fake2IsRestarted = `${runFake2ByHand}
agent stop
agent start`;

/** Recoveries that do not come, come late, or hit somebody else. */
export const recovery: SabotageFamily = {
  family: 'recovery',
  sabotages: [
    {
      name: 'connection-not-monitored',
      description:
        'the connection’s monitor is never run again: maintenance mode, ended by a configuration that was pushed',
      apply: `
      crm_attribute --type crm_config --name maintenance-mode --update true
      until crm_mon -1 --output-as=xml | grep -q 'maintenance-mode="true"'; do sleep 0.2; done
      sleep 2
      pcs cluster cib /run/sabotage.xml
      pcs -f /run/sabotage.xml property set maintenance-mode=false
      pcs cluster cib-push /run/sabotage.xml --config
      rm /run/sabotage.xml`,
      drill: 'frozen daemon',
      verdict: 'failed',
      words: ['not recorded: lxc1_monitor_30000', 'detected: not reached'],
    },
    {
      name: 'domain-monitored-every-ten-minutes',
      description: 'the monitor of the guest’s domain has an interval of ten minutes, and not of 10 s',
      // A reset would put the configuration back, so it is changed right before the domain is destroyed.
      apply: `
      wrap /usr/bin/virsh <<'END'
      if [[ "$*" == *'destroy lxc1' && ! -e /var/lib/sabotage/slowed ]]; then
        : >/var/lib/sabotage/slowed
        cibadmin --modify --xml-text '<op id="container1-monitor-interval-10s" interval="600s"/>'
        for _ in {1..12}; do
          ! cibadmin --query --xpath "//lrm_rsc_op[@operation_key='container1_monitor_600000'][@rc-code='0']" >/dev/null 2>&1 || break
          sleep 0.1
        done
      fi
      original "$@"
END`,
      drill: 'domain destroyed',
      verdict: 'failed',
      words: ['not recorded: container1_monitor_10000'],
    },
    {
      name: 'resource-never-comes-back',
      description: 'FAKE1 gets the target role Stopped while the guest is recovered',
      apply: `
      meanwhile <<'END'
      crm_resource --resource FAKE1 --meta --set-parameter target-role --parameter-value Stopped
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['FAKE1 does not run', 'recovered: not reached'],
    },
    {
      name: 'bystander-guest-restarted',
      description: 'another guest is killed and recovered with the one that was broken',
      apply: `
      meanwhile <<'END'
      kill -KILL "$(daemon_of "$(init_of lxc2)")"
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['lxc2: domain id was', 'also recorded: lxc2_monitor_30000'],
    },
    {
      name: 'bystander-resource-restarted',
      description: 'FAKE2 is stopped and started again in another guest, too quickly for a sample to see it',
      apply: `
      meanwhile <<'END'
      ${fake2IsRestarted}
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['lxc2: FAKE2 was stopped there'],
    },
    {
      name: 'bystander-in-standby',
      description: 'somebody puts another guest into standby meanwhile',
      apply: `
      meanwhile <<'END'
      crm_attribute --node lxc3 --name standby --update on
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['lxc3: FAKE3 did not run there'],
    },
    {
      name: 'resource-runs-twice',
      description: 'FAKE1 runs in a second guest for some seconds, of which the cluster does not know',
      apply: `
      meanwhile <<'END'
      file=/proc/$(init_of lxc3)/root/run/Dummy-FAKE1.state
      until [ -e "/proc/$(init_of lxc1)/root/run/Dummy-FAKE1.state" ]; do sleep 0.02; done
      : >"$file"
      sleep 3
      rm "$file"
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: [/FAKE1 has a state file on .* at once/],
    },
    {
      name: 'resource-on-forbidden-node',
      description: 'FAKE1 is started on the guest from which it is banned',
      apply: `
      meanwhile <<'END'
      file=/proc/$(init_of lxc1)/root/run/Dummy-FAKE1.state
      while [ -e "$file" ]; do sleep 0.02; done
      : >"$file"
      sleep 12
      rm "$file"
END`,
      drill: 'resource banned',
      verdict: 'failed',
      words: [/FAKE1 has a state file on lxc1 and lxc\d at once/],
    },
    {
      name: 'ban-overruled',
      description: 'somebody lifts the ban and moves FAKE1 back to the guest from which it is banned',
      apply: `
      meanwhile <<'END'
      until [ ! -e "/proc/$(init_of lxc1)/root/run/Dummy-FAKE1.state" ]; do sleep 0.1; done
      crm_resource --clear --resource FAKE1
      crm_resource --move --resource FAKE1 --node lxc1
END`,
      drill: 'resource banned',
      verdict: 'inconclusive',
      words: ['The fault resource-banned was undone by somebody else'],
    },
  ],
};
