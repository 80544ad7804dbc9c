import { findFault } from '../fixtures/faults.ts';
import { test } from '../fixtures/test.ts';
import { drillsOf } from './catalogue.ts';
import { everythingIsBackOnceLibvirtAnswers } from './claims/hanging-libvirt.ts';
import {
  nothingHappensToTheCluster,
  theClusterIsDownUntilItIsStarted,
  theHostTakesOverAgain,
} from './claims/host-daemons.ts';
import { nothingHappens, someSeconds } from './claims/nothing.ts';
import { aFailureIsNoticedByTimeThatPasses } from './claims/host-clock.ts';
import { theHostEndsAndAllComesBack } from './claims/whole-cluster.ts';

const quick = { quick: true };

/** By when pacemakerd has ended a daemon that does not answer: asked every 7 s, five times. */
const endedMs = 45_000;

// A monitor of every domain and resource (10 s) falls into it; a guest runs on without libvirt.
const libvirtEnds = ['libvirtd-restarted', 'libvirtd-killed', 'libvirtd-stopped'];
for (const { title, tags, fault, guest } of drillsOf(libvirtEnds, 'is left alone', quick))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 12_000, healedMs: 2_000 }));

// The monitors of the domains wait for it, for as long as their time-out of 30 s.
const libvirtFrozen = ['libvirtd-frozen'];
for (const { title, tags, fault, guest } of drillsOf(libvirtFrozen, 'is left alone for some seconds of it'))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 15_000, healedMs: 12_000 }));

for (const { title, tags, fault, guest } of drillsOf(libvirtFrozen, 'is back once it answers again'))
  test(title, tags, ({ drill, cluster }) => everythingIsBackOnceLibvirtAnswers({ drill, cluster }, guest, fault));

// TCP repairs it; a monitor of the connection (30 s) falls into the whole of it.
const networkGone = ['bridge-down', 'network-destroyed'];
for (const { title, tags, fault, guest } of drillsOf(networkGone, 'is left alone for some seconds of it'))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 12_000, healedMs: 35_000 }));

// Two monitors of each connection: TCP repairs what is lost, and their time-out is longer than what is late.
const bearable = ['bridge-delayed', 'bridge-lossy'];
for (const { title, tags, fault, guest } of drillsOf(bearable, 'is left alone'))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 65_000, healedMs: 10_000 }));

// Nobody asks for a name while the connection is there.
const names = ['guest-name-gone', 'guest-name-misleading'];
for (const { title, tags, fault, guest } of drillsOf(names, 'is left alone', quick))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 12_000, healedMs: 2_000 }));

// Each is started again, beside the controller, whose the guests' connections are.
const others = ['pacemakerd', 'pacemaker-attrd', 'pacemaker-fenced'];
for (const daemon of others)
  for (const { title, tags, fault, guest } of drillsOf([`${daemon}-killed`], 'is left alone', quick))
    test(title, tags, ({ drill, cluster }) =>
      nothingHappensToTheCluster(
        { drill, cluster },
        guest,
        fault,
        { heldMs: 12_000, healedMs: 2_000, lasts: 'until it is mended' },
        [daemon],
      ),
    );

// A host alone has nobody who would miss it.
for (const { title, tags, fault, guest } of drillsOf(['corosync-frozen'], 'is left alone'))
  test(title, tags, ({ drill, cluster }) =>
    nothingHappensToTheCluster({ drill, cluster }, guest, fault, { heldMs: 45_000, healedMs: 5_000 }),
  );

// Two of the daemons stand for all in the quick set.
const frozen = [
  ...drillsOf(['pacemakerd-frozen', 'pacemaker-controld-frozen'], 'is left alone for some seconds of it', quick),
  ...drillsOf(
    ['pacemaker-execd-frozen', 'pacemaker-attrd-frozen', 'pacemaker-fenced-frozen', 'pacemaker-schedulerd-frozen'],
    'is left alone for some seconds of it',
  ),
];
for (const { title, tags, fault, guest } of frozen)
  test(title, tags, ({ drill, cluster }) => nothingHappensToTheCluster({ drill, cluster }, guest, fault, someSeconds));

// Nobody can be asked for the cluster's status meanwhile, and the sampler waits 5 s for an answer.
const baseFrozen = ['pacemaker-based-frozen'];
for (const { title, tags, fault, guest } of drillsOf(baseFrozen, 'is left alone for some seconds of it'))
  test(title, tags, ({ drill, cluster }) =>
    nothingHappensToTheCluster({ drill, cluster }, guest, fault, { heldMs: 3_000, healedMs: 12_000 }),
  );

