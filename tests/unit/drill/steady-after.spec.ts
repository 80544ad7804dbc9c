import { expect, test } from '@playwright/test';
import { expectSteadyAfter } from '../../../fixtures/drill.ts';
import { ExpectationError } from '../../../fixtures/errors.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { Sample } from '../../../lab/observation/sample.ts';
import type { StatusStream } from '../../../lab/observation/status-stream.ts';
import { withFailure, withMachine, withNode, withResource } from '../observer/drill-samples.ts';
import { failures, recordedOutcome } from './recorded-outcome.ts';

const lab = { plan: recordedOutcome.plan } as Lab;
const last = recordedOutcome.samples.at(-1) ?? recordedOutcome.before;
const check = (sample: Sample): Promise<void> =>
  expectSteadyAfter(lab, { next: () => Promise.resolve(sample) } as StatusStream, recordedOutcome);

const withFailCount = (sample: Sample, resource: string): Sample => ({
  ...sample,
  status: {
    ...sample.status,
    histories: sample.status.histories.map((each) => (each.resource === resource ? { ...each, failCount: 3 } : each)),
  },
});

test('the records that the fault has to leave are no deviation, and neither is that they are gone', async () => {
  expect(last.status.failures).toHaveLength(1);
  await check(last);
  await check(failures(() => [])(last));
});

for (const [what, sample, lines] of [
  [
    'a failed action of another resource',
    withFailure(last, 'FAKE2', 99),
    ['a failed action is recorded: FAKE2_monitor_10000 on example-host'],
  ],
  [
    'the same action failed on another node',
    failures((one) => [one, { ...one, node: 'lxc1' }])(last),
    ['a failed action is recorded: lxc2_monitor_30000 on lxc1'],
  ],
  ['the fail count of another guest', withFailCount(last, 'lxc1'), ['lxc1 has a fail count of 3 on example-host']],
  ['the guest being offline', withNode(last, 'lxc2', { online: false }), ['the node lxc2 is offline']],
  [
    'all there is',
    withMachine(withResource(last, 'FAKE1', { role: 'Stopped', active: false, nodes: [] }), 'lxc3', {
      processId: 9913,
      stateFiles: [],
    }),
    ['the resource FAKE1 is Stopped', 'the cluster says that FAKE3 runs on lxc3, but its state file is not there'],
  ],
] as const)
  test(`after a drill it tells of ${what}`, async () => {
    const error: unknown = await check(sample).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExpectationError);
    expect(String(error)).toBe(
      ['ExpectationError: The cluster is not back in its steady state:', ...lines.map((line) => `  - ${line}`)].join(
        '\n',
      ),
    );
  });
