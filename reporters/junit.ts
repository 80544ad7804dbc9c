import path from 'node:path';
import type { DrillRecord, DrillsDocument } from './drill-record.ts';
import { escaped } from './escaped.ts';
import { groupBy } from './group-by.ts';

/** Where things are, for links: both relative to the folder in which the run was started. */
export interface JunitPlaces {
  /** The folder of the spec files. */
  readonly scenarios: string;
  /** The folder of the results. */
  readonly results: string;
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/** Jenkins shows the message, and GitLab the text alone. */
const skipped = (why: string, more: Readonly<Record<string, string>>): string =>
  `<skipped${attributes({ ...more, message: why })}>${escaped(why)}</skipped>`;

/** Says how it went, in JUnit's elements: of a drill that passed nothing. */
function outcome({ verdict, reason, finding }: DrillRecord, detail = reason): string[] {
  if (verdict === 'passed') return [];
  if (verdict === 'skipped') return [skipped(reason, {})];
  // Whoever expects a failure does not want to be told of it as one: the way in which pytest writes such a test down.
  if (finding !== null) return [skipped(`known finding: ${finding}; ${firstLine(reason)}`, { type: 'known finding' })];
  const element = verdict === 'failed' ? 'failure' : 'error';
  return [`<${element}${attributes({ type: verdict, message: firstLine(reason) })}>${escaped(detail)}</${element}>`];
}

function properties(record: DrillRecord): string[] {
  const { release, guest, fault, phases, tags, seed, verdict, evidence } = record;
  const values = {
    verdict,
    tags: tags.join(' '),
    release,
    guest: guest?.name,
    'guest kind': guest?.kind,
    fault: fault?.name,
    seed,
    evidence,
    ...Object.fromEntries(Object.entries(phases ?? {}).map(([phase, ms]) => [`${phase} ms`, ms])),
  };
  const known = Object.entries(values).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [{ name, value }],
  );
  return ['<properties>', ...known.map((each) => `  <property${attributes(each)}/>`), '</properties>'];
}

function testCase(record: DrillRecord, places: JunitPlaces, detail: string | undefined): string[] {
  const titles = record.id.split(' › ');
  const name = record.repeat > 0 ? `${record.title} [repeat ${record.repeat}]` : record.title;
  const head = attributes({
    name,
    // Jenkins takes what is before a dot for a package.
    classname: titles.slice(0, -1).join(' › ').replace('.spec.ts', ''),
    file: path.posix.join(places.scenarios, titles[0] ?? ''),
    time: seconds(record.durationMs),
  });
  // GitLab shows what such a line names, in the artifacts, beside the test.
  const picture =
    record.picture === null
      ? []
      : [`<system-out>${escaped(`[[ATTACHMENT|${places.results}/${record.picture}]]`)}</system-out>`];
  const lines = [...properties(record), ...outcome(record, detail), ...picture];
  return [`<testcase${head}>`, ...lines.map((line) => `  ${line}`), '</testcase>'];
}

function counts(records: readonly DrillRecord[]) {
  const having = (element: string): number =>
    records.filter((record) => outcome(record)[0]?.startsWith(`<${element}`)).length;
  return {
    tests: records.length,
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
    time: seconds(records.reduce((sum, { durationMs }) => sum + durationMs, 0)),
  };
}

/**
 * Returns a run's results as JUnit XML, as GitLab, Jenkins and GitHub's actions read it: a suite for each spec file. A drill that
 * Pacemaker failed has a `failure`, an inconclusive one an `error`, and one that is skipped or fails as a known finding
 * is `skipped`. What went wrong outside any drill is an error in a suite of its own.
 *
 * @param details what went wrong in full, where more is known than the record's reason
 */
export function junitText(
  { drills, errors, startedAt }: DrillsDocument,
  places: JunitPlaces,
  details: ReadonlyMap<DrillRecord, string> = new Map(),
): string {
  const timestamp = startedAt.replace(/\.\d+Z$/, '');
  const suites = groupBy(drills, ({ id }) => id.split(' › ')[0] ?? id).flatMap((records) => [
    `<testsuite${attributes({ name: records[0].id.split(' › ')[0] ?? '', timestamp, ...counts(records) })}>`,
    ...records.flatMap((record) => testCase(record, places, details.get(record))).map((line) => `  ${line}`),
    '</testsuite>',
  ]);
  const name = 'outside any drill';
  const outside = errors.map(
    (error, at) =>
      `  <testcase${attributes({ name: `${name} ${at + 1}`, classname: name, time: '0.000' })}>` +
      `<error${attributes({ type: 'inconclusive', message: firstLine(error) })}>${escaped(error)}</error></testcase>`,
  );
  const own = { name, timestamp, tests: errors.length, failures: 0, errors: errors.length, skipped: 0, time: '0.000' };
  const lines = [
    ...suites,
    ...(outside.length > 0 ? [`<testsuite${attributes(own)}>`, ...outside, '</testsuite>'] : []),
  ];
  // Of all suites together, Jenkins' schema knows no number of what was skipped.
  const { skipped: _, ...total } = counts(drills);
  const all = {
    name: 'Pacemaker guest-node drills',
    ...total,
    tests: drills.length + errors.length,
    errors: total.errors + errors.length,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes(all)}>\n${lines.map((line) => `  ${line}\n`).join('')}</testsuites>\n`;
}
