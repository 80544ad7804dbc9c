import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { meansLabTrouble, reasonOf } from '../../../reporters/lab-trouble.ts';

interface AllureConfig {
  readonly categories: readonly { readonly id: string; readonly matchers: (result: object) => boolean }[];
}
const configFile = path.resolve(import.meta.dirname, '../../../allurerc.mjs');

/** The first category of the Allure report that takes a failed test with that message. */
async function allureCategory(message: string): Promise<string | undefined> {
  const allure = (await import(pathToFileURL(configFile).href)) as { readonly default: AllureConfig };
  return allure.default.categories.slice(0, 2).find(({ matchers }) => matchers({ status: 'failed', message }))?.id;
}
const trouble = [
  'LabError: no lab',
  'TransportError: no answer',
  'CommandError: pcs ended with 1',
  'ObservationError: the sample is cut short',
  'FaultError: the process still runs',
  'LockError: another run uses this lab',
  'UsageError: no such plan',
  'Error: LabError: it broke',
  'Test timeout of 30000ms exceeded.',
  'Fixture "lab" timeout of 500ms exceeded during setup.',
  'Tearing down "lab" exceeded the test timeout of 500ms.',
  'Error: worker process exited unexpectedly (code=null, signal=SIGKILL)',
];
const promises = [
  'ExpectationError: FAKE1 ran twice',
  'Error: LabErrors: are not lab errors',
  'Error: the guest restarted twice\n\nexpect(received).toBe(expected)',
  'Error: no restart was seen\nLabError: quoted further down',
];

for (const message of trouble) {
  test(`takes "${message}" as lab trouble, in the Allure report too`, async () => {
    expect(meansLabTrouble(message)).toBe(true);
    expect(await allureCategory(message)).toBe('inconclusive');
  });
}

for (const message of promises) {
  test(`takes "${message.split('\n').join(' / ')}" as a broken promise, in the Allure report too`, async () => {
    expect(meansLabTrouble(message)).toBe(false);
    expect(await allureCategory(message)).toBe('broken-promise');
  });
}

test('a reason is the first line and the next step, without colour', () => {
  expect(reasonOf('\u001b[31mError: it broke\u001b[39m\n\ndetails\nNext: look')).toBe('it broke\nNext: look');
  expect(reasonOf('LabError: it broke\nmore')).toBe('LabError: it broke');
  expect(reasonOf('')).toBe('');
});
