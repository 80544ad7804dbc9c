import { escaped } from '../escaped.ts';
import { darkRules, inks } from '../picture/palette.ts';
import type { DrillOnRelease, Qualification, QualifiedDrill, Standing } from './qualification.ts';
import { smallMultiples, type Multiple } from './small-multiples.ts';
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

const colours = Object.entries(inks);
const properties = (theme: 0 | 1): string => colours.map(([name, ink]) => `--${name}:${ink[theme]}`).join(';');

const style = `
:root{color-scheme:light dark;${properties(0)}}
@media screen and (prefers-color-scheme:dark){:root{${properties(1)}}${darkRules}}
body{font:15px/1.45 system-ui,Arial,Helvetica,sans-serif;color:var(--text);background:var(--paper);max-width:1180px;margin:0 auto;padding:20px}
h1{font-size:24px;margin:0 0 6px}h2{font-size:19px;margin:34px 0 8px}h3{font-size:15px;margin:18px 0 4px}
p,ul{margin:6px 0}ul{padding-left:22px}li{margin:3px 0}a{color:var(--phase)}
.faint{color:var(--faint)}.outcome{border-left:10px solid var(--edge);padding:6px 14px}
.outcome.worse{border-color:var(--failed)}.outcome.not-worse{border-color:var(--up)}.outcome.inconclusive{border-color:var(--stripe)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:14px}
th,td{border:1px solid var(--grid);padding:3px 9px;text-align:left;vertical-align:top}
thead th{position:sticky;top:0;background:var(--paper)}tbody th{font-weight:normal}
td a{color:inherit}.passed{background:var(--up)}.failed{background:var(--failed);color:var(--onFailed)}
.known,.flaky,.inconclusive-cell{background:var(--moving)}.skipped,.none{color:var(--faint)}
.multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(270px,1fr));gap:14px}
figure{margin:0;border:1px solid var(--grid);border-top:4px solid var(--grid);padding:6px 8px}
figure.slower{border-top-color:var(--failed)}figure.quicker{border-top-color:var(--phase)}
figcaption{font-size:13px;min-height:38px}figure svg{max-width:100%;height:auto}
svg text{font-family:Arial,Helvetica,sans-serif}
`.trim();

const words: Readonly<Record<Standing, string>> = {
  passed: '✓ passed',
  failed: '✘ failed',
  known: '! known finding',
  flaky: '± flaky',
  inconclusive: '? inconclusive',
  skipped: '– skipped',
};

function cell(drill: QualifiedDrill, on: DrillOnRelease | undefined): string {
  if (!on) return '<td class="none">not run</td>';
  const { release, standing, unanimous } = on;
  const passed = unanimous ? '' : ` (${passedWords(on)})`;
  const recovered = recoveredWords(on);
  const own = drill.results.filter((result) => result.release === release);
  const [worst] = own.filter(({ verdict }) => verdict !== 'passed');
  const href = worst?.evidence ?? worst?.picture ?? own[0]?.picture ?? null;
  const text = `${words[standing]}${passed}`;
  const linked = href === null ? text : `<a href="${escaped(encodeURI(href))}">${text}</a>`;
  const kind = standing === 'inconclusive' ? 'inconclusive-cell' : standing;
  return `<td class="${kind}" title="${escaped(worst?.reason ?? '')}">${linked}${recovered === '' ? '' : `<br>${recovered}`}</td>`;
}

