import { pacemakerRemotedKilledInside } from '../fixtures/faults.ts';
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
  hostAndGuestReachEachOther,
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
import { theClusterStopsAndStarts, theHostRebootsAndAllComesBack } from './claims/whole-cluster.ts';
import { detailsOf, leavesWithoutAllClear, testOf } from './known-findings.ts';

const tags = { tag: ['@walkthrough', '@kvm'] };

// In the order of the document; its guest1 is the first KVM guest of the plan.
test.use({ guestKind: 'kvm' });

test.describe('the physical host', () => {
  test('no security module is in the way', tags, ({ cluster }) => noSecurityModuleIsInTheWay(cluster));

  test('its firewall is open for clustering only', tags, ({ cluster, guest }) =>
    theHostsFirewallIsOpenForClusteringOnly(cluster, guest),
  );

  test('it is a member of corosync and the DC', tags, ({ cluster }) => theHostIsAMemberAndTheDc(cluster));

  test('the cluster stops and starts, and its guests with it', tags, ({ cluster }) =>
    theClusterStopsAndStarts(cluster),
  );

  test('everything comes back after a reboot', tags, ({ cluster }) => theHostRebootsAndAllComesBack(cluster));
});

test.describe('the KVM guest', () => {
  test("libvirt's default network is up, with the expected address", tags, ({ cluster }) =>
    theDefaultNetworkIsUp(cluster),
  );

  test('its firewall is open for clustering and SSH only', tags, ({ cluster, guest }) =>
    theGuestsFirewallIsOpenForClusteringOnly(cluster, guest, ['22/tcp']),
  );

  test('host and guest reach each other with ping and SSH', tags, ({ cluster, guest }) =>
    hostAndGuestReachEachOther(cluster, guest),
  );

  test("it has the host's authkey", tags, ({ cluster }) => everyGuestHasTheHostsAuthkey(cluster));

  test('with another authkey it stays out', tags, ({ cluster, guest }) => anotherAuthkeyKeepsItOut(cluster, guest));
});

test.describe('integrate the guest into the cluster', () => {
  test('its domain runs as generated, and by nobody but the cluster', tags, ({ cluster, guest }) =>
    theDomainIsAsGenerated(cluster, guest),
  );

  test('it is a guest node, run by its resource', tags, async ({ cluster }) => {
    for (const each of plannedGuests('kvm')) await itIsAGuestNode(cluster, each);
  });

  test('it comes and goes with its resource, and the route to its port 3121', tags, ({ cluster, guest }) =>
    itComesAndGoesWithItsResource(cluster, guest),
  );
});

test.describe('resources on the KVM guest', () => {
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

test.describe('recovery and fencing', () => {
  test(
    "it is recovered when its pacemaker_remoted is killed, and the walk-through's clean-up clears the record",
    tags,
    async ({ drill, cluster, guest }) => {
      await theGuestIsRecovered(drill, guest, pacemakerRemotedKilledInside);
      await aCleanUpWhileItIsStoppedClearsTheRecord(cluster, guest);
    },
  );

  test(
    'it is recovered when its pacemaker_remoted is killed, and a clean-up while it is active clears the record',
    tags,
    async ({ drill, cluster, guest }) => {
      await theGuestIsRecovered(drill, guest, pacemakerRemotedKilledInside);
      await aCleanUpWhileItIsActiveClearsTheRecord(cluster, guest);
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
    aKillInMaintenanceModeIsNoFailure(cluster, drill, guest, pacemakerRemotedKilledInside),
  );
});

test.describe('cluster tools in the KVM guest', () => {
  test('they agree with the host', tags, ({ cluster, guest }) => clusterToolsInTheGuestAgree(cluster, guest));

  test('an attribute set there arrives in the CIB', tags, ({ cluster, guest }) =>
    anAttributeSetInTheGuestArrives(cluster, guest),
  );

  test('a promotable resource follows its scores', tags, ({ cluster, guest }) =>
    aPromotableResourceFollowsItsScores(cluster, guest),
  );
});
