import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { correctAllureResults, type KnownDrill } from './allure/allure-results.ts';
import { allureEnvironment } from './allure/environment.ts';
import { metricsFile, recoveryMetrics } from './allure/metrics.ts';
import { placeInAllure } from './allure/pictures.ts';
import { removeFromAllure } from './allure/take-out.ts';
import { timedSteps } from './allure/timed-steps.ts';
import { isBad } from './attention.ts';
import { closingTable } from './closing-table.ts';
import { colourFor } from './colour.ts';
import type { DrillRecord, DrillsDocument } from './drill-record.ts';
import { replaceFile, writeDrillsFile } from './drills-file.ts';
import { evidenceAttachment, evidenceFolder, removeOtherEvidence, unpackEvidence } from './evidence-folder.ts';
import { junitText } from './junit.ts';
import { reasonOf } from './lab-trouble.ts';
import { loadDrawing } from './picture/render-svg.ts';
import { pictureFolder, pictureOfDrill, type DrawnPicture } from './picture/picture-of-drill.ts';
import { recordOfTest, recordOfUnfinished } from './record-of-test.ts';
import { runState } from './run-state.ts';
import { summaryText } from './summary.ts';

export interface DrillsReporterOptions {
  /** Folder for `drills.json`, relative to the folder of Playwright's config. Default: `results`. */
  readonly outputDir?: string;
  /** Playwright's own: what the run is for. With `list` no drill runs, and the last run's results stay. */
  readonly _mode?: string;
}

const makeRoom = 'make room there, make it writable, and run the drills again.';
const checkPicture =
  'see that the folder is writable, and that what the drill attached fits reporters/picture/drill-picture.ts.';

/** What a run writes, in the folder of the results. */
const files = {
  drills: 'drills.json',
  junit: 'junit.xml',
  summary: 'summary.md',
  allure: 'allure-results',
} as const;

/** What tells of an earlier run, and goes when a run begins. */
const stale = [...Object.values(files), pictureFolder, 'report'];

/**
 * Playwright reporter that keeps a run's verdicts: writes `results/drills.json`, `junit.xml` and `summary.md`, completes
 * Allure's results and prints the closing table. Configure it last, so that Allure's results are there and the table is
 * the last thing on the terminal.
 */
export default class DrillsReporter implements Reporter {
  readonly #options: DrillsReporterOptions;
  readonly #records: DrillRecord[] = [];
  readonly #seen: KnownDrill[] = [];
  readonly #details = new Map<DrillRecord, string>();
  readonly #pictures: DrawnPicture[] = [];
  readonly #pending: Promise<void>[] = [];
  readonly #errors: string[] = [];
  readonly #ended = new Set<TestCase>();
  #outputDir = path.resolve('results');
  #scenarios = 'scenarios';
  #suite: Suite | undefined;
  #overruled = false;
  #loading: Promise<void> | undefined;

  constructor(options: DrillsReporterOptions = {}) {
    this.#options = options;
  }

  /** Playwright's own `list` or `line` stays in charge of progress (and is added where no reporter prints any). */
  printsToStdio(): boolean {
    return false;
  }

