import { expect, test } from '@playwright/test';
import { createFrameReader, maxPayloadBytes } from '../../../lab/observation/frame-reader.ts';
import type { Frame } from '../../../lab/observation/frame-reader.ts';
import { recordedDrill } from './recorded.ts';

const header = (rest: { number?: number; kind?: string; bytes?: number; machine?: string } = {}): string =>
  `SAMPLE ${rest.number ?? 1} 1795299366242641 1795299366258360 ${rest.kind ?? 'status'} ${rest.bytes ?? 0} ${rest.machine ?? '-'}\n`;

const frame = (number: number, payload: string): string =>
  `${header({ number, bytes: Buffer.byteLength(payload) })}${payload}\n`;

/** What comes of the bytes when they arrive in pieces of that size. */
function readInPieces(bytes: Buffer, size: number): Frame[] {
  const reader = createFrameReader();
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)));
  return [...frames, ...reader.end()];
}

for (const size of [1, 2, 3, 7, 97, 1024, 65_536, Infinity])
  test(`reads the recorded drill in pieces of ${size} bytes`, () => {
    const frames = readInPieces(recordedDrill.frames, Math.min(size, recordedDrill.frames.length));
    expect(frames).toHaveLength(93);
    expect(frames.slice(0, 92).every((each) => each.kind === 'sample')).toBe(true);
    expect(frames.at(-1)).toEqual({ kind: 'end', cpuMs: 1790, wallMs: 10_946.626 });
    const bytes = frames.reduce((sum, each) => sum + (each.kind === 'sample' ? each.payload.length : 0), 0);
    expect(bytes).toBe(253_163);
  });

test('keeps characters whole that a piece boundary cuts, and payloads that look like headers', () => {
  const payload = `käse 🧀\n${header({ number: 2 })}\n`;
  for (const size of [1, 2, 3, 5]) {
    const frames = readInPieces(Buffer.from(frame(1, payload) + frame(2, '')), size);
    expect(frames.map((each) => each.kind === 'sample' && each.payload.toString())).toEqual([payload, '']);
  }
});

test('reads stamps with their fraction and what the machine shows', () => {
  const [read] = readInPieces(Buffer.from(`${header({ machine: 'example-host=1:a,b;lxc1=16535:;kvm1=99:?' })}\n`), 9);
  expect(read).toMatchObject({ kind: 'sample', number: 1, askedMs: 1795299366242.641, answeredMs: 1795299366258.36 });
  expect(read?.kind === 'sample' && [...read.machine]).toEqual([
    ['example-host', { processId: 1, stateFiles: ['a', 'b'] }],
    ['lxc1', { processId: 16535, stateFiles: [] }],
    ['kvm1', { processId: 99, stateFiles: null }],
  ]);
});

test('reads how hard it was to get a processor, which old recordings lack', () => {
  const [read] = readInPieces(Buffer.from(`${header({ machine: '- 1340/96/31/5000/7/9000/12.50' })}\n`), 9);
  expect(read).toMatchObject({
    strain: { lateMs: 1340, tookMs: 96, neededMs: 31, idleTicks: 5000, stolenTicks: 7, allTicks: 9000, load: 12.5 },
  });
  expect(readInPieces(Buffer.from(`${header()}\n`), 9)).toMatchObject([{ strain: null }]);
});

for (const [what, bytes, said] of [
  ['a greeting before the first header', 'Welcome to Debian!\n', /"Welcome to Debian!" is no header/],
  ['an unknown kind', header({ kind: 'sames' }), /no header/],
  ['a machine that is none', header({ machine: 'lxc1=x:' }), /no header/],
  ['a strain that is none', header({ machine: '- 1/2' }), /no header/],
  ['a payload that is too large', header({ bytes: maxPayloadBytes + 1 }), /claims 16777217 bytes/],
  ['a payload longer than it claims', `${header({ bytes: 2 })}abc\n`, /longer than the 2 bytes/],
  ['a header without end', 'S'.repeat(70_000), /a header of more than 65536 bytes/],
  ['a lost sample', `${frame(1, 'x')}${frame(3, 'x')}`, /sample 3 comes after sample 1/],
  ['bytes after the end', 'END 1 2\nmore', /after its end comes "m/],
  ['a stream cut in a header', header().slice(0, 20), /cut in the middle of a sample, 20 bytes/],
  ['a stream cut in a payload', `${header({ bytes: 9 })}abc`, /cut in the middle/],
  ['a stream cut before the last newline', frame(1, 'x').slice(0, -1), /cut in the middle/],
] satisfies [string, string, RegExp][])
  for (const size of [1, 13, 100_000])
    test(`breaks off at ${what}, in pieces of ${size} bytes`, () => {
      const frames = readInPieces(Buffer.from(bytes), size);
      expect(frames.filter(({ kind }) => kind === 'broken')).toHaveLength(1);
      expect(frames.at(-1)).toMatchObject({ kind: 'broken', error: { name: 'ObservationError', kind: 'broken' } });
      expect(frames.at(-1)).toHaveProperty('error.message', expect.stringMatching(said));
    });

test('gives the good samples before a bad header, and nothing after it', () => {
  const reader = createFrameReader();
  const frames = reader.push(Buffer.from(`${frame(1, 'x')}bad\n${frame(2, 'y')}`));
  expect(frames.map(({ kind }) => kind)).toEqual(['sample', 'broken']);
  expect(reader.push(Buffer.from(frame(2, 'y')))).toEqual([]);
  expect(reader.end()).toEqual([]);
});
