import { shellFunctions } from './host-script.ts';
import type { SabotageFamily } from './sabotage.ts';

const virtualDomain = '/usr/lib/ocf/resource.d/heartbeat/VirtualDomain';

/** VirtualDomain does something else for the resource that runs lxc1. */
const virtualDomainLies = (deed: string): string => `
wrap ${virtualDomain} <<'END'
[ "$OCF_RESOURCE_INSTANCE" != container1 ] || case $1 in
${deed}
esac
original "$@"
END`;

/** The agent of FAKE1 does something else in an action (and its interval), so many times in each of the guests. */
const fake1Lies = (guests: string, actions: string, times: number, deed = '! sabotage_lies || exit 0'): string => `
for guest in ${guests}; do
  append /root/lxc/$guest-filesystem/${shellFunctions} <<'END'
sabotage_lies() {
  sabotage_count=$(cat /var/lib/sabotage-lies 2>/dev/null || echo 0)
  [ "$sabotage_count" -lt ${times} ] && echo $((sabotage_count + 1)) >/var/lib/sabotage-lies
}
case "$OCF_RESOURCE_INSTANCE $1 \${OCF_RESKEY_CRM_meta_interval:-0}" in ${actions}) ${deed} ;; esac
END
done`;
/** Where its state file is gone. */
const ifGone = '[ -e /run/Dummy-FAKE1.state ] || ! sabotage_lies || exit 0';

/** Agents that do not do what they say, or do not say what is. */
export const agents: SabotageFamily = {
  family: 'agents',
  sabotages: [
    {
      name: 'domain-start-does-nothing',
      description: 'VirtualDomain’s start says that the domain runs and does nothing',
      apply: virtualDomainLies('start) ! broken 50 || exit 0 ;;'),
      drill: 'guest failure',
      verdict: 'failed',
      words: ['domain id: there is none now', 'restarted: not reached'],
    },
    {
      name: 'domain-stop-lies',
      description: 'VirtualDomain’s stop says that the domain is gone and leaves it as it is',
      apply: virtualDomainLies('stop) ! broken 60 || exit 0 ;;'),
      drill: 'guest failure',
      verdict: 'failed',
      words: ['domain id: still', 'boot id: still'],
      quick: true,
    },
    {
      name: 'domain-monitor-always-happy',
      description: 'VirtualDomain’s monitor says that the domain runs when there is none any more',
      apply: virtualDomainLies('monitor | status) ! broken 70 || exit 0 ;;'),
      drill: 'domain destroyed',
      verdict: 'failed',
      words: ['not recorded: container1_monitor_10000', 'restarted: not reached'],
    },
    {
      name: 'domain-start-takes-too-long',
      description: 'VirtualDomain’s start starts the domain 20 s later than it could',
      apply: virtualDomainLies('start) ! broken 60 || sleep 20 ;;'),
      drill: 'guest failure',
      verdict: 'failed',
      words: [/restarted: after 2\d{4} ms; the budget is 15000 ms/],
    },
    {
      name: 'same-boot-id',
      description: 'the guest comes back under the boot id that it had',
      apply: `
      id=$(cat /proc/$(init_of lxc1)/root/run/boot-id)
      sed "s/^cat .*random.uuid /echo $id /" /root/lxc/lxc1-filesystem/lab-init | substitute /root/lxc/lxc1-filesystem/lab-init
      grep -q "^echo $id" /root/lxc/lxc1-filesystem/lab-init`,
      drill: 'guest failure',
      verdict: 'failed',
      words: ['boot id: still'],
    },
    {
      name: 'resource-start-does-nothing',
      description: 'the start of FAKE1 says that it runs, in whichever guest, and does nothing',
      apply: fake1Lies('lxc1 lxc2 lxc3', '"FAKE1 start "*', 1),
      drill: 'guest failure',
      verdict: 'failed',
      words: [/also recorded: FAKE1_monitor_10000 on lxc\d/],
    },
    {
      name: 'resource-runs-by-its-word-alone',
      description: 'start and monitor of FAKE1 say that it runs, and there is nothing of it',
      apply: fake1Lies('lxc1 lxc2 lxc3', '"FAKE1 start "* | "FAKE1 monitor 10000"', 4, ifGone),
      drill: 'guest failure',
      verdict: 'failed',
      words: [/after, the cluster says that .*FAKE1.* runs on lxc\d; its state files say/],
    },
    {
      name: 'resource-monitor-always-happy',
      description: 'the monitor of FAKE1 says that it runs when its state file is gone',
      apply: fake1Lies('lxc1', '"FAKE1 monitor "*', 6, ifGone),
      drill: 'state file removed',
      verdict: 'failed',
      words: ['not recorded: FAKE1_monitor_10000', 'detected: not reached'],
    },
    {
      name: 'resource-stop-lies',
      description: 'the stop of FAKE1 says that it is stopped and does nothing, and it is started elsewhere',
      apply: fake1Lies('lxc1', '"FAKE1 stop "*', 1),
      drill: 'resource banned',
      verdict: 'failed',
      words: [/FAKE1 has a state file on lxc1 and lxc\d at once/],
    },
  ],
};
