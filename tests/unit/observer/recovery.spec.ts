import { expect, test } from '@playwright/test';
import { lastReachedMs, phaseNames, phasesSinceInjection, readPhases } from '../../../fixtures/observer/recovery.ts';
import type { GuestReturns, Phases } from '../../../fixtures/observer/recovery.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { recordedDrill } from '../observation/recorded.ts';
import {
  at,
  drillSamples,
  sampleOf,
  steady,
  withAnother,
  withFailure,
  withMachine,
  withNode,
  withResource,
} from './drill-samples.ts';

const { guest, injectedAtMs } = recordedDrill;

const phasesOf = (samples: readonly Sample[], returns?: GuestReturns): Phases =>
  phasesSinceInjection(readPhases(samples, guest, injectedAtMs, returns));
const none: Phases = {
  injected: 0,
  detected: null,
  stopped: null,
  restarted: null,
  reconnected: null,
  recovered: null,
};

const before = at(steady, -100);
const lost = withNode(withResource(steady, 'lxc2', { failed: true }), 'lxc2', { online: false });

test('reads every phase off the recorded drill', () => {
  expect(phasesOf(drillSamples)).toEqual({
    injected: 0,
    detected: 47,
    stopped: 2049,
    restarted: 2358,
    reconnected: 4656,
    recovered: 6764,
  });
});

test('leaves out, while the drill is still going on, what has not been reached, and revises nothing later', () => {
  const whole = readPhases(drillSamples, guest, injectedAtMs);
  const first = drillSamples.findIndex(({ atMs }) => atMs >= injectedAtMs);
  for (const [offset, { atMs }] of drillSamples.slice(first).entries()) {
    const index = first + offset;
    const partial = readPhases(drillSamples.slice(0, index + 1), guest, injectedAtMs);
    for (const name of phaseNames)
      expect(partial[name], `${name} at ${atMs}`).toBe((whole[name] ?? 0) <= atMs ? whole[name] : null);
  }
});

test('reads the phases in their order, however many samples are missing', () => {
  for (let step = 1; step <= 40; step += 1) {
    const kept = drillSamples.filter((sample, index) => sample.atMs < injectedAtMs || index % step === 0);
    const phases = readPhases(kept, guest, injectedAtMs);
    const reached = phaseNames.flatMap((name) => phases[name] ?? []);
    expect(reached, `every ${step}th sample`).toEqual([...reached].sort((a, b) => a - b));
  }
});

test('reads the same off the roles alone where the machine does not show the domain', () => {
  const blind = drillSamples.map((sample) => withMachine(sample, 'lxc2', null));
  expect(phasesOf(blind)).toEqual(phasesOf(drillSamples));
});

test('does not take the older failure of the same guest for this one', () => {
  expect(steady.status.failures.map(({ key }) => key)).toContain('lxc2_monitor_30000');
  expect(phasesOf([before, at(steady, 100), at(steady, 200)])).toEqual(none);
});

test('a fault that the cluster does not notice has no further phases', () => {
  expect(phasesOf([before, at(steady, 0), at(steady, 100)])).toEqual(none);
});

test('another failure of the connection is detected by its call', () => {
  expect(phasesOf([before, at(withFailure(steady, 'lxc2', 99), 100)]).detected).toBe(100);
});

for (const [what, sample] of [
  ['the guest is offline', withNode(steady, 'lxc2', { online: false })],
  ['the guest is unclean', withNode(steady, 'lxc2', { unclean: true })],
  ['the guest is not listed any more', { ...steady, status: { ...steady.status, nodes: [] } }],
  ['its connection is failed', withResource(steady, 'lxc2', { failed: true })],
  ['its resource is failed', withResource(steady, 'container2', { failed: true })],
  ['a failure of its resource is recorded', withFailure(steady, 'container2', 99)],
] as const)
  test(`the fault is detected when ${what}`, () => {
    expect(phasesOf([before, at(steady, 50), at(sample, 100)]).detected).toBe(100);
  });

for (const [what, sample] of [
  ['another guest is offline', withNode(steady, 'lxc1', { online: false })],
  ['another resource failed', withFailure(steady, 'FAKE1', 99)],
] as const)
  test(`the fault is not detected when ${what}`, () => {
    expect(phasesOf([before, at(sample, 100)]).detected).toBeNull();
  });

test('what was wrong before the fault already does not show it', () => {
  expect(phasesOf([at(lost, -100), at(lost, 100)]).detected).toBeNull();
});

test('a guest that only lost its connection for a while is never stopped, and reconnects and recovers', () => {
  expect(phasesOf([before, at(lost, 100), at(lost, 200), at(steady, 300)])).toEqual({
    ...none,
    detected: 100,
    reconnected: 300,
    recovered: 300,
  });
});

