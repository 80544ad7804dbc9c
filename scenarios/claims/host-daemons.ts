import { electionBudgets } from '../../fixtures/budgets.ts';
import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import type { Hold } from '../../fixtures/drill.ts';
import { expect } from '../../fixtures/expect.ts';
import type { Fault } from '../../fixtures/faults.ts';
import { plannedGuests, type GuestPlan } from '../../fixtures/guests.ts';
import { nodeOf, whereItRuns } from '../../fixtures/observer/running.ts';
import type { DrillOutcome } from '../../fixtures/outcome.ts';
import type { Hands } from './common.ts';
import { nothingHappens } from './nothing.ts';

type Daemons = Awaited<ReturnType<Cluster['daemons']>>;

/** The daemons that are other processes than before. */
const startedAnew = (before: Daemons, now: Daemons): readonly string[] =>
  [...now].flatMap(([daemon, process]) => (before.get(daemon) === process ? [] : [daemon]));

/**
 * Nothing happens, by design, and no other daemon of the cluster ends for it: those that are started anew, by whoever
 * started them before, are the ones that are given.
 */
export const nothingHappensToTheCluster = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
  hold: Hold,
  anew: readonly string[] = [],
): Promise<void> => {
  const before = await cluster.daemons();
  await nothingHappens(drill, guest, fault, hold);
  expect(startedAnew(before, await cluster.daemons()), 'the daemons that were started anew').toEqual(anew);
};

/** What crm_mon shows until dc-deadtime is over, when there is no DC. */
type ShownMeanwhile =
  /** Everything where it was, and the DC too: it reads what the last DC left. */
  | 'what was'
  /** No DC, all nodes offline, everything stopped: the CIB manager has begun with its file, in which no status is kept. */
  | 'nothing at all';

/**
 * What crm_mon shows is no outage and looks like one. Until dc-deadtime is over it shows what is given; then, for as long as
 * the new DC probes, all guest nodes as offline and everything as stopped; and nothing ever in another place than it was.
 */
const expectToReadStoppedForAMoment = (outcome: DrillOutcome, shown: ShownMeanwhile, dcDeadtimeMs: number): void => {
  const { before, samples, injectedAtMs, plan } = outcome;
  const ids = [...new Set(before.status.resources.map(({ id }) => id))];
  const placesIn = (seen: readonly (typeof before)[]): readonly string[] => [
    ...new Set(
      seen.flatMap(({ status }) => ids.map((id) => `${id} on ${whereItRuns(status, id).join(' and ') || 'no node'}`)),
    ),
  ];
  const placesBefore = placesIn([before]);
  const isStopped = ({ status }: typeof before): boolean =>
    plan.guests.every(({ name }) => nodeOf(status, name)?.online !== true) &&
    ids.every((id) => whereItRuns(status, id).length === 0);
  const early = samples.filter(({ atMs }) => atMs < injectedAtMs + dcDeadtimeMs);
  // The CIB manager may answer once more before it ends.
  const begun = early.findIndex(({ status }) => status.dc === null);
  const began = shown === 'what was' || begun < 0 ? early.length : begun;
  expect(
    placesIn(early.slice(0, began)).filter((place) => !placesBefore.includes(place)),
    'crm_mon shows everything where it was, as long as it shows a DC',
  ).toEqual([]);
  if (shown === 'nothing at all') expect(begun, 'crm_mon shows no DC before dc-deadtime is over').not.toBe(-1);
  expect(
    placesIn(early.slice(began).filter((sample) => sample.status.dc !== null || !isStopped(sample))),
    'once crm_mon shows no DC, it shows nothing that runs until dc-deadtime is over',
  ).toEqual([]);
  expect(samples.some(isStopped), 'before it is found running, crm_mon shows everything stopped').toBe(true);
  expect(
    placesIn(samples).filter((place) => !place.endsWith(' on no node') && !placesBefore.includes(place)),
    'crm_mon never shows anything in another place',
  ).toEqual([]);
};

/** What holds when the host has become the DC anew: everything was found running, and nothing is taken for a failure. */
const expectEverythingFoundRunning = (outcome: DrillOutcome): void => {
  expect(outcome).toRecordOnlyTheFailedActions([]);
  expect(outcome).toCountOnlyTheFailures([]);
  expect(outcome).toHaveRestartedNothing();
  expect(outcome).toAgreeWithTheMachine();
  expect(outcome).toKeepTheInvariants();
  expect(outcome).toRecoverInTime();
};

/**
 * The daemon is started again, and others with it that can't do without it. The host becomes the DC anew and finds
 * everything running: no guest and no resource is restarted or moved, and nothing is recorded. Takes the daemons that are
 * started again, and by when the daemon has ended, in milliseconds, where it does not with the fault.
 */
export const theHostTakesOverAgain = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
  {
    anew,
    shown,
    endedMs = 0,
  }: { readonly anew: readonly string[]; readonly shown: ShownMeanwhile; readonly endedMs?: number },
): Promise<void> => {
  const before = await cluster.daemons();
  const outcome = await drill.breakAndAwait(fault, guest, {
    budgets: electionBudgets(endedMs),
    back: async () => {
      const now = await cluster.daemons();
      return now.size === before.size && anew.every((daemon) => startedAnew(before, now).includes(daemon));
    },
  });
  expect(startedAnew(before, await cluster.daemons()), 'the daemons that were started anew').toEqual(anew);
  expectEverythingFoundRunning(outcome);
  expectToReadStoppedForAMoment(outcome, shown, cluster.dcDeadtimeMs);
};

const downMs = 15_000;

/**
 * The cluster is down until somebody starts corosync again: nobody answers, and the machine shows that guests and resources
 * run on. The host then becomes the DC anew and finds everything running.
 */
export const theClusterIsDownUntilItIsStarted = async (
  { cluster, drill }: Hands,
  guest: GuestPlan,
  fault: Fault,
  { anew }: { readonly anew: readonly string[] },
): Promise<void> => {
  const before = await cluster.daemons();
  const truths = () => Promise.all(plannedGuests().map((each) => cluster.truthOf(each)));
  const truthsBefore = await truths();
  const outcome = await drill.breakAndAwait(fault, guest, {
    budgets: electionBudgets(downMs),
    async meanwhile() {
      await cluster.staysSo('corosync is down', async () => !(await cluster.daemons()).has('corosync'), downMs);
      expect(await cluster.connection(), 'crm_mon can ask nobody').toBe('not connected');
      expect(await truths(), 'the guests and what runs there run on').toEqual(truthsBefore);
      await cluster.startCluster();
    },
    back: async () => (await cluster.daemons()).size === before.size,
  });
  expect(startedAnew(before, await cluster.daemons()), 'the daemons that were started anew').toEqual(anew);
  expectEverythingFoundRunning(outcome);
  expectToReadStoppedForAMoment(outcome, 'nothing at all', downMs + cluster.dcDeadtimeMs);
};
