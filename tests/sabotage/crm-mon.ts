import { fake2IsRestarted } from './recovery.ts';
import type { SabotageFamily } from './sabotage.ts';

/** What crm_mon prints goes through a filter for some seconds from the fault on. */
export const filtered = (filter: string, seconds: number): string => `
wrap /usr/sbin/crm_mon <<'END'
if broken ${seconds}; then original "$@" | ${filter}; else original "$@"; fi
END`;

/** A command says from the fault on, for some seconds, what it said last before. */
const repeats = (command: string, seconds: number): string => `
wrap /usr/sbin/${command} <<'END'
last=/var/lib/sabotage/last-${command}
if broken ${seconds} && [ -e $last ]; then cat $last; else original "$@" >$last.$$ && mv $last.$$ $last && cat $last; fi
END`;

/** crm_mon, or the CIB that it is given, that does not say what is. */
export const crmMon: SabotageFamily = {
  family: 'crm_mon',
  sabotages: [
    {
      name: 'crm-mon-repeats-itself',
      description: 'crm_mon says from the fault on what it said last before',
      apply: repeats('crm_mon', 60),
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['crm_mon repeats'],
    },
    {
      name: 'crm-mon-repeats-itself-while-something-happens',
      description: 'crm_mon repeats itself in a drill of which nothing is to come, and a resource fails meanwhile',
      apply: `${repeats('crm_mon', 25)}
      meanwhile <<'END'
      crm_resource --fail --resource FAKE2 --node lxc2
END`,
      drill: 'new connections rejected',
      verdict: 'inconclusive',
      words: ['crm_mon repeats'],
    },
    {
      name: 'cib-repeats-itself',
      description: 'cibadmin gives from the fault on the CIB that it gave last before',
      apply: repeats('cibadmin', 60),
      drill: 'guest failure',
      verdict: 'failed',
      words: ['recovered: not reached'],
    },
    {
      name: 'cib-repeats-itself-while-something-happens',
      description:
        'cibadmin repeats itself in a drill of which nothing is to come, and a resource is restarted meanwhile',
      apply: `${repeats('cibadmin', 25)}
      meanwhile <<'END'
      ${fake2IsRestarted}
END`,
      drill: 'new connections rejected',
      verdict: 'failed',
      words: ['lxc2: FAKE2 was stopped there'],
    },
    {
      name: 'crm-mon-answers-late',
      description: 'crm_mon takes 7 s for an answer',
      apply: `
      wrap /usr/sbin/crm_mon <<'END'
      ! broken 30 || sleep 7
      original "$@"
END`,
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ["ObservationError: The host could not tell the cluster's status"],
    },
    {
      name: 'crm-mon-says-nothing',
      description: 'crm_mon prints nothing and says that all is well',
      apply: filtered('cat >/dev/null', 10),
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['ObservationError'],
    },
    {
      name: 'crm-mon-cut-short',
      description: 'crm_mon prints the first half of its XML',
      apply: filtered('head -c 4000', 10),
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: ['ObservationError', 'cut short'],
      quick: true,
    },
    {
      name: 'crm-mon-of-another-release',
      description: 'crm_mon answers in a format of a release that there is not yet',
      apply: filtered(`sed 's/api-version="[0-9.]*"/api-version="3.1"/'`, 10),
      drill: 'guest failure',
      verdict: 'inconclusive',
      words: [`crm_mon's output format "3.1" is none that this suite knows`],
    },
    {
      name: 'crm-mon-drops-a-node',
      description: 'crm_mon leaves out another guest for some seconds',
      apply: filtered(`sed '/<node name="lxc2".*online=/d'`, 4),
      drill: 'guest failure',
      verdict: 'failed',
      words: ['nodes configured: crm_mon counts 4 and lists 3', 'lxc2: not online'],
    },
    {
      name: 'crm-mon-has-the-guest-online',
      description: 'crm_mon says that the guest is online while it is restarted',
      apply: filtered(`sed '/<node name="lxc1".*online=/s/online="false"/online="true"/'`, 20),
      drill: 'guest failure',
      verdict: 'failed',
      words: ['the guest node lxc1 is offline while it is recovered: not so', 'it is online'],
    },
    {
      name: 'crm-mon-has-a-resource-elsewhere',
      description: 'crm_mon says that FAKE1 runs in a guest in which it does not',
      apply: filtered(
        `sed '/<resource id="FAKE1"/,/<\\/resource>/s/name="lxc[12]" id="lxc[12]"/name="lxc3" id="lxc3"/'`,
        20,
      ),
      drill: 'guest failure',
      verdict: 'failed',
      words: [/after, the cluster says that .*FAKE1.* runs on lxc3; its state files say/],
    },
  ],
};
