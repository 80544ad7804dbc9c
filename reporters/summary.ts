import { attentionOf, budgetUsed, byAttention, countsInWords, worstOf } from './attention.ts';
import type { DrillRecord, DrillsDocument } from './drill-record.ts';
import { phaseColumns, spread } from './drill-table.ts';
import { groupBy } from './group-by.ts';
import { row, safe, section } from './markdown.ts';

const slowestShown = 5;
const reasonsShown = 50;
const marks = { failed: '❌', inconclusive: '⚠️', 'known finding': '📌', passed: '✅', skipped: '⏭️' } as const;

/** Whether files beside the summary are linked: they are not there on the page of a job. */
export type Links = 'with links' | 'without links';

/** Makes text a link to a file in the folder of the results, where there is one and links are wanted. */
const linked = (text: string, file: string | null, links: Links): string =>
  file === null || links === 'without links' ? text : `[${text}](${encodeURI(file)})`;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function tableOf(sorted: readonly DrillRecord[], links: Links): string[] {
  const number = (values: readonly (number | null)[]): string => {
    const [first] = values;
    if (values.length > 1) return spread(values);
    return typeof first === 'number' ? String(Math.round(first)) : '–';
  };
  const rows = groupBy(sorted, ({ id }) => id).map((repeats) => {
    const attention = worstOf(repeats);
    const telling = repeats.find((record) => attentionOf(record) === attention) ?? repeats[0];
    const passed = repeats.filter(({ verdict }) => verdict === 'passed').length;
    return row([
      `${marks[attention]} ${repeats.length > 1 ? `${passed} of ${repeats.length} passed` : attention}`,
      linked(safe(telling.title), telling.picture, links),
      safe(repeats[0].guest?.name ?? '–'),
      ...phaseColumns.map((phase) => number(repeats.map(({ phases }) => phases?.[phase] ?? null))),
      number(repeats.map(({ durationMs }) => durationMs)),
    ]);
  });
  const head = ['verdict', 'drill', 'guest', ...phaseColumns, 'duration'];
  return [row(head), row(head.map((_, at) => (at < 3 ? '---' : '--:'))), ...rows];
}

function reasons(sorted: readonly DrillRecord[], links: Links): string[] {
  const lines = sorted
    .filter(({ verdict }) => verdict !== 'passed')
    .map((record) => {
      const finding = record.finding === null ? '' : ` (known: ${safe(record.finding)})`;
      const folder = record.evidence === null ? null : `${record.evidence}/README.md`;
      const evidence = folder === null || links === 'without links' ? '' : ` (${linked('evidence', folder, links)})`;
      return `- **${attentionOf(record)}**: ${safe(record.title)}: ${safe(record.reason)}${finding}${evidence}`;
    });
  const distinct = [...new Set(lines)];
  const more = distinct.length - reasonsShown;
  return more > 0 ? [...distinct.slice(0, reasonsShown), `- and ${more} more, in \`drills.json\``] : distinct;
}

function slowest(records: readonly DrillRecord[]): string[] {
  return groupBy(records, ({ id }) => id)
    .map((repeats) => ({
      title: repeats[0].title,
      recoveredMs: Math.max(...repeats.map(({ phases }) => phases?.recovered ?? 0)),
      used: Math.max(...repeats.map(budgetUsed)),
    }))
    .filter(({ recoveredMs }) => recoveredMs > 0)
    .toSorted((a, b) => b.recoveredMs - a.recoveredMs)
    .slice(0, slowestShown)
    .map(({ title, recoveredMs, used }) => {
      const share = used > 0 ? `, at most ${Math.round(used * 100)} % of a budget used` : '';
      return `- ${safe(title)}: recovered after ${seconds(recoveredMs)}${share}`;
    });
}

/** Names the drills whose repeats do not agree. */
function flaky(records: readonly DrillRecord[]): string[] {
  return groupBy(records, ({ id }) => id).flatMap((repeats) => {
    const verdicts = groupBy(repeats, ({ verdict }) => verdict);
    const counted = verdicts.map((alike) => `${alike.length} ${alike[0].verdict}`).join(', ');
    return verdicts.length > 1 ? [`- ${safe(repeats[0].title)}: ${counted} of ${repeats.length}`] : [];
  });
}

/**
 * Returns a run's results as Markdown (GitHub's), for a page or a job's summary: what was run on what, a line for each
 * drill, what needs attention first, the reasons, the slowest recoveries, and the drills whose repeats do not agree. With links, a
 * drill leads to its picture and a reason to its evidence.
 */
export function summaryText({ drills, errors, startedAt, durationMs }: DrillsDocument, links: Links): string {
  const sorted = byAttention(drills);
  const distinct = (values: readonly (string | null | undefined)[]): string =>
    [...new Set(values.filter((value) => typeof value === 'string'))].map(safe).join(', ');
  const ran = [
    `Pacemaker ${distinct(drills.map(({ release }) => release)) || 'unknown'}`,
    distinct(drills.map(({ lab }) => lab?.os)),
    distinct(drills.map(({ lab }) => (lab ? `plan ${lab.plan} on a ${lab.hostKind}` : null))),
  ].filter((part) => part !== '');
  const repeated = drills.length > new Set(drills.map(({ id }) => id)).size;
  return [
    `# Drills: ${countsInWords(drills)}`,
    '',
    `${ran.join(' · ')} · started ${startedAt} · took ${seconds(durationMs)}`,
    '',
    ...(drills.length > 0
      ? [...tableOf(sorted, links), '', 'Milliseconds; phases count from the injection.']
      : ['No drill ran.']),
    ...section(
      'Outside any drill',
      errors.map((error) => `- ${safe(error)}`),
    ),
    ...section('Not passed', reasons(sorted, links)),
    ...section('Slowest', slowest(drills)),
    ...section('Flaky', repeated ? (flaky(drills).length > 0 ? flaky(drills) : ['All repeats agree.']) : []),
    '',
  ].join('\n');
}
