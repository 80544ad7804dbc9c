import { row, safe, section } from '../markdown.ts';
import type { DrillOnRelease, Qualification, Standing } from './qualification.ts';
import {
  aboutWords,
  differences,
  disagreements,
  passedWords,
  recoveredWords,
  releaseCells,
  releaseColumns,
  speedWords,
  timeWords,
  verdictWords,
  type Section,
  type SectionItem,
} from './words.ts';

const marks: Readonly<Record<Standing, string>> = {
  passed: '✅',
  failed: '❌',
  known: '📌',
  flaky: '🎲',
  inconclusive: '⚠️',
  skipped: '⏭️',
};
const verdictMarks = { worse: '❌', 'not worse': '✅', inconclusive: '⚠️', 'nothing to compare': '📋' } as const;

function cell(drill: DrillOnRelease | undefined): string {
  if (!drill) return '–';
  return [marks[drill.standing], passedWords(drill), recoveredWords(drill)].filter((part) => part !== '').join(' ');
}

function table({ releases, drills }: Qualification): readonly string[] {
  const names = releases.map(({ name }) => name);
  const rows = drills.map(({ title, releases: ran }) =>
    row([safe(title), ...names.map((name) => cell(ran.find(({ release }) => release === name)))]),
  );
  return [row(['drill', ...names.map(safe)]), row(['---', ...names.map(() => '---')]), ...rows];
}

const item = ({ lead, words, reason, links }: SectionItem): string => {
  const because = reason === null || reason === '' ? '' : `: ${safe(reason)}`;
  const linked = links.map(({ text, href }) => ` [${safe(text)}](<${href}>)`).join(',');
  return `- **${safe(lead)}**: ${safe(words)}${because}${linked}`;
};

const listOf = ({ title, items }: Section): readonly string[] => ['', `### ${title}`, '', ...items.map(item)];

const releaseRows = ({ releases }: Qualification): readonly string[] => [
  row(releaseColumns),
  row(releaseColumns.map(() => '---')),
  ...releases.map((release) => row(releaseCells(release).map(safe))),
];

/** Returns a qualification as Markdown (GitHub's), the verdict and what differs first. Links are relative to the results. */
export function qualificationText(qualification: Qualification): string {
  const { verdict, comparisons } = qualification;
  const newestFirst = comparisons.toReversed();
  const time = timeWords(qualification);
  return [
    `# ${verdictMarks[verdict.outcome]} ${safe(verdictWords(qualification))}`,
    '',
    safe(aboutWords(qualification)),
    ...(verdict.reasons.length > 0 ? ['', ...verdict.reasons.map((reason) => `- ${safe(reason)}`)] : []),
    ...qualification.notes.flatMap((note) => ['', `_${safe(note)}_`]),
    ...newestFirst.flatMap((comparison) => {
      const told = differences(qualification, comparison);
      return section(`${safe(comparison.before)} → ${safe(comparison.after)}`, [
        safe(speedWords(comparison)),
        ...(told.length > 0 ? told.flatMap(listOf) : ['', 'No drill differs.']),
      ]);
    }),
    ...section(
      'Repeats that do not agree',
      disagreements(qualification).map((line) => `- ${safe(line)}`),
    ),
    ...section('Drills', [
      ...table(qualification),
      '',
      `${Object.entries(marks)
        .map(([standing, mark]) => `${mark} ${standing}`)
        .join(', ')}; with the median time from fault to recovery.`,
    ]),
    ...section('Releases', releaseRows(qualification)),
    ...section('Time', time === '' ? [] : [time]),
    '',
  ].join('\n');
}
