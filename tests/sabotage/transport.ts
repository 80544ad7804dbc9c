import type { SabotageFamily } from './sabotage.ts';

/**
 * The clock that the sampler takes its stamps from jumps; no clock is set. bash gives up its own EPOCHREALTIME, and a trap
 * sets one before each command: what the machine's uptime says, and so many seconds more from the first sample after the fault on.
 */
const clockJumps = (seconds: number): string => `
cat >/var/lib/sabotage/clock <<'END'
unset EPOCHREALTIME
sabotage_jump=0
read -r sabotage_up _ </proc/uptime
sabotage_base=$(($(date +%s%6N) - 10#\${sabotage_up/./} * 10000))
sabotage_daemon=$(</var/lib/sabotage/daemon)
sabotage_clock() {
  [[ $BASH_COMMAND != asked=* || -e /proc/$sabotage_daemon ]] || sabotage_jump=${seconds}000000
  read -r sabotage_up _ </proc/uptime
  sabotage_now=$((sabotage_base + 10#\${sabotage_up/./} * 10000 + sabotage_jump))
  EPOCHREALTIME=\${sabotage_now:0:-6}.\${sabotage_now: -6}
}
set -T
trap sabotage_clock DEBUG
END
append /root/.bashrc <<'END'
case \${BASH_EXECUTION_STRING-} in *'Streams samples of'*) [[ $BASH_EXECUTION_STRING == exec* ]] || . /var/lib/sabotage/clock ;; esac
END`;

/** Sets `sampler` to the drill's own sampler on the host. */
const findSampler = `
for sampler in $(pgrep -x bash); do ! grep -q 'Streams samples of' "/proc/$sampler/cmdline" || break; done`;

/** The host, and the way to it. */
export const transport: SabotageFamily = {
  family: 'host and transport',
  sabotages: [
    {
      name: 'clock-jumps-ahead',
      description: 'the sampler’s clock is an hour ahead from the fault on',
      apply: clockJumps(3_600),
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['ObservationError: The clock of example-host jumped ahead by'],
      quick: true,
    },
    {
      name: 'clock-jumps-back',
      description: 'the sampler’s clock is an hour late from the fault on',
      apply: clockJumps(-3_600),
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['ObservationError: The clock of example-host jumped back by'],
    },
    {
      name: 'host-reboots',
      description: 'the host reboots while the guest is recovered',
      apply: `
      meanwhile <<'END'
      sleep 1
      systemctl reboot --force
END`,
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['TransportError'],
    },
    {
      name: 'channel-stalls',
      description: 'the SSH connection of the drill stands still and stays open (SIGSTOP of its sshd)',
      apply: `
      meanwhile <<'END'
      ${findSampler}
      session=$(ps -o ppid= -p "$sampler") && server=$(ps -o ppid= -p $session)
      echo $session $server >/var/lib/sabotage-stalled
      kill -STOP $session $server
END`,
      undo: `
      [ ! -e /var/lib/sabotage-stalled ] || kill -KILL $(cat /var/lib/sabotage-stalled) 2>/dev/null
      rm -f /var/lib/sabotage-stalled`,
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['has sent no sample for'],
    },
    {
      name: 'sampler-killed',
      description: 'the sampler is killed on the host',
      apply: `
      meanwhile <<'END'
      ${findSampler}
      kill -KILL "$sampler"
END`,
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['TransportError'],
    },
    {
      name: 'login-script-talks',
      description: 'a login script on the host writes into what the sampler sends',
      apply: `
      append /root/.bashrc <<'END'
case \${BASH_EXECUTION_STRING-} in *'Streams samples of'*) (. /var/lib/sabotage/broken; until broken 600; do sleep 0.1; done; echo You have new mail.) & ;; esac
END`,
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['The stream of samples cannot be followed', 'login script'],
    },
    {
      name: 'lab-left-dirty',
      description: 'somebody has left a constraint and a failed action behind',
      apply: `
      crm_resource --ban --resource FAKE3 --node lxc3
      crm_resource --fail --resource FAKE2 --node lxc2
      sleep 3`,
      drill: 'guest failure',
      verdict: 'passed',
      words: ['put the baseline configuration back', 'cleaned up failed actions and fail counts', '1 passed'],
    },
    {
      name: 'rule-left-behind',
      description: 'somebody has left a rule of the packet filter behind, which no reset knows how to take away',
      apply: `
      nft add table inet sabotage
      nft add chain inet sabotage inwards '{ type filter hook input priority 0; }'
      nft add rule inet sabotage inwards tcp dport 3121 counter`,
      undo: 'nft delete table inet sabotage 2>/dev/null || :',
      drill: 'guest failure',
      verdict: 'passed',
      words: [/has to be rebuilt: .*left behind on example-host: packet filter inet sabotage inwards/, '1 passed'],
    },
  ],
};
