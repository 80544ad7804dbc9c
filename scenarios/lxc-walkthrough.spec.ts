import { pacemakerRemotedKilled, pacemakerRemotedKilledInside } from '../fixtures/faults.ts';
import { plannedGuests } from '../fixtures/guests.ts';
import { test } from '../fixtures/test.ts';
import { anotherAuthkeyKeepsItOut } from './claims/authkey.ts';
import {
  aCleanUpWhileItIsActiveClearsTheRecord,
  aCleanUpWhileItIsStoppedClearsTheRecord,
  theGuestIsRecovered,
} from './claims/failure.ts';
import { itComesAndGoesWithItsResource, itIsAGuestNode, theDomainIsAsGenerated } from './claims/guest-node.ts';
import {
  everyGuestHasTheHostsAuthkey,
  noSecurityModuleIsInTheWay,
  theDefaultNetworkIsUp,
  theGuestsFirewallIsOpenForClusteringOnly,
  theHostIsAMemberAndTheDc,
  theHostsFirewallIsOpenForClusteringOnly,
} from './claims/host.ts';
import {
  aKillInMaintenanceModeIsNoFailure,
  anOrderlyStopOfTheDaemonIsNoFailure,
  standbyEmptiesItOnly,
} from './claims/orderly.ts';
import {
  aPreferenceMovesItAndTheOthersAreBalanced,
  dummiesRunWhereTheirStateFilesAre,
  stoppingADummyRemovesItsStateFile,
  withStickinessAPreferenceMovesItAlone,
} from './claims/resources.ts';
import {
  anAttributeSetInTheGuestArrives,
  aPromotableResourceFollowsItsScores,
  clusterToolsInTheGuestAgree,
} from './claims/tools.ts';
import {
  theClusterStopsAndStarts,
  theHostRebootsAndAllComesBack,
  withoutQuorumNothingStops,
} from './claims/whole-cluster.ts';
import { detailsOf, leavesWithoutAllClear, testOf } from './known-findings.ts';

const tags = { tag: ['@walkthrough', '@lxc'] };

// The first LXC guest stands for all, as in the document.
test.use({ guestKind: 'lxc' });

test.describe('the host', () => {
  test('no security module is in the way', tags, ({ cluster }) => noSecurityModuleIsInTheWay(cluster));

  test('the firewalls are open for clustering only', tags, async ({ cluster, guest }) => {
    await theHostsFirewallIsOpenForClusteringOnly(cluster, guest);
    await theGuestsFirewallIsOpenForClusteringOnly(cluster, guest);
  });

  test('the host is a member of corosync and the DC', tags, ({ cluster }) => theHostIsAMemberAndTheDc(cluster));

  test('without quorum nothing stops', tags, ({ cluster }) => withoutQuorumNothingStops(cluster));

  test('the cluster stops and starts, and its guests with it', tags, ({ cluster }) =>
    theClusterStopsAndStarts(cluster),
  );

  test('everything comes back after a reboot of the host', tags, ({ cluster }) =>
    theHostRebootsAndAllComesBack(cluster),
  );
});

test.describe('the guests', () => {
  test("libvirt's default network is up, with the expected address", tags, ({ cluster }) =>
    theDefaultNetworkIsUp(cluster),
  );

  test("each guest's domain runs as generated, and by nobody but the cluster", tags, async ({ cluster }) => {
    for (const each of plannedGuests('lxc')) await theDomainIsAsGenerated(cluster, each);
  });

  test("every guest has the host's authkey", tags, ({ cluster }) => everyGuestHasTheHostsAuthkey(cluster));

  test('a guest with another authkey stays out', tags, ({ cluster, guest }) =>
    anotherAuthkeyKeepsItOut(cluster, guest),
  );

  test('each guest is a guest node, run by its resource', tags, async ({ cluster }) => {
    for (const each of plannedGuests('lxc')) await itIsAGuestNode(cluster, each);
  });

  test('a guest node comes and goes with its resource, and the route to its port 3121', tags, ({ cluster, guest }) =>
    itComesAndGoesWithItsResource(cluster, guest),
  );
});

test.describe('resources on guests', () => {
  test('Dummy resources run where their state files are', tags, ({ cluster }) =>
    dummiesRunWhereTheirStateFilesAre(cluster),
  );

  test('stopping a Dummy resource removes its state file', tags, ({ cluster, guest }) =>
    stoppingADummyRemovesItsStateFile(cluster, guest),
  );

  test('a preference moves a resource, and the others are balanced', tags, ({ cluster, guest }) =>
    aPreferenceMovesItAndTheOthersAreBalanced(cluster, guest),
  );

  test('with stickiness a preference moves a resource alone', tags, ({ cluster, guest }) =>
    withStickinessAPreferenceMovesItAlone(cluster, guest),
  );
});

test.describe('a guest fails', () => {
  test(
    'it is recovered when its pacemaker_remoted is killed from the host, and a clean-up clears the record',
    tags,
    async ({ drill, cluster, guest }) => {
      await theGuestIsRecovered(drill, guest, pacemakerRemotedKilled);
      await aCleanUpWhileItIsActiveClearsTheRecord(cluster, guest);
    },
  );

  test(
    "it is recovered when its pacemaker_remoted is killed inside, and the walk-through's clean-up clears the record",
    tags,
    async ({ drill, cluster, guest }) => {
      await theGuestIsRecovered(drill, guest, pacemakerRemotedKilledInside);
      await aCleanUpWhileItIsStoppedClearsTheRecord(cluster, guest);
    },
  );
});

test.describe('what must not look like a failure', () => {
  testOf(leavesWithoutAllClear)(
    'an orderly stop of pacemaker_remote, after which its port 3121 refuses',
    detailsOf(leavesWithoutAllClear, tags),
    ({ cluster, guest }) => anOrderlyStopOfTheDaemonIsNoFailure(cluster, guest),
  );

  test('standby and back', tags, ({ cluster, guest }) => standbyEmptiesItOnly(cluster, guest));

  test('a kill in maintenance mode', tags, ({ cluster, drill, guest }) =>
    aKillInMaintenanceModeIsNoFailure(cluster, drill, guest, pacemakerRemotedKilled),
  );
});

test.describe('cluster tools in a guest', () => {
  test('they agree with the host', tags, ({ cluster, guest }) => clusterToolsInTheGuestAgree(cluster, guest));

  test('an attribute set there arrives in the CIB', tags, ({ cluster, guest }) =>
    anAttributeSetInTheGuestArrives(cluster, guest),
  );

  test('a promotable resource follows its scores', tags, ({ cluster, guest }) =>
    aPromotableResourceFollowsItsScores(cluster, guest),
  );
});