test('a failure that disconnects nothing has no reconnection, and recovers once nothing is under way', () => {
  const failure = withFailure(steady, 'lxc2', 99);
  const monitoring = withResource(failure, 'lxc2', { pendingOperation: 'Monitoring' });
  expect(phasesOf([before, at(monitoring, 100), at(failure, 200)])).toEqual({ ...none, detected: 100, recovered: 200 });
});

test('a guest that stays stopped neither reconnects nor recovers', () => {
  const stopped = withMachine(
    withResource(lost, 'container2', { role: 'Stopped', active: false, nodes: [] }),
    'lxc2',
    null,
  );
  expect(phasesOf([before, at(lost, 100), at(stopped, 200), at(stopped, 300)])).toEqual({
    ...none,
    detected: 100,
    stopped: 200,
  });
});

const leftEmpty = ['FAKE2', 'FAKE5'].reduce(
  (sample, id) => withResource(sample, id, { role: 'Stopped', active: false, nodes: [] }),
  withResource(withNode(steady, 'lxc2', { online: false }), 'lxc2', { role: 'Stopped', active: false, nodes: [] }),
);
const movedAway = ['FAKE2', 'FAKE5'].reduce(
  (sample, id) => withResource(sample, id, { role: 'Started', active: true, nodes: ['lxc1'] }),
  leftEmpty,
);

test('a guest that stays away recovers when what ran there runs elsewhere, its domain running or not', () => {
  const gone = withMachine(
    withResource(movedAway, 'container2', { role: 'Stopped', active: false, nodes: [] }),
    'lxc2',
    null,
  );
  const samples = [before, at(leftEmpty, 100), at(movedAway, 200), at(gone, 300)];
  expect(phasesOf(samples.slice(0, 3), 'stays away')).toEqual({ ...none, detected: 100, recovered: 200 });
  expect(phasesOf(samples, 'stays away')).toEqual({ ...none, detected: 100, stopped: 300, recovered: 200 });
  expect(phasesOf(samples).recovered, 'had it been expected to come back').toBeNull();
});

test('a guest that is to stay away has not recovered while what ran there waits, or is under way', () => {
  const underWay = withResource(movedAway, 'FAKE5', { role: 'Starting' });
  expect(phasesOf([before, at(leftEmpty, 100), at(underWay, 200)], 'stays away').recovered).toBeNull();
});

test('a guest that is to stay away and comes back has not recovered: it is connected, or was never lost', () => {
  expect(phasesOf([before, at(leftEmpty, 100), at(steady, 200)], 'stays away').recovered).toBeNull();
  const failure = withFailure(steady, 'lxc2', 99);
  expect(phasesOf([before, at(failure, 100), at(failure, 200)], 'stays away').recovered).toBeNull();
});

test('the domain is not stopped while its process is the old one, whatever the role says', () => {
  const claimed = withResource(lost, 'container2', { role: 'Stopped', active: false, nodes: [] });
  expect(phasesOf([before, at(claimed, 100)]).stopped).toBeNull();
});

test('the domain is not restarted while its process is the old one', () => {
  const starting = withMachine(withResource(lost, 'container2', { role: 'Starting' }), 'lxc2', null);
  const phases = phasesOf([before, at(lost, 100), at(starting, 200), at(steady, 300)]);
  expect(phases).toMatchObject({ stopped: 200, restarted: null, reconnected: null, recovered: null });
});

test('a restart between two samples is stamped with the later one', () => {
  const restarted = withMachine(steady, 'lxc2', { processId: 4711, stateFiles: [] });
  expect(phasesOf([before, at(lost, 100), at(restarted, 200)])).toEqual({
    injected: 0,
    detected: 100,
    stopped: 200,
    restarted: 200,
    reconnected: 200,
    recovered: 200,
  });
});

test('a guest whose connection is still starting is not reconnected, although it is online', () => {
  const restarted = withMachine(steady, 'lxc2', { processId: 4711, stateFiles: [] });
  const connecting = withResource(restarted, 'lxc2', { role: 'Starting', failed: true });
  expect(phasesOf([before, at(lost, 100), at(connecting, 200), at(restarted, 300)]).reconnected).toBe(300);
});

test('a guest that is offline is not reconnected, although its connection reads Started', () => {
  const offline = withNode(steady, 'lxc2', { online: false });
  expect(phasesOf([before, at(lost, 100), at(offline, 200), at(steady, 300)]).reconnected).toBe(300);
});