// pacemakerd asks each in its turn, and ends one that has not answered five times (some 35 s); others can do without these.
for (const daemon of ['pacemaker-attrd', 'pacemaker-fenced'])
  for (const { title, tags, fault, guest } of drillsOf([`${daemon}-frozen`], 'is left alone when it is started again'))
    test(title, tags, ({ drill, cluster }) =>
      nothingHappensToTheCluster(
        { drill, cluster },
        guest,
        fault,
        { heldMs: endedMs, healedMs: 5_000, lasts: 'until it is mended' },
        [daemon],
      ),
    );

const starved = ['host-cpu-starved', 'host-memory-starved'];
for (const { title, tags, fault, guest } of drillsOf(starved, 'is left alone', quick))
  test(title, tags, ({ drill, cluster }) =>
    nothingHappensToTheCluster({ drill, cluster }, guest, fault, { heldMs: 12_000, healedMs: 2_000 }),
  );

// The controller ends with each of these, and begins anew; the CIB manager takes others with it.
const withController = [
  { daemon: 'pacemaker-controld', anew: ['pacemaker-controld'] },
  { daemon: 'pacemaker-execd', anew: ['pacemaker-controld', 'pacemaker-execd'] },
  { daemon: 'pacemaker-schedulerd', anew: ['pacemaker-controld', 'pacemaker-schedulerd'] },
];
const withBase = ['pacemaker-controld', 'pacemaker-based', 'pacemaker-attrd', 'pacemaker-fenced'];
const takeOvers = [
  ...withController.map(({ daemon, anew }) => ({ name: `${daemon}-killed`, anew, shown: 'what was' as const })),
  { name: 'pacemaker-based-killed', anew: withBase, shown: 'nothing at all' as const },
];
for (const { name, ...expected } of takeOvers)
  for (const { title, tags, fault, guest } of drillsOf([name], 'runs on while the host takes over again'))
    test(title, tags, ({ drill, cluster }) => theHostTakesOverAgain({ drill, cluster }, guest, fault, expected));

for (const { daemon, anew } of withController)
  for (const { title, tags, fault, guest } of drillsOf([`${daemon}-frozen`], 'runs on while the host takes over again'))
    test(title, tags, ({ drill, cluster }) =>
      theHostTakesOverAgain({ drill, cluster }, guest, fault, { anew, shown: 'what was', endedMs }),
    );

// Nobody starts it again; pacemakerd waits for it, and these end without it.
const withCorosync = ['corosync', 'pacemaker-controld', 'pacemaker-based', 'pacemaker-attrd', 'pacemaker-fenced'];
for (const { title, tags, fault, guest } of drillsOf(['corosync-killed'], 'runs on until the cluster is started'))
  test(title, tags, ({ drill, cluster }) =>
    theClusterIsDownUntilItIsStarted({ drill, cluster }, guest, fault, { anew: withCorosync }),
  );

// A host alone has nobody who would fence it, or take over.
const ends = ['host-power-lost', 'host-reset', 'host-crashed'];
for (const { title, tags, fault, guest } of drillsOf(ends, 'is back, with everything else, once the host has booted'))
  test(title, tags, ({ drill, cluster }) => theHostEndsAndAllComesBack({ drill, cluster }, guest, fault));

// Nobody's time goes on meanwhile; a monitor of each kind comes afterwards.
for (const { title, tags, fault, guest } of drillsOf(['host-paused'], 'is left alone'))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 35_000, healedMs: 2_000 }));

// Two monitors of each connection, before and after.
const clocks = ['host-clock-ahead', 'host-clock-back'];
for (const { title, tags, fault, guest } of drillsOf(clocks, 'is left alone'))
  test(title, tags, ({ drill }) => nothingHappens(drill, guest, fault, { heldMs: 65_000, healedMs: 65_000 }));

const failure = findFault('resource-state-file-removed');
for (const { title, tags, fault, guest } of drillsOf(
  clocks,
  'has a failure of a resource noticed, and recorded by the clock',
))
  test(title, tags, ({ drill, cluster }) =>
    aFailureIsNoticedByTimeThatPasses({ drill, cluster }, guest, { clock: fault, failure }),
  );
