import { expect, test } from '@playwright/test';
import { makePicture, readDrillLog } from '../../../fixtures/drill-picture.ts';
import { TransportError } from '../../../lab/errors.ts';
import type { LogLine } from '../../../lab/observation/pacemaker-log.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';
import { drillPicture } from '../../../reporters/picture/drill-picture.ts';
import type { UnprovenFault } from '../../../fixtures/outcome.ts';
import { withResource } from '../observer/drill-samples.ts';
import { recordedOutcome, samplesNumbered } from './recorded-outcome.ts';

const line = (sinceMs: number, text: string): LogLine => ({
  atMs: recordedOutcome.injectedAtMs + sinceMs,
  daemon: 'pacemaker-controld',
  text,
});
const lines = [
  line(-10, 'Lost connection to Pacemaker Remote node lxc2'),
  line(6, 'Actions: Fence (reboot) lxc2 (resource: container2)'),
  line(1970, 'Result of stop operation for container2 on example-host: OK'),
  line(6800, 'State transition S_TRANSITION_ENGINE -> S_IDLE'),
];

test('the picture of the recorded drill fits its schema and stays small', () => {
  const picture = makePicture(recordedOutcome, { lines });
  expect(drillPicture.parse(JSON.parse(JSON.stringify(picture)))).toEqual(picture);
  expect(JSON.stringify(picture).length).toBeLessThan(8_000);
});

test('it begins with the fault and shows a little more than what was seen', () => {
  const picture = makePicture(recordedOutcome, { lines });
  expect(picture.lanes[0]).toMatchObject({ kind: 'fault', name: 'pacemaker-remoted-killed' });
  expect([picture.fromMs, picture.untilMs]).toEqual([-59, 8_104]);
});

test('log events stand on the lane that they are about', () => {
  const { log, logged, logNote } = makePicture(recordedOutcome, { lines });
  expect(log).toEqual([
    { atMs: -10, place: { kind: 'connection', name: 'lxc2' }, words: 'lxc2 connection lost' },
    { atMs: 6, place: { kind: 'node', name: 'lxc2' }, words: 'lxc2 scheduled: fence' },
    { atMs: 1970, place: { kind: 'resource', name: 'container2' }, words: 'container2 stop: ok' },
    { atMs: 6800, place: null, words: 'idle' },
  ]);
  expect(logged).toEqual({ detected: -10, stopped: 1970 });
  expect(logNote).toBeNull();
});

test('a failed action stands where it was first seen, and what broke an invariant as well', () => {
  const twice = samplesNumbered([30], (sample) => withResource(sample, 'FAKE1', { nodes: ['lxc1', 'lxc3'] }));
  const { failedActions, violations } = makePicture(twice(recordedOutcome), { lines });
  expect(failedActions).toEqual([
    {
      atMs: 47,
      place: { kind: 'connection', name: 'lxc2' },
      words: 'lxc2_monitor_30000 on example-host: error, exit code 1, Lost connection to remote executor',
    },
  ]);
  expect(violations).toMatchObject([
    { place: { kind: 'resource', name: 'FAKE1' }, words: 'FAKE1 is active on lxc1 and lxc3 at once.' },
  ]);
});

const { guest, before, samples } = recordedOutcome;
/** The recorded drill as if nobody had been able to say for a second that its fault took effect. */
const unproven: UnprovenFault = {
  guest,
  fault: { name: 'pacemaker-remoted-killed', target: guest.name },
  injectedAtMs: null,
  before,
  samples: samples.filter(({ atMs }) => atMs < before.atMs + 1_000),
  runs: [],
};

test('of a fault that was not proven there is what was seen until it was given up, and no phase', () => {
  const picture = makePicture(unproven, { lines });
  const lastMs = Math.round((unproven.samples.at(-1)?.atMs ?? 0) - before.atMs);
  expect(lastMs).toBeGreaterThan(900);
  expect(picture.lanes[0]).toEqual({
    kind: 'fault',
    name: 'pacemaker-remoted-killed',
    group: 'guest',
    spans: [{ fromMs: 0, untilMs: lastMs, tone: 'moving', words: 'lxc2, not proven', short: 'not proven' }],
  });
  expect(picture).toMatchObject({ fromMs: 0, untilMs: Math.ceil(lastMs * 1.03), logged: {} });
  expect(picture.log[0]).toMatchObject({ words: 'lxc2 connection lost', atMs: 49 });
  expect(picture.failedActions).toMatchObject([{ atMs: 106, place: { kind: 'connection', name: 'lxc2' } }]);
});

test('without a log it says why', async () => {
  const shell = (error: Error) => ({ run: () => Promise.reject(error) }) as unknown as HostShell;
  const lost = await readDrillLog(shell(new TransportError('The way is gone.', { next: 'look' })), recordedOutcome);
  expect(makePicture(recordedOutcome, lost)).toMatchObject({
    log: [],
    logNote: 'pacemaker.log could not be read: The way is gone.',
  });
  expect(makePicture(recordedOutcome, { lines: [] }).logNote).toBe('pacemaker.log tells nothing of this time.');
  await expect(readDrillLog(shell(new TypeError('a bug')), recordedOutcome)).rejects.toThrow('a bug');
});