  preprocess({ config }: { config: FullConfig }): Promise<void> {
    if (this.#options._mode === undefined || this.#options._mode === 'test')
      this.#removeStale(config, [...stale, evidenceFolder]);
    return Promise.resolve();
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#outputDir = this.#outputDirOf(config);
    this.#scenarios = path.relative(process.cwd(), config.rootDir);
    this.#suite = suite;
    if (this.#options._mode === 'merge') this.#removeStale(config, stale);
  }

  onError(error: TestError): void {
    this.#errors.push(stripVTControlCharacters(error.message ?? error.value ?? 'An error without a message.'));
  }

  onTestBegin(): void {
    // While the first drill runs there is nothing else to do here. Where this fails, drawing says so.
    this.#loading ??= loadDrawing().then(
      () => undefined,
      () => undefined,
    );
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const record = recordOfTest(test, result);
    this.#ended.add(test);
    this.#records.push(record);
    this.#seen.push({ record, steps: timedSteps(result.steps) });
    const detail = result.errors.map((error) => error.stack ?? error.message ?? error.value ?? '').join('\n\n');
    if (detail !== '') this.#details.set(record, stripVTControlCharacters(detail));
    this.#pending.push(this.#draw(record, result));
    if (this.#options._mode === 'merge') this.#pending.push(this.#bringEvidence(record, result));
    if (!isBad(record)) return;
    runState.badDrills += 1;
    if (result.status === test.expectedStatus) this.#overruled = true;
  }

  /** Returns the run as failed where a drill's verdict is worse than what Playwright saw, or where results are lost. */
  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    if (this.#options._mode === 'list') return undefined;
    const unfinished = this.#suite?.allTests().filter((test) => !this.#ended.has(test)) ?? [];
    this.#records.push(...unfinished.map(recordOfUnfinished));
    await Promise.all(this.#pending);
    if (this.#options._mode === 'merge')
      this.#clear(path.join(this.#outputDir, evidenceFolder), () => {
        removeOtherEvidence(this.#outputDir, this.#records);
      });
    const document: DrillsDocument = {
      version: 1,
      startedAt: result.startTime.toISOString(),
      durationMs: Math.max(0, result.duration),
      errors: this.#errors,
      drills: this.#records,
    };
    this.#completeAllure(document);
    const written = this.#writeAll(document);
    process.stdout.write(
      `\n${closingTable(this.#records, this.#errors.map(reasonOf), colourFor(process.stdout, process.env), path.relative(process.cwd(), this.#outputDir))}\n`,
    );
    const isWorse = result.status === 'passed' && (this.#overruled || !written);
    return isWorse ? { status: 'failed' } : undefined;
  }

  /** An interrupted run gets to finish what it began, such as taking its half-made lab away. */
  async onExit(): Promise<void> {
    await runState.unfinished;
  }

  #outputDirOf(config: FullConfig): string {
    const base = config.configFile === undefined ? process.cwd() : path.dirname(config.configFile);
    return path.resolve(base, this.#options.outputDir ?? 'results');
  }

  /** What an earlier run left would read as this one's if this one were killed, and Allure would mix the two. */
  #removeStale(config: FullConfig, names: readonly string[]): void {
    for (const name of names) {
      const left = path.join(this.#outputDirOf(config), name);
      this.#clear(left, () => {
        rmSync(left, { recursive: true, force: true });
      });
    }
  }

  #clear(left: string, remove: () => void): void {
    try {
      remove();
    } catch (error) {
      this.#lost(`What an earlier run left in ${left} could not be removed`, error, makeRoom);
    }
  }

  /** Draws the picture of a drill. One that can't be drawn is told, and changes no verdict. */
  async #draw(record: DrillRecord, result: TestResult): Promise<void> {
    try {
      const picture = await pictureOfDrill(record, result, this.#outputDir);
      if (picture === null) return;
      this.#pictures.push(picture);
      record.picture = picture.file;
    } catch (error) {
      this.#lost(`The timeline picture of "${record.title}" could not be drawn`, error, checkPicture);
    }
  }

  /** Puts evidence to where the record names it. What can't be had is told, and changes no verdict. */
  async #bringEvidence(record: DrillRecord, result: TestResult): Promise<void> {
    try {
      await unpackEvidence(record, result, this.#outputDir);
    } catch (error) {
      this.#lost(`The evidence of "${record.title}" could not be unpacked`, error, makeRoom);
    }
  }

  #completeAllure(document: DrillsDocument): void {
    const allure = path.join(this.#outputDir, files.allure);
    if (!existsSync(allure)) return;
    try {
      removeFromAllure(allure, evidenceAttachment);
      placeInAllure(allure, this.#outputDir, this.#pictures);
      correctAllureResults(allure, this.#seen);
      writeFileSync(path.join(allure, 'environment.properties'), allureEnvironment(document));
      writeFileSync(path.join(allure, metricsFile), JSON.stringify(recoveryMetrics(document)));
    } catch (error) {
      this.#lost('The Allure results could not be completed', error, makeRoom);
    }
  }

  /** Writes what a run writes beside Allure's results; `drills.json` last, with whatever went wrong before. */
  #writeAll(document: DrillsDocument): boolean {
    const inFolder = (name: string): string => path.join(this.#outputDir, name);
    const places = { scenarios: this.#scenarios, results: path.relative(process.cwd(), this.#outputDir) };
    const jobSummary = process.env.GITHUB_STEP_SUMMARY ?? '';
    // All are tried, so that one that can't be written costs no other.
    const written = [
      this.#write(inFolder(files.junit), (file) => {
        replaceFile(file, junitText(document, places, this.#details));
      }),
      this.#write(inFolder(files.summary), (file) => {
        replaceFile(file, summaryText(document, 'with links'));
      }),
      jobSummary === '' ||
        this.#write(jobSummary, (file) => {
          appendFileSync(file, summaryText(document, 'without links'));
        }),
      this.#write(inFolder(files.drills), () => {
        writeDrillsFile(this.#outputDir, document);
      }),
    ];
    return written.every((isWritten) => isWritten);
  }

  #write(file: string, write: (file: string) => void): boolean {
    try {
      write(file);
      return true;
    } catch (error) {
      this.#lost(`The results could not be written to ${file}`, error, makeRoom);
      return false;
    }
  }

  #lost(what: string, error: unknown, next: string): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#errors.push(`${what}: ${why}\nNext: ${next}`);
  }
}
