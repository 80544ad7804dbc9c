import type { SabotageFamily } from './sabotage.ts';

/** What the drill's own bash on the host is made to do with a kill of lxc1's daemon. */
const killOfDaemon = (deed: string): string => `
append /root/.bashrc <<'END'
kill() {
  if [ "$1 $2" = "-KILL $(</var/lib/sabotage/daemon)" ]; then ${deed}; else builtin kill "$@"; fi
}
export -f kill
END`;

const ruleGone = (seconds: number): string => `
meanwhile <<'END'
sleep ${seconds}
nft -a list tables | awk '/drill-/ { print $2, $3 }' | while read -r table; do nft delete table $table; done
END`;

/** Kills that kill nothing, rules that match nothing, and heals that heal nothing. */
export const proofs: SabotageFamily = {
  family: 'faults',
  sabotages: [
    {
      name: 'kill-kills-nothing',
      description: 'kill says that it has killed the daemon and does nothing',
      apply: killOfDaemon(':'),
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['did not take effect in lxc1 within 2000 ms'],
      quick: true,
    },
    {
      name: 'kill-kills-another-process',
      description: 'kill hits the daemon of another guest',
      apply: `${killOfDaemon('builtin kill -KILL "$(</var/lib/sabotage/another)"')}
      daemon_of "$(init_of lxc2)" >/var/lib/sabotage/another`,
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['did not take effect in lxc1 within 2000 ms'],
    },
    {
      name: 'rule-matches-nothing',
      description: 'nft puts the rule on another port than the one it was told',
      apply: `
      wrap /usr/sbin/nft <<'END'
      if [ "$*" = '--file -' ]; then sed 's/port 3121/port 3122/' | original "$@"; else original "$@"; fi
END`,
      drill: 'new connections rejected',
      verdict: 'inconclusive',
      words: ['The fault port-3121-new-rejected did not take effect in lxc1'],
    },
    {
      name: 'rule-taken-away',
      description: 'somebody takes the rule away while it is watched that nothing happens',
      apply: ruleGone(3),
      drill: 'new connections rejected',
      verdict: 'inconclusive',
      words: ['The fault port-3121-new-rejected was undone by somebody else'],
    },
    {
      name: 'heal-heals-nothing',
      description: 'nft says that it has deleted the rule and does nothing',
      apply: `
      wrap /usr/sbin/nft <<'END'
      [[ $1 != delete ]] || exit 0
      original "$@"
END`,
      drill: 'new connections rejected',
      verdict: 'inconclusive',
      words: ['The fault port-3121-new-rejected is not undone in lxc1'],
    },
    {
      name: 'daemon-thawed',
      description: 'somebody lets the frozen daemon go on while it is watched that nothing happens',
      apply: `
      meanwhile <<'END'
      sleep 2
      kill -CONT "$(</var/lib/sabotage/daemon)"
END`,
      drill: 'frozen for some seconds',
      verdict: 'inconclusive',
      words: ['The fault pacemaker-remoted-frozen was undone by somebody else'],
    },
  ],
};
