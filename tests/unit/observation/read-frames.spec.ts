import { expect, test } from '@playwright/test';
import { createSampleReader, readRecording, samplesOf } from '../../../lab/observation/read-frames.ts';
import type { Observation } from '../../../lab/observation/read-frames.ts';
import { recordedDrill, recordedXml, result } from './recorded.ts';

const status = recordedXml('trixie', 'guest-probe-notinstalled');

/** A stream of frames, each of a kind and a payload. */
function stream(...frames: readonly (readonly [kind: string, payload?: string | Buffer])[]): Buffer {
  return Buffer.concat(
    frames.flatMap(([kind, payload = ''], index) => {
      const bytes = Buffer.from(payload);
      const at = 1795299366000000 + index * 100_000;
      return [
        Buffer.from(`SAMPLE ${index + 1} ${at} ${at + 5000} ${kind} ${bytes.length} -\n`),
        bytes,
        Buffer.from('\n'),
      ];
    }),
  );
}

test('turns the recorded drill into samples on the clock of the host', () => {
  const observations = readRecording(recordedDrill.frames);
  const samples = samplesOf(observations);
  expect(samples).toHaveLength(92);
  expect(samples[0]).toMatchObject({ number: 1, atMs: 1795299366258.36 });
  expect(samples[0]?.machine.get('lxc2')).toEqual({ processId: 8318, stateFiles: ['FAKE2', 'FAKE5'] });
  expect(observations.at(-1)?.kind).toBe('end');
});

test('repeats the very same status and text while nothing changed', () => {
  const [first, second, third] = readRecording(stream(['status', status], ['same'], ['status', status]));
  expect(first?.kind === 'sample' && second?.kind === 'sample' && first.sample.status === second.sample.status).toBe(
    true,
  );
  expect(second).toHaveProperty('xml', status);
  expect(second).toHaveProperty('sample.atMs', 1795299366105);
  expect(third).toHaveProperty('sample.number', 3);
});

for (const [what, frames, expected] of [
  ['an error of the host', [['error', 'no space left on device\n']], /could not tell.*no space left on device/],
  ['an error without words', [['error']], /did not say why/],
  ['a status that is cut short', [['status', status.slice(0, 500)]], /malformed/],
  ['a status that is not UTF-8', [['status', Buffer.concat([Buffer.from(status), Buffer.from([0xff])])]], /not UTF-8/],
  ['a repetition of nothing', [['same']], /there was none/],
] satisfies [string, [string, (string | Buffer)?][], RegExp][])
  test(`hands on ${what} as trouble at its moment and reads on`, () => {
    const observations: readonly Observation[] = readRecording(stream(...frames, ['status', status], ['same']));
    expect(observations.map(({ kind }) => kind)).toEqual(['trouble', 'sample', 'sample']);
    expect(observations[0]).toMatchObject({
      number: 1,
      atMs: 1795299366005,
      error: { name: 'ObservationError', kind: 'broken' },
    });
    expect(observations[0]).toHaveProperty('error.message', expect.stringMatching(expected));
  });

test('says apart that the cluster is not running, for each sample of it', () => {
  const down = result('', { status: '<status code="102" message="Not connected"/>' });
  const observations = readRecording(
    stream(['status', status], ['status', down], ['status', down], ['status', status]),
  );
  expect(observations.map((each) => (each.kind === 'trouble' ? each.error.kind : each.kind))).toEqual([
    'sample',
    'not-connected',
    'not-connected',
    'sample',
  ]);
  expect(observations[1]).toHaveProperty('raw', down);
});

test('a repetition of what could not be read is trouble as well', () => {
  expect(readRecording(stream(['status', '<x/>'], ['same'])).map(({ kind }) => kind)).toEqual(['trouble', 'trouble']);
});

test('says once that the stream is broken, and nothing any more', () => {
  const reader = createSampleReader();
  expect(reader.push(Buffer.from('oops\n')).map(({ kind }) => kind)).toEqual(['broken']);
  expect(reader.push(stream(['status', status]))).toEqual([]);
});

test('hands on as trouble what crm_mon repeats for longer than it can', () => {
  const repeated = status.replace(/last_update time="[^"]*"/, 'last_update time="Sun Nov 22 05:50:40 2026"');
  const frames = Array.from({ length: 60 }, (): [string, string] => ['status', repeated]);
  const observations = readRecording(stream(...frames));
  expect(observations[50]).toHaveProperty('kind', 'sample');
  expect(observations[51]).toMatchObject({ kind: 'trouble', error: { name: 'ObservationError', kind: 'broken' } });
  expect(observations[51]).toHaveProperty(
    'error.message',
    expect.stringMatching(/crm_mon repeats itself: for 5100 ms/),
  );
});