test('it is recovered only when what ran elsewhere runs again as well, and may run somewhere else', () => {
  const off = withResource(steady, 'FAKE1', { role: 'Stopped', active: false, nodes: [] });
  const moved = withResource(steady, 'FAKE1', { nodes: ['lxc3'] });
  expect(phasesOf([before, at(lost, 100), at(off, 200), at(moved, 300)])).toMatchObject({
    reconnected: 200,
    recovered: 300,
  });
});

test('without a sample before the fault there is nothing to compare with', () => {
  expect(() => phasesOf([at(steady, 0)])).toThrow(/No sample was taken before/);
});

test('the last phase that was reached is the end of what has to be sampled', () => {
  expect(lastReachedMs(readPhases(drillSamples, guest, injectedAtMs))).toBe(sampleOf(81).atMs);
  expect(lastReachedMs({ ...none, detected: 5, stopped: 9 })).toBe(9);
});

const elsewhere = (sample: Sample): Sample => withResource(sample, 'container2', { nodes: ['other-host'] });
const hidden = (sample: Sample): Sample => withMachine(sample, 'lxc2', null);
const stopping = hidden(withResource(lost, 'container2', { role: 'Stopped', active: false, nodes: [] }));
const restartedOf = (...shown: readonly Sample[]): Phases =>
  phasesOf([before, ...shown.map((sample, index) => at(sample, 100 + index * 100))]);

const withOtherHost = (sample: Sample): Sample => ({
  ...sample,
  status: {
    ...sample.status,
    nodes: sample.status.nodes.flatMap((node) =>
      node.name === 'example-host' ? [node, { ...node, name: 'other-host' }] : [node],
    ),
  },
});

test('a guest that is started on another host, where its process can’t be seen, is restarted', () => {
  const down = withOtherHost(stopping);
  const moved = withOtherHost(hidden(elsewhere(steady)));
  const here = withOtherHost(hidden(steady));
  expect(restartedOf(down, moved)).toMatchObject({ stopped: 100, restarted: 200, reconnected: 200 });
  expect(restartedOf(down, here).restarted, 'where it was, a process should show').toBeNull();
  expect(restartedOf(down, withOtherHost(elsewhere(steady))).restarted, 'its old process is still there').toBeNull();
});

test('a guest whose domain was not seen before and is seen now was neither stopped nor restarted', () => {
  const phases = phasesOf([hidden(before), at(hidden(lost), 100), at(lost, 200), at(steady, 300)]);
  expect(phases).toEqual({ ...none, detected: 100, reconnected: 300, recovered: 300 });
});

test('a guest whose domain is gone while the cluster takes it for started is not restarted', () => {
  expect(restartedOf(hidden(lost), hidden(lost))).toEqual({ ...none, detected: 100 });
});

test('a restart between two samples counts, although the guest is stopped again later', () => {
  const restarted = withMachine(lost, 'lxc2', { processId: 4711, stateFiles: [] });
  expect(restartedOf(lost, restarted, stopping)).toMatchObject({ detected: 100, stopped: 200, restarted: 200 });
});

test('a connection that comes back before the guest is restarted is not the reconnection', () => {
  const again = withMachine(steady, 'lxc2', { processId: 4711, stateFiles: ['FAKE2', 'FAKE5'] });
  expect(restartedOf(lost, steady, stopping, again)).toEqual({
    injected: 0,
    detected: 100,
    stopped: 300,
    restarted: 400,
    reconnected: 400,
    recovered: 400,
  });
});

test('of several instances of what runs the guest one that is failed is enough, and all have to be stopped', () => {
  const failed = withAnother(steady, 'container2', { failed: true });
  expect(phasesOf([before, at(failed, 100)]).detected).toBe(100);
  const half = withAnother(stopping, 'container2', { role: 'Stopping' });
  expect(phasesOf([before, at(lost, 100), at(half, 200)]).stopped).toBeNull();
});

test('what failed on the guest shows the fault where that is what was broken, and only what is named does', () => {
  const watched = { ...guest, failing: ['FAKE2'] };
  const detectedOf = (resource: string) =>
    readPhases([before, at(withFailure(steady, resource, 99), 100)], watched, injectedAtMs).detected;
  expect(detectedOf('FAKE2')).not.toBeNull();
  expect(detectedOf('FAKE1')).toBeNull();
});

test('without a sample before the fault it is said what to do', () => {
  let thrown: unknown;
  try {
    phasesOf([at(steady, 0)]);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ name: 'ObservationError', kind: 'stalled' });
  expect(String(thrown)).toContain('Next: Start sampling before injecting');
});

test('of a fault that never took effect no phase has a time', () => {
  const never: Phases = { ...none, injected: null };
  expect(phasesSinceInjection(never)).toEqual(never);
});
