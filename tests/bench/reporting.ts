import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePicture } from '../../fixtures/drill-picture.ts';
import { buildTimeline, renderTimeline } from '../../fixtures/observer/timeline.ts';
import { historyResults } from '../../reporters/allure/history.ts';
import { drawPicture } from '../../reporters/picture/draw-picture.ts';
import { recordedOutcome } from '../unit/drill/recorded-outcome.ts';
import { inlineProject } from '../unit/reporters/inline-run.ts';
import { asRecorded, recordedDrill, recordedSteps } from '../unit/reporters/recorded-drills.ts';
import { median } from './median.ts';

/** Medians of how long a run takes with Playwright's `list` alone, and with the reporters as configured. */
export interface Compared {
  readonly runsOfEach: number;
  readonly listAloneMs: number;
  readonly asConfiguredMs: number;
}

/** What reporting costs. */
export interface ReportingFigures {
  /** From 600 samples of two minutes, through which the recorded recovery comes again and again, to the SVG; with loading what draws it. */
  readonly pictureOf600SamplesMs: number;
  /** `npm run report` on the results of 500 drills that attached what a real one does. */
  readonly reportOf500DrillsMs: number;
  readonly reportOf500DrillsBytes: number;
  /** The same with as much of a history as is kept. */
  readonly reportWithHistoryMs: number;
  readonly reportWithHistoryBytes: number;
  /** Runs of 100 drills that do nothing but tell what a recorded one told. */
  readonly runsOf100Drills: Compared;
  /** By how much the reporters make such a run longer, for each of its drills. */
  readonly reportersPerDrillMs: number;
}

const samplesOfPicture = 600;
const sampleEveryMs = 200;
const drillsOfReport = 500;
const dayMs = 86_400_000;
const comparedRuns = 5;
const comparedCount = 100;
const comparedDrills = '--grep=drill number 4\\d\\d$';
/** The steps of a drill that only serve reports and evidence. */
const tellingSteps: readonly string[] = ['keep the CIB for evidence', 'write down what was seen'];

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

const longPicture = () => {
  const { samples, injectedAtMs } = recordedOutcome;
  const long = Array.from({ length: samplesOfPicture }, (_, at) => ({
    ...(samples[at % samples.length] ?? recordedOutcome.before),
    number: at + 2,
    atMs: injectedAtMs + (at + 1) * sampleEveryMs,
  }));
  return makePicture({ ...recordedOutcome, samples: long }, { lines: [] });
};

const attachments = (): Readonly<Record<string, string>> => {
  const { before, samples, injectedAtMs } = recordedOutcome;
  return {
    'timeline picture': JSON.stringify(makePicture(recordedOutcome, { lines: [] })),
    timeline: renderTimeline(buildTimeline([before, ...samples], { startMs: injectedAtMs })),
    runs: JSON.stringify(recordedOutcome.runs),
  };
};

/** One in ten fails. */
const spec = (): string => `
  const attachments = ${JSON.stringify(attachments())};
  for (let at = 0; at < ${drillsOfReport}; at += 1)
    test('lxc1 is recovered, drill number ' + at, async ({ drill }, testInfo) => {
      ${asRecorded()} ${recordedSteps()}
      for (const [name, body] of Object.entries(attachments))
        await testInfo.attach(name, { body, contentType: name === 'timeline' ? 'text/plain' : 'application/json' });
      expect.soft(at % 10, 'not recovered in time').not.toBe(9);
    });
`;

/**
 * Compares runs with Playwright's `list` alone and with the reporters as configured, in turns, so that what else the machine
 * does counts for both.
 *
 * @param run makes a run, with these flags for Playwright more
 */
export const compareReporters = async (run: (flags: readonly string[]) => Promise<unknown>): Promise<Compared> => {
  const [alone, configured]: [number[], number[]] = [[], []];
  for (let round = 0; round < comparedRuns; round += 1) {
    alone.push(await timed(() => run(['--reporter=list'])));
    configured.push(await timed(() => run([])));
  }
  return {
    runsOfEach: comparedRuns,
    listAloneMs: Math.round(median(alone) ?? 0),
    asConfiguredMs: Math.round(median(configured) ?? 0),
  };
};

interface Step {
  readonly name?: string;
  readonly start?: number;
  readonly stop?: number;
  readonly steps?: readonly Step[];
}

const tellingMs = ({ name = '', start = 0, stop = start, steps = [] }: Step): number =>
  tellingSteps.includes(name) ? stop - start : steps.reduce((sum, step) => sum + tellingMs(step), 0);

/** The median of what the drills of the last run took, while they ran, for reports and evidence alone; by their steps in Allure's results. */
export const tellingInDrillsMs = (allureResults: string): number | null =>
  median(
    readdirSync(allureResults)
      .filter((name) => name.endsWith('-result.json'))
      .map((name) => tellingMs(JSON.parse(readFileSync(join(allureResults, name), 'utf8')) as Step)),
  );

/** Measures what reporting costs; takes some minutes, and no lab. `say` is told what is under way. */
export const measureReporting = async (say: (line: string) => void): Promise<ReportingFigures> => {
  const folder = mkdtempSync(join(tmpdir(), 'gd-reporting.'));
  const project = inlineProject({ outputPath: (...parts) => join(folder, ...parts) }, spec(), {
    reporters: 'as configured',
    settings: 'workers: 1,',
  });
  try {
    say('a picture of 600 samples');
    const pictureMs = await timed(() => drawPicture(recordedDrill(), longPicture()));
    say(`runs of ${comparedCount} drills, without and with the reporters`);
    const runs = await compareReporters((flags) => project.start([comparedDrills, ...flags]));
    say(`a report of ${drillsOfReport} drills`);
    await project.start();
    const report = async () => {
      const tookMs = await timed(() => project.command('report'));
      return { tookMs: Math.round(tookMs), bytes: statSync(join(project.folder, 'results/report/index.html')).size };
    };
    const first = await report();
    const history = join(project.folder, 'results/history.jsonl');
    const run = readFileSync(history, 'utf8');
    const earlier = Array.from({ length: historyResults / drillsOfReport }, (_, at) =>
      run.replaceAll(/"start":(\d+)/g, (_whole, start) => `"start":${Number(start) - (at + 1) * dayMs}`),
    );
    writeFileSync(history, earlier.reverse().join(''));
    const later = await report();
    const drawn = project.document().drills.filter(({ picture }) => picture !== null).length;
    if (drawn !== drillsOfReport) throw new Error(`Of ${drillsOfReport} drills ${drawn} have a picture.`);
    return {
      pictureOf600SamplesMs: Math.round(pictureMs),
      reportOf500DrillsMs: first.tookMs,
      reportOf500DrillsBytes: first.bytes,
      reportWithHistoryMs: later.tookMs,
      reportWithHistoryBytes: later.bytes,
      runsOf100Drills: runs,
      reportersPerDrillMs: Math.round((runs.asConfiguredMs - runs.listAloneMs) / comparedCount),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
