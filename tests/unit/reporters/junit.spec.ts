import { expect, test } from '@playwright/test';
import { XMLParser } from 'fast-xml-parser';
import { parseXml } from '../../../lab/observation/xml.ts';
import type { DrillsDocument } from '../../../reporters/drill-record.ts';
import { junitText } from '../../../reporters/junit.ts';
import { recordedDrill } from './recorded-drills.ts';

const places = { scenarios: 'scenarios', results: 'results' };
const bad = recordedDrill({ id: 'b.spec.ts › bad', title: 'bad', verdict: 'failed', reason: 'FAKE1 "ran" <twice>' });
const document = (change: Partial<DrillsDocument> = {}): DrillsDocument => ({
  version: 1,
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 60_000,
  errors: [],
  drills: [
    recordedDrill({ id: 'a.spec.ts › guest failure › good', title: 'good', picture: 'timelines/good.svg' }),
    recordedDrill({ id: 'a.spec.ts › guest failure › good', title: 'good', repeat: 1 }),
    bad,
    recordedDrill({
      id: 'b.spec.ts › lost',
      title: 'lost',
      verdict: 'inconclusive',
      reason: 'LabError: gone\nNext: up',
    }),
    recordedDrill({ id: 'b.spec.ts › off', title: 'off', verdict: 'skipped', reason: 'no netem' }),
    recordedDrill({ id: 'b.spec.ts › known', title: 'known', verdict: 'failed', reason: 'twice', finding: 'number 8' }),
  ],
  ...change,
});

type Element = Record<string, unknown>;
interface Parsed {
  readonly testsuites: Element & {
    readonly testsuite: readonly (Element & { readonly testcase: readonly Element[] })[];
  };
}

/** Reads it as strictly as anybody will, attributes under their own names. */
const parse = (xml: string): Parsed => {
  parseXml(xml);
  const isArray = (name: string) => name === 'testsuite' || name === 'testcase';
  return new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray }).parse(xml) as Parsed;
};

test('each spec file is a suite, with what its readers count: failures, errors, skipped', () => {
  const { testsuites } = parse(junitText(document(), places));
  expect(testsuites).toMatchObject({ tests: '6', failures: '1', errors: '1', time: '54.763' });
  expect(testsuites.testsuite).toMatchObject([
    { name: 'a.spec.ts', tests: '2', failures: '0', errors: '0', skipped: '0', timestamp: '2026-01-02T03:04:05' },
    { name: 'b.spec.ts', tests: '4', failures: '1', errors: '1', skipped: '2' },
  ]);
});

test('a drill says where it is, how long it took, what was measured and where its picture is', () => {
  const [good, again] = parse(junitText(document(), places)).testsuites.testsuite[0]?.testcase ?? [];
  expect(good).toMatchObject({
    name: 'good',
    classname: 'a › guest failure',
    file: 'scenarios/a.spec.ts',
    time: '9.127',
    'system-out': '[[ATTACHMENT|results/timelines/good.svg]]',
  });
  const { property } = good?.properties as { readonly property: readonly Element[] };
  expect(property).toContainEqual({ name: 'recovered ms', value: '7639' });
  expect(property).toContainEqual({ name: 'release', value: '3.0.0-3.0.0' });
  expect(again).toMatchObject({ name: 'good [repeat 1]' });
});

test('a broken promise is a failure, lab trouble an error, and what is known or skipped is skipped', () => {
  const [failure, error, skipped, known] =
    parse(junitText(document(), places, new Map([[bad, 'FAKE1 ran twice\n  at scenarios/b.spec.ts:1:1']]))).testsuites
      .testsuite[1]?.testcase ?? [];
  expect(failure?.failure).toEqual({
    type: 'failed',
    message: 'FAKE1 "ran" <twice>',
    '#text': 'FAKE1 ran twice\n  at scenarios/b.spec.ts:1:1',
  });
  expect(error?.error).toMatchObject({ type: 'inconclusive', message: 'LabError: gone' });
  expect(skipped?.skipped).toEqual({ message: 'no netem', '#text': 'no netem' });
  const why = 'known finding: number 8; twice';
  expect(known?.skipped).toEqual({ type: 'known finding', message: why, '#text': why });
});

test('but for the file and the properties of a drill, which others read, it holds only what the schema of Jenkins has', () => {
  const xml = junitText(document({ errors: ['LabError: no engine'] }), places)
    .replaceAll(/ file="[^"]*"/g, '')
    .replaceAll(/<properties>[^]*?<\/properties>/g, '');
  const seen = [...xml.matchAll(/<([a-z-]+)((?: [a-z]+="[^"]*")*)/g)].flatMap(([, name = '', attributes = '']) =>
    [...attributes.matchAll(/([a-z]+)=/g)].map(([, attribute = '']) => `${name} ${attribute}`),
  );
  const cases = ['testcase classname', 'testcase name', 'testcase time'];
  const outcomes = ['error', 'failure', 'skipped'].flatMap((name) => [`${name} message`, `${name} type`]);
  const numbers = ['errors', 'failures', 'name', 'tests', 'time'];
  const suites = numbers.flatMap((name) => [`testsuite ${name}`, `testsuites ${name}`]);
  const allowed = [...cases, ...outcomes, ...suites, 'testsuite skipped', 'testsuite timestamp'];
  expect([...new Set(seen)].sort()).toEqual(allowed.sort());
});

test('what went wrong outside any drill is an error of its own', () => {
  const { testsuites } = parse(
    junitText(document({ drills: [], errors: ['LabError: no engine\nNext: doctor'] }), places),
  );
  expect(testsuites).toMatchObject({ tests: '1', errors: '1' });
  expect(testsuites.testsuite).toMatchObject([
    { name: 'outside any drill', testcase: [{ error: { message: 'LabError: no engine' } }] },
  ]);
});

test('characters that XML may not hold are left out', () => {
  const reason = 'a\u0000b\u001b[31mc\ud800d\u{1f600}';
  const text = junitText(document({ drills: [recordedDrill({ verdict: 'failed', reason })] }), places);
  const [drill] = parse(text).testsuites.testsuite[0]?.testcase ?? [];
  expect(drill?.failure).toMatchObject({ message: 'ab[31mcd\u{1f600}' });
});
