import type { Cluster } from '../../fixtures/cluster/cluster.ts';
import { expect } from '../../fixtures/expect.ts';
import { plannedGuests, type GuestPlan } from '../../fixtures/guests.ts';
import { resourceOf, whatRunsOn, whereItRuns } from '../../fixtures/observer/running.ts';

type Status = Awaited<ReturnType<Cluster['now']>>['status'];

const dummiesOf = (status: Status): readonly string[] =>
  status.resources.filter(({ agent }) => agent === 'ocf:pacemaker:Dummy').map(({ id }) => id);

const placesOf = (status: Status): ReadonlyMap<string, string | undefined> =>
  new Map(status.resources.map(({ id }) => [id, whereItRuns(status, id)[0]]));

/** The Dummy resources are spread over the guests, and their state files are where they run and nowhere else. */
export const dummiesRunWhereTheirStateFilesAre = async (cluster: Cluster): Promise<void> => {
  const { status, machine } = await cluster.now();
  for (const guest of plannedGuests()) {
    const ran = whatRunsOn(status, guest.name);
    expect(ran.length, `something runs on ${guest.name}`).toBeGreaterThan(0);
    expect(
      (await cluster.truthOf(guest)).stateFiles,
      `state files in ${guest.name} are those of what runs there`,
    ).toEqual(ran.toSorted());
  }
  const onHost = whatRunsOn(status, cluster.hostName).filter((id) => dummiesOf(status).includes(id));
  expect(machine.get(cluster.hostName)?.stateFiles, 'state files on the host are those of what runs there').toEqual(
    onHost,
  );
};

/** Stopping a Dummy resource on the guest removes its state file, and starting it makes it again. */
export const stoppingADummyRemovesItsStateFile = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  const [dummy = ''] = whatRunsOn((await cluster.now()).status, guest.name);
  await cluster.disable(dummy);
  await cluster.eventually(
    `${dummy} is stopped`,
    ({ status }) => resourceOf(status, dummy)?.role === 'Stopped',
    orderlyMs,
  );
  expect((await cluster.truthOf(guest)).stateFiles, `the state file of ${dummy} is gone`).not.toContain(dummy);
  await cluster.enable(dummy);
  const back = await cluster.eventually(
    `${dummy} runs again`,
    ({ status }) => resourceOf(status, dummy)?.role === 'Started',
    orderlyMs,
  );
  const [place] = whereItRuns(back.status, dummy);
  const there = plannedGuests().find(({ name }) => name === place);
  expect(
    there ? (await cluster.truthOf(there)).stateFiles : back.machine.get(place ?? '')?.stateFiles,
    `the state file of ${dummy} is on ${place ?? 'no node'}`,
  ).toContain(dummy);
  expect(back.status.failures, 'no failed action').toEqual([]);
};

/** FAKE3, as in the documents, or another Dummy if that one runs on the guest already. */
const aDummyElsewhere = (status: Status, guest: GuestPlan): string => {
  const elsewhere = dummiesOf(status).filter((id) => !whereItRuns(status, id).includes(guest.name));
  return elsewhere.find((id) => id === 'FAKE3') ?? elsewhere[0] ?? '';
};

/** What runs in another place than before, as `id: from → to`. */
const moves = (before: Status, after: Status): readonly string[] =>
  [...placesOf(before)].flatMap(([id, from]) => {
    const to = whereItRuns(after, id)[0];
    return from === to ? [] : [`${id}: ${from ?? 'nowhere'} → ${to ?? 'nowhere'}`];
  });

/** The resources of `ids` that some sample shows not running where they ran before. */
const disturbed = (cluster: Cluster, before: Awaited<ReturnType<Cluster['now']>>, ids: readonly string[]): string[] =>
  ids.filter((id) => {
    const place = whereItRuns(before.status, id).join();
    return cluster.since(before).some(({ status }) => whereItRuns(status, id).join() !== place);
  });

/**
 * A preference for the guest moves a resource there. Without stickiness the cluster balances the others again: another Dummy
 * may make room on the guest, or take the place that became free; nothing else moves, and what stays is not restarted. Without
 * the preference they are balanced as if it had never been. A guest that is the only one shares them with the host, and then
 * what has come may stay.
 */
export const aPreferenceMovesItAndTheOthersAreBalanced = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  const before = await cluster.now();
  const chosen = aDummyElsewhere(before.status, guest);
  await cluster.prefer(chosen, guest.name);
  const moved = await cluster.eventually(
    `${chosen} runs on ${guest.name}`,
    ({ status }) => whereItRuns(status, chosen).includes(guest.name),
    orderlyMs,
  );
  const guests = plannedGuests().map(({ name }) => name);
  const alone = guests.length === 1;
  const balanced = [...guests, ...(alone ? [cluster.hostName] : [])].join('|');
  const others = moves(before.status, moved.status).filter((move) => !move.startsWith(`${chosen}:`));
  for (const move of others)
    expect(move, `another that moved is a Dummy, among ${balanced}`).toMatch(
      new RegExp(`^(${dummiesOf(before.status).join('|')}): (${balanced}) → (${balanced})$`),
    );
  const counts = guests.map((name) => whatRunsOn(moved.status, name).length);
  expect(Math.max(...counts) - Math.min(...counts), `the guests are balanced: ${counts.join(', ')}`).toBeLessThan(2);
  const movers = [chosen, ...others.map((move) => move.replace(/:.*/, ''))];
  const stay = [...placesOf(before.status).keys()].filter((id) => !movers.includes(id));
  expect(disturbed(cluster, before, stay), 'nothing that stays was stopped').toEqual([]);

  await cluster.dropPreference(chosen, guest.name);
  const back = await cluster.eventually(
    alone ? `${chosen} runs` : `${chosen} has left ${guest.name}`,
    ({ status }) => {
      const [place] = whereItRuns(status, chosen);
      return place !== undefined && (alone || place !== guest.name);
    },
    orderlyMs,
  );
  expect(back.status.failures, 'no failed action').toEqual([]);
};

/** With stickiness a preference for the guest moves the one resource and no other, and it stays when that is taken back. */
export const withStickinessAPreferenceMovesItAlone = async (cluster: Cluster, guest: GuestPlan): Promise<void> => {
  const orderlyMs = cluster.orderlyMs(guest);
  await cluster.setStickiness(100);
  const before = await cluster.now();
  const chosen = aDummyElsewhere(before.status, guest);
  const isThere = ({ status }: typeof before): boolean => whereItRuns(status, chosen).includes(guest.name);
  await cluster.prefer(chosen, guest.name);
  await cluster.eventually(`${chosen} runs on ${guest.name}`, isThere, orderlyMs);
  const all = [...placesOf(before.status).keys()];
  expect(disturbed(cluster, before, all), `${chosen} moved, and it alone`).toEqual([chosen]);
  const moved = await cluster.now();
  await cluster.dropPreference(chosen, guest.name);
  await cluster.eventually(`${chosen} stays on ${guest.name}`, isThere, orderlyMs);
  expect(disturbed(cluster, moved, all), 'nothing moved').toEqual([]);
};
