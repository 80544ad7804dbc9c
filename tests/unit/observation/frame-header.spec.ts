import { expect, test } from '@playwright/test';
import { parseFrameHeader } from '../../../lab/observation/frame-header.ts';

const asked = '1763800000000001';
const answered = '1763800000050001';
const sample = `SAMPLE 7 ${asked} ${answered} status 120 lxc1=4711:FAKE1,FAKE4;lxc2=0:?;lxc3=12: 3/52/41/1000/0/1600/2.50 90210`;
const end = 'END 1234000 5678000';

test('the first line of a sample says what it is of', () => {
  expect(parseFrameHeader(sample)).toEqual({
    ...{ kind: 'sample', number: 7, content: 'status', payloadBytes: 120 },
    ...{ askedMs: Number(asked) / 1000, answeredMs: Number(answered) / 1000 },
    machine: new Map([
      ['lxc1', { processId: 4711, stateFiles: ['FAKE1', 'FAKE4'] }],
      ['lxc2', { processId: 0, stateFiles: null }],
      ['lxc3', { processId: 12, stateFiles: [] }],
    ]),
    strain: { lateMs: 3, tookMs: 52, neededMs: 41, idleTicks: 1000, stolenTicks: 0, allTicks: 1600, load: 2.5 },
    uptimeMs: 90_210,
  });
});

test('a sample of before strain and uptime were measured has none, and one of no guest has no machine', () => {
  expect(parseFrameHeader(`SAMPLE 1 ${asked} ${answered} same 0 -`)).toMatchObject({
    ...{ content: 'same', payloadBytes: 0, strain: null, uptimeMs: null },
    machine: new Map(),
  });
});

test('the last line says what the sampler cost', () => {
  expect(parseFrameHeader(end)).toEqual({ kind: 'end', cpuMs: 1234, wallMs: 5678 });
});

for (const [what, line] of Object.entries({
  'something before a sample': ` ${sample}`,
  'something after a sample': `${sample}x`,
  'a word after a sample': `${sample} more`,
  'something before an end': `x${end}`,
  'something after an end': `${end} more`,
  'an unchanged status with a payload': `SAMPLE 1 ${asked} ${answered} same 1 -`,
  'a guest without a name': `SAMPLE 1 ${asked} ${answered} status 1 =4711:FAKE1`,
  'a guest without its files': `SAMPLE 1 ${asked} ${answered} status 1 lxc1=4711`,
  'a guest of two names': `SAMPLE 1 ${asked} ${answered} status 1 lxc1=lxc2=4711:FAKE1`,
  'a guest that is named twice': `SAMPLE 1 ${asked} ${answered} status 1 lxc1=1:?;lxc1=2:?`,
  'something before its strain': `SAMPLE 1 ${asked} ${answered} status 1 - x3/52/41/1000/0/1600/2.50`,
  'something after its strain': `SAMPLE 1 ${asked} ${answered} status 1 - 3/52/41/1000/0/1600/2.50x`,
}))
  test(`${what} is none`, () => {
    expect(parseFrameHeader(line)).toBeUndefined();
  });
