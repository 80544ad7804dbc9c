import { rmSync } from 'node:fs';
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
import { closingTable } from './closing-table.ts';
import type { DrillRecord, DrillsDocument } from './drill-record.ts';
import { writeDrillsFile } from './drills-file.ts';
import { reasonOf } from './lab-trouble.ts';
import { placeInAllure } from './picture/allure-pictures.ts';
import { pictureFolder, pictureOfDrill, type DrawnPicture } from './picture/picture-of-drill.ts';
import { recordOfTest, recordOfUnfinished } from './record-of-test.ts';
import { runState } from './run-state.ts';

export interface DrillsReporterOptions {
  /** Folder for `drills.json`, relative to the folder of Playwright's config. Default: `results`. */
  readonly outputDir?: string;
  /** Playwright's own: what the run is for. With `list` no drill runs, and the last run's results stay. */
  readonly _mode?: string;
}

const makeRoom = 'make room there, make it writable, and run the drills again.';
const checkPicture =
  'see that the folder is writable, and that what the drill attached fits reporters/picture/drill-picture.ts.';

const colour = (): 'colour' | 'plain' => (process.stdout.isTTY && process.stdout.hasColors() ? 'colour' : 'plain');

/**
 * Playwright reporter that keeps a run's verdicts: writes `results/drills.json` and prints the closing table.
 * Configure it last, so that the table is the last thing on the terminal.
 */
export default class DrillsReporter implements Reporter {
  readonly #options: DrillsReporterOptions;
  readonly #records: DrillRecord[] = [];
  readonly #pictures: DrawnPicture[] = [];
  readonly #drawing: Promise<void>[] = [];
  readonly #errors: string[] = [];
  readonly #ended = new Set<TestCase>();
  #outputDir = path.resolve('results');
  #suite: Suite | undefined;
  #overruled = false;

  constructor(options: DrillsReporterOptions = {}) {
    this.#options = options;
  }

  /** Playwright's own `list` or `line` stays in charge of progress (and is added where no reporter prints any). */
  printsToStdio(): boolean {
    return false;
  }

  preprocess({ config }: { config: FullConfig }): Promise<void> {
    // What an earlier run left would read as this one's if this one were killed, and Allure would mix the two.
    if (this.#options._mode === undefined || this.#options._mode === 'test') {
      for (const stale of ['drills.json', 'allure-results', pictureFolder]) {
        this.#remove(path.join(this.#outputDirOf(config), stale));
      }
    }
    return Promise.resolve();
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#outputDir = this.#outputDirOf(config);
    this.#suite = suite;
  }

  onError(error: TestError): void {
    this.#errors.push(stripVTControlCharacters(error.message ?? error.value ?? 'An error without a message.'));
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const record = recordOfTest(test, result);
    this.#ended.add(test);
    this.#records.push(record);
    this.#drawing.push(this.#draw(record, result));
    const isBad = record.verdict === 'failed' || record.verdict === 'inconclusive';
    if (isBad) runState.badDrills += 1;
    if (isBad && result.status === 'passed' && test.expectedStatus === 'passed') this.#overruled = true;
  }

  /** Returns the run as failed where a drill's verdict is worse than what Playwright saw, or where results are lost. */
  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] } | undefined> {
    if (this.#options._mode === 'list') return undefined;
    const unfinished = this.#suite?.allTests().filter((test) => !this.#ended.has(test)) ?? [];
    this.#records.push(...unfinished.map(recordOfUnfinished));
    await Promise.all(this.#drawing);
    this.#placeInAllure();
    const written = this.#write({
      version: 1,
      startedAt: result.startTime.toISOString(),
      durationMs: Math.max(0, result.duration),
      errors: this.#errors,
      drills: this.#records,
    });
    process.stdout.write(
      `\n${closingTable(this.#records, this.#errors.map(reasonOf), colour(), path.relative(process.cwd(), this.#outputDir))}\n`,
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

  #remove(stale: string): void {
    try {
      rmSync(stale, { recursive: true, force: true });
    } catch (error) {
      this.#lost(`What an earlier run left in ${stale} could not be removed`, error, makeRoom);
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

  #placeInAllure(): void {
    try {
      placeInAllure(path.join(this.#outputDir, 'allure-results'), this.#outputDir, this.#pictures);
    } catch (error) {
      this.#lost('The timeline pictures could not be put into the Allure results', error, makeRoom);
    }
  }

  #write(document: DrillsDocument): boolean {
    try {
      writeDrillsFile(this.#outputDir, document);
      return true;
    } catch (error) {
      this.#lost(`The results could not be written to ${path.join(this.#outputDir, 'drills.json')}`, error, makeRoom);
      return false;
    }
  }

  #lost(what: string, error: unknown, next: string): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#errors.push(`${what}: ${why}\nNext: ${next}`);
  }
}
