import fc from 'fast-check';
import type { Strain } from '../../../lab/observation/sample.ts';
import { freeText } from './drawn-cluster.ts';

/** A frame of sampler.sh's stream drawn at random. */
export interface DrawnFrame {
  readonly content: 'status' | 'same' | 'error';
  readonly askedUs: number;
  readonly tookUs: number;
  readonly payload: string;
  readonly machine: readonly {
    readonly name: string;
    readonly processId: number;
    readonly stateFiles: readonly string[] | null;
  }[];
  readonly strain: Strain | null;
  /** Comes after the strain only. */
  readonly uptimeMs: number | null;
}

const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,10}$/);
const payload = fc.oneof(
  { weight: 3, arbitrary: freeText },
  // What looks like a frame of its own.
  {
    weight: 1,
    arbitrary: fc.constantFrom('\n', 'END 1 2\n', 'SAMPLE 2 1795299366242641 1795299366258360 same 0 -\n\n'),
  },
);

const ticks = fc.nat(1_000_000_000);
const strain: fc.Arbitrary<Strain> = fc.record({
  lateMs: fc.nat(100_000),
  tookMs: fc.nat(10_000),
  neededMs: fc.nat(10_000),
  idleTicks: ticks,
  stolenTicks: ticks,
  allTicks: ticks,
  load: fc.nat(100_000).map((hundredths) => hundredths / 100),
});

const frame: fc.Arbitrary<DrawnFrame> = fc
  .record({
    content: fc.constantFrom('status' as const, 'same' as const, 'error' as const),
    askedUs: fc.integer({ min: 1_000_000_000_000_000, max: 2_000_000_000_000_000 }),
    tookUs: fc.nat(5_000_000),
    payload,
    machine: fc.uniqueArray(
      fc.record({
        name: word,
        processId: fc.nat(4_194_304),
        stateFiles: fc.option(fc.array(word, { maxLength: 3 }), { freq: 4 }),
      }),
      { selector: ({ name }) => name, maxLength: 4 },
    ),
    strain: fc.option(strain),
    uptimeMs: fc.option(fc.nat()),
  })
  .map((drawn) => (drawn.content === 'same' ? { ...drawn, payload: '' } : drawn));

export const drawnFrames = fc.array(frame, { maxLength: 6 });

const strainOf = ({ lateMs, tookMs, neededMs, idleTicks, stolenTicks, allTicks, load }: Strain): string =>
  [lateMs, tookMs, neededMs, idleTicks, stolenTicks, allTicks, load.toFixed(2)].join('/');

/** Writes frames as sampler.sh does, counted from 1, each by itself. */
export const writeFrames = (frames: readonly DrawnFrame[]): readonly Buffer[] =>
  frames.map(({ content, askedUs, tookUs, payload, machine, strain, uptimeMs }, at) => {
    const entries = machine.map(
      ({ name, processId, stateFiles }) => `${name}=${processId}:${stateFiles?.join(',') ?? '?'}`,
    );
    const stamps = `${askedUs} ${askedUs + tookUs}`;
    const length = Buffer.byteLength(payload);
    const words = [
      entries.join(';') || '-',
      ...(strain ? [strainOf(strain), ...(uptimeMs === null ? [] : [uptimeMs])] : []),
    ];
    return Buffer.from(`SAMPLE ${at + 1} ${stamps} ${content} ${length} ${words.join(' ')}\n${payload}\n`);
  });
