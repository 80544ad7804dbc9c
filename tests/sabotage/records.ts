import { filtered } from './crm-mon.ts';
import type { SabotageFamily } from './sabotage.ts';

const failCount = `--name 'fail-count-lxc1#monitor_30000' --node example-host`;

/** Waits until the guest is back, so that what is done then does not come between the cluster's own steps. */
const whenBack = `
until daemon=$(daemon_of "$(init_of lxc1 2>/dev/null)" 2>/dev/null) && [ -e "/proc/$(init_of lxc1)/root/run/Dummy-FAKE1.state" ]; do sleep 0.05; done`;

/** Failed actions and fail counts that are not what the failure left. */
export const records: SabotageFamily = {
  family: 'records',
  sabotages: [
    {
      name: 'failure-cleared',
      description: 'the failed action is cleaned up behind everybody’s back',
      apply: `
      meanwhile <<'END'
      ${whenBack}
      crm_resource --cleanup --resource lxc1
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['recorded, but gone again at the end: lxc1_monitor_30000', 'not counted: lxc1 on example-host: 1'],
    },
    {
      name: 'failure-hidden',
      description: 'crm_mon leaves the failed actions out',
      apply: filtered(`sed '/<failures>/,/<\\/failures>/d'`, 20),
      drill: 'guest failure',
      verdict: 'failed',
      words: ['not recorded: lxc1_monitor_30000'],
    },
    {
      name: 'failure-of-another-resource',
      description: 'crm_mon files the connection’s failure under the resource that runs the guest',
      apply: filtered(`sed '/<failure /s/"lxc1_monitor_30000"/"container1_monitor_30000"/'`, 20),
      drill: 'guest failure',
      verdict: 'failed',
      words: ['not recorded: lxc1_monitor_30000', 'also recorded: container1_monitor_30000'],
    },
    {
      name: 'failure-with-another-exit-code',
      description: 'crm_mon tells the failure with the exit code 6, and not 1',
      apply: filtered(`sed '/<failure .*lxc1_monitor/s/exitcode="1"/exitcode="6"/'`, 20),
      drill: 'guest failure',
      verdict: 'failed',
      words: ['also recorded: lxc1_monitor_30000 on example-host (exit code 6'],
      quick: true,
    },
    {
      name: 'fail-count-not-raised',
      description: 'the failure is not counted',
      apply: `
      meanwhile <<'END'
      ${whenBack}
      attrd_updater ${failCount} --delete
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['not counted: lxc1 on example-host: 1'],
    },
    {
      name: 'fail-count-raised-twice',
      description: 'the failure is counted twice',
      apply: `
      meanwhile <<'END'
      ${whenBack}
      attrd_updater ${failCount} --update 2
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['also counted: lxc1 on example-host: 2'],
    },
    {
      name: 'another-failure',
      description: 'a resource in another guest fails as well',
      apply: `
      meanwhile <<'END'
      crm_resource --fail --resource FAKE2 --node lxc2
END`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['also recorded: FAKE2_asyncmon_0 on lxc2', 'also counted: FAKE2 on lxc2: 1'],
    },
  ],
};
