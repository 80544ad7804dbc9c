import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { ObservationError } from '../../../lab/errors.ts';
import { createFrameReader, type Frame } from '../../../lab/observation/frame-reader.ts';
import { readRecording } from '../../../lab/observation/read-frames.ts';
import { writeRecording, type Recorded } from '../../../lab/observation/write-frames.ts';
import { recordedDrill } from '../observation/recorded.ts';
import { anyPlace, damageAll, damages, flips, placeIn } from './damage.ts';
import { drawnFrames, writeFrames, type DrawnFrame } from './drawn-frames.ts';
import { holds } from './holds.ts';
import { growthOf, mostGrowth } from './processor-time.ts';

const pieceSizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });

/** What comes of the bytes when they arrive in pieces of these sizes, over and over. */
const readInPieces = (bytes: Buffer, sizes: readonly number[]): Frame[] => {
  const reader = createFrameReader();
  const frames: Frame[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    frames.push(...reader.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...frames, ...reader.end()];
};

const expectedFrame = (
  { content, askedUs, tookUs, payload, machine, strain, uptimeMs }: DrawnFrame,
  at: number,
): Frame => ({
  kind: 'sample',
  number: at + 1,
  askedMs: askedUs / 1_000,
  answeredMs: (askedUs + tookUs) / 1_000,
  content,
  payloadBytes: Buffer.byteLength(payload),
  machine: new Map(machine.map(({ name, processId, stateFiles }) => [name, { processId, stateFiles }])),
  strain: strain && { ...strain },
  uptimeMs: strain && uptimeMs,
  payload: Buffer.from(payload),
});

/** Frames without what the message of a break quotes, which is what has arrived of the bytes so far. */
const withoutQuotes = (frames: readonly Frame[]): readonly unknown[] =>
  frames.map((frame) => (frame.kind === 'broken' ? { kind: frame.kind, error: frame.error.name } : frame));

test('frames read as what they are, however they are cut on the way', () => {
  holds(
    fc.property(drawnFrames, pieceSizes, fc.boolean(), (frames, sizes, ended) => {
      const bytes = Buffer.concat([...writeFrames(frames), Buffer.from(ended ? 'END 1000 2500\n' : '')]);
      assert.deepStrictEqual(readInPieces(bytes, sizes), [
        ...frames.map(expectedFrame),
        ...(ended ? [{ kind: 'end', cpuMs: 1, wallMs: 2.5 }] : []),
      ]);
    }),
  );
});

test('a stream that is cut gives the frames before the cut, and an error unless it was between two', () => {
  holds(
    fc.property(drawnFrames, anyPlace, pieceSizes, (frames, at, sizes) => {
      const written = writeFrames(frames);
      const bytes = Buffer.concat(written);
      const cut = placeIn(bytes, at);
      const ends = written.map((_, index) => Buffer.concat(written.slice(0, index + 1)).length);
      const whole = ends.filter((end) => end <= cut).length;
      const read = readInPieces(bytes.subarray(0, cut), sizes);
      assert.deepStrictEqual(read.slice(0, whole), frames.slice(0, whole).map(expectedFrame));
      const rest = read.slice(whole).map(({ kind }) => kind);
      assert.deepStrictEqual(rest, cut === 0 || ends.includes(cut) ? [] : ['broken']);
    }),
  );
});

test('flipped bits change the frames that they are in; no other is changed, and none is lost without an error', () => {
  holds(
    fc.property(drawnFrames, flips, pieceSizes, (frames, flips, sizes) => {
      const written = writeFrames(frames);
      const bytes = Buffer.concat(written);
      const read = readInPieces(damageAll(bytes, flips), sizes);
      const starts = written.map((_, index) => Buffer.concat(written.slice(0, index)).length);
      const hit = flips.map(({ at }) => starts.findLastIndex((start) => start <= placeIn(bytes, at)));
      const samples = read.filter(({ kind }) => kind === 'sample');
      for (const [at, sample] of samples.entries())
        if (!hit.includes(at)) assert.deepStrictEqual(sample, frames.map(expectedFrame)[at]);
      assert.ok(samples.length === frames.length || read.at(-1)?.kind === 'broken', 'a frame is lost without an error');
    }),
  );
});

test('whatever is done to a stream, it gives the same in any pieces, in the order of numbers, and nothing after a break', () => {
  holds(
    fc.property(drawnFrames, damages, pieceSizes, (frames, damages, sizes) => {
      const bytes = damageAll(Buffer.concat(writeFrames(frames)), damages);
      const read = readInPieces(bytes, sizes);
      assert.deepStrictEqual(withoutQuotes(read), withoutQuotes(readInPieces(bytes, [bytes.length + 1])));
      const numbers = read.flatMap((frame) => (frame.kind === 'sample' ? [frame.number] : []));
      assert.ok(numbers.every((number, at) => at === 0 || number === (numbers[at - 1] ?? 0) + 1));
      const broken = read.findIndex(({ kind }) => kind === 'broken');
      assert.ok(broken < 0 || broken === read.length - 1, 'something comes after the break');
    }),
  );
});

/** The first dozen samples of a drill. */
const recording = recordedDrill.frames.subarray(0, recordedDrill.frames.indexOf('\nSAMPLE 13 ') + 1);

test('whatever is done to a recorded drill, it gives samples and typed errors', () => {
  expect(readRecording(recording)).toHaveLength(12);
  holds(
    fc.property(damages, (damages) => {
      for (const observation of readRecording(damageAll(recording, damages)))
        if (observation.kind === 'trouble' || observation.kind === 'broken')
          assert.ok(observation.error instanceof ObservationError);
    }),
  );
});

const isRecorded = (observation: { readonly kind: string }): observation is Recorded =>
  observation.kind === 'sample' || observation.kind === 'trouble';
const known = readRecording(recording).filter(isRecorded);

test('what was observed is written and read again as it was, whatever the host had to say', () => {
  holds(
    fc.property(drawnFrames, (frames) => {
      const statuses = frames.map((frame) =>
        frame.content === 'status' ? { ...frame, payload: '<status code="0"/>' } : frame,
      );
      const observed = [
        ...known.slice(0, frames.length),
        ...readRecording(Buffer.concat(writeFrames(statuses))).filter(isRecorded),
        ...known.slice(frames.length),
      ];
      const again = readRecording(writeRecording(observed)).filter(isRecorded);
      assert.deepStrictEqual(again.map(asKept), observed.map(asKept));
    }),
  );
});

/** What a recording keeps of an observation: it counts anew, and of a moment without a status it has only what was said. */
const asKept = (observation: Recorded): unknown =>
  observation.kind === 'sample'
    ? { ...observation, sample: { ...observation.sample, number: 0 } }
    : { kind: observation.kind, atMs: observation.atMs, raw: observation.raw };

const header = (bytes: number, machine = '-'): string =>
  `SAMPLE 1 1795299366242641 1795299366258360 status ${bytes} ${machine}\n`;

for (const [what, piece, before, after] of [
  ['letters without an end', 'S', '', ''],
  ['line ends', '\n', '', ''],
  ['digits of a number', '1', 'SAMPLE ', '\n'],
  ['entries of the machine', 'a=1:;', header(0).slice(0, -2), '\n'],
  ['state files', 'a,', `${header(0).slice(0, -2)}lxc1=1:`, '\n'],
  ['bytes of a payload', 'x', header(10_000_000), ''],
] satisfies [string, string, string, string][])
  for (const size of [1, 1_000_000])
    test(`very many ${what}, in pieces of ${size}, take time that grows with their number`, () => {
      const read = (length: number) => {
        const bytes = Buffer.from(before + piece.repeat(length / piece.length) + after);
        return readInPieces(bytes, [size]);
      };
      const growth = growthOf(
        () => read(6_000),
        () => read(60_000),
      );
      expect(growth).toBeLessThan(mostGrowth);
      expect(read(600).at(-1)?.kind).toBe('broken');
    });