function table({ releases, drills }: Qualification): string {
  const names = releases.map(({ name }) => name);
  const head = ['drill', ...names].map((name) => `<th>${escaped(name)}</th>`).join('');
  const rows = drills.map((drill) => {
    const cells = names.map((name) =>
      cell(
        drill,
        drill.releases.find(({ release }) => release === name),
      ),
    );
    return `<tr><th>${escaped(drill.title)}</th>${cells.join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

const listed = (lines: readonly string[]): string => `<ul>${lines.map((line) => `<li>${line}</li>`).join('\n')}</ul>`;

function item({ lead, words: told, reason, links }: SectionItem): string {
  const because = reason === null || reason === '' ? '' : `: ${escaped(reason)}`;
  const linked = links.map(({ text, href }) => ` <a href="${escaped(encodeURI(href))}">${escaped(text)}</a>`).join(',');
  return `<b>${escaped(lead)}</b>: ${escaped(told)}${because}${linked}`;
}

const told = ({ title, items }: Section): string => `<h3>${escaped(title)}</h3>${listed(items.map(item))}`;

function releaseTable({ releases }: Qualification): string {
  const line = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
  const rows = releases.map((release) => line(releaseCells(release), 'td'));
  return `<div class="scroll"><table><thead>${line(releaseColumns, 'th')}</thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

/** Drills in which something got slower or quicker come first. */
function figures({ comparisons, verdict }: Qualification, multiples: readonly Multiple[]): string {
  const decisive = comparisons.find(({ before, after }) => before === verdict.baseline && after === verdict.candidate);
  const kindOf = (id: string): string => {
    const kinds = decisive?.timings.filter(({ drill }) => drill === id).map(({ kind }) => kind) ?? [];
    return kinds.includes('slower') ? 'slower' : kinds.includes('quicker') ? 'quicker' : 'alike';
  };
  const order = ['slower', 'quicker', 'alike'];
  return multiples
    .map(({ drill, svg }) => ({ drill, svg, kind: kindOf(drill.id) }))
    .toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))
    .map(
      ({ drill, svg, kind }) =>
        `<figure class="${kind}"><figcaption>${escaped(drill.title)}${kind === 'alike' ? '' : ` · <b>${kind}</b>`}</figcaption>${svg}</figure>`,
    )
    .join('\n');
}

/**
 * Returns a qualification as one HTML file that needs no other and calls nobody: the verdict, what differs between the
 * releases, a table of drills by releases, and each drill's recoveries as a small picture. Links are relative to the results.
 */
export async function qualificationPage(qualification: Qualification): Promise<string> {
  const { verdict, comparisons } = qualification;
  const title = escaped(verdictWords(qualification));
  const multiples = await smallMultiples(qualification);
  const disagree = disagreements(qualification).map(escaped);
  const time = timeWords(qualification);
  const compared = comparisons.toReversed().map((comparison) => {
    const sections = differences(qualification, comparison);
    return [
      `<h2>${escaped(comparison.before)} → ${escaped(comparison.after)}</h2>`,
      `<p>${escaped(speedWords(comparison))}</p>`,
      sections.length > 0 ? sections.map(told).join('\n') : '<p>No drill differs.</p>',
    ].join('\n');
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<div class="outcome ${verdict.outcome.replaceAll(' ', '-')}"><h1>${title}</h1>
<p class="faint">${escaped(aboutWords(qualification))}</p>
${verdict.reasons.length > 0 ? listed(verdict.reasons.map(escaped)) : ''}
${qualification.notes.map((note) => `<p class="faint">${escaped(note)}</p>`).join('\n')}</div>
${compared.join('\n')}
${disagree.length > 0 ? `<h2>Repeats that do not agree</h2>${listed(disagree)}` : ''}
<h2>Drills</h2>
${table(qualification)}
<p class="faint">With the median time from the fault to recovery. A verdict leads to its evidence, or to a timeline.</p>
${
  multiples.length > 0
    ? `<h2>Recoveries</h2>
<p class="faint">Seconds from the fault until recovered (● and blue) and until detected (◆ and amber): every repeat, medians joined by a line, quartiles as bars.</p>
<div class="multiples">${figures(qualification, multiples)}</div>`
    : ''
}
<h2>Releases</h2>
${releaseTable(qualification)}
${time === '' ? '' : `<h2>Time</h2><p>${escaped(time)}</p>`}
</body>
</html>
`;
}
