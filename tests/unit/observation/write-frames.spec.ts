import { expect, test } from '@playwright/test';
import { readRecording, samplesOf } from '../../../lab/observation/read-frames.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import { writeRecording, type Recorded } from '../../../lab/observation/write-frames.ts';
import { recordedDrill } from './recorded.ts';

const observations = readRecording(recordedDrill.frames).filter(
  (observation): observation is Recorded => observation.kind === 'sample' || observation.kind === 'trouble',
);
const firstSample = (): Recorded => {
  const [first] = observations;
  if (!first) throw new Error('the recording is empty');
  return first;
};
const firstWith = (change: Partial<Sample>, uptimeMs?: number): Recorded => {
  const first = firstSample();
  return first.kind === 'sample'
    ? { ...first, sample: { ...first.sample, ...change }, ...(uptimeMs !== undefined && { uptimeMs }) }
    : first;
};
const withoutNumbers = (recording: readonly Recorded[]) =>
  samplesOf(recording).map(({ number: _, ...sample }) => sample);

test('what is written is read again as it was', () => {
  const again = readRecording(writeRecording(observations)) as readonly Recorded[];
  expect(again).toHaveLength(observations.length);
  expect(withoutNumbers(again)).toEqual(withoutNumbers(observations));
});

test('a part of a recording begins with its own status and counts from 1', () => {
  const part = observations.slice(20, 60);
  const again = samplesOf(readRecording(writeRecording(part)));
  expect(again.map(({ number }) => number)).toEqual(part.map((_, at) => at + 1));
  expect(again[0]?.status).toEqual(samplesOf(part)[0]?.status);
});

test('a status that stays the same is written once', () => {
  const first = firstSample();
  const text = writeRecording([first, first, first]).toString();
  expect(text.match(/<pacemaker-result/g)).toHaveLength(1);
  expect(text.match(/ same 0 /g)).toHaveLength(2);
});

test('a moment without a status is kept as such, and what comes after it is whole', () => {
  const first = firstSample();
  const trouble = readRecording(Buffer.from(`SAMPLE 1 1795299369262984 1795299369262984 error 4 -\nnope\n`));
  const written = writeRecording([first, ...(trouble as Recorded[]), first]);
  expect(written.toString()).toContain(' error 4 -\nnope\n');
  const again = readRecording(written);
  expect(again.map(({ kind }) => kind)).toEqual(['sample', 'trouble', 'sample']);
});

test('how hard it was to get a processor, the uptime, and files that are not known, are written as they were', () => {
  const strain = { lateMs: 3, tookMs: 52, neededMs: 41, idleTicks: 1000, stolenTicks: 5, allTicks: 1600, load: 2.5 };
  const machine = new Map([['lxc1', { processId: 7, stateFiles: null }]]);
  const [again] = readRecording(writeRecording([firstWith({ strain, machine }, 90_210)]));
  expect(again).toMatchObject({ sample: { strain, machine }, uptimeMs: 90_210 });
});
