import { expect, test } from '@playwright/test';
import { replaceableStream } from '../../../lab/observation/replaceable-stream.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import type { StatusStream } from '../../../lab/observation/status-stream.ts';
import { steady } from '../observer/drill-samples.ts';

/** A stream that has sent one sample at that time, and tells what happens to it. */
const streamWith = (atMs: number, told: string[]): StatusStream => {
  const sample: Sample = { ...steady, atMs };
  return {
    setPace(paceMs) {
      told.push(`${atMs} goes at ${paceMs}`);
      return () => undefined;
    },
    allowClockSetBy: () => undefined,
    next: () => Promise.resolve(sample),
    until: () => Promise.resolve(sample),
    since: (hostTimeMs) => [sample].filter((each) => each.atMs >= hostTimeMs),
    recorded: () => [],
    close() {
      told.push(`${atMs} is closed`);
      return Promise.resolve(undefined);
    },
  };
};

test('after a replacement samples come from the new stream, and the old ones are still there', async () => {
  const told: string[] = [];
  const stream = replaceableStream(streamWith(1, told), 1_000);
  await stream.replaceAfter(() => Promise.resolve(streamWith(2, told)));
  expect(told).toEqual(['1 is closed']);
  expect((await stream.next()).atMs).toBe(2);
  expect((await stream.until(() => true, { timeoutMs: 1, what: '' })).atMs).toBe(2);
  expect(stream.since(0).map(({ atMs }) => atMs)).toEqual([1, 2]);
  expect(stream.since(2).map(({ atMs }) => atMs)).toEqual([2]);
});

test('the new stream goes at the pace that was set, and what sets it back sets the new one', async () => {
  const told: string[] = [];
  const stream = replaceableStream(streamWith(1, told), 1_000);
  const restore = stream.setPace(200);
  let asked = 0;
  await stream.replaceAfter((paceMs) => {
    asked = paceMs;
    return Promise.resolve(streamWith(2, told));
  });
  expect(asked).toBe(200);
  restore();
  expect(told).toEqual(['1 goes at 200', '1 is closed', '2 goes at 1000']);
});
