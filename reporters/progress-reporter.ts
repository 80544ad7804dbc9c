import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FullConfig, Reporter, Suite, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';
import { attentionOf } from './attention.ts';
import { colourFor, type Colour } from './colour.ts';
import { paintVerdict } from './drill-table.ts';
import { readPhaseStep } from './phase-step.ts';
import { marks } from './progress/drill-end.ts';
import { followDrill, isTold, type DrillProgress } from './progress/drill-progress.ts';
import { openScreen, type Screen } from './progress/screen.ts';
import { recordOfTest } from './record-of-test.ts';

export interface ProgressReporterOptions {
  /** Playwright's own: what the run is for. With `list` no drill runs. */
  readonly _mode?: string;
}

interface RunningDrill {
  readonly number: number;
  readonly title: string;
  readonly progress: DrillProgress;
}

/** Without a terminal, a step that took at least this long has a line of its own; a phase always has. */
const longStepMs = 1_000;
const redrawEveryMs = 200;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');

/**
 * Playwright reporter that shows how far the drills are. On a terminal the phase that is under way is redrawn with the time
 * it has taken and may take; elsewhere each phase has a line. What went wrong is told as soon as a drill has ended.
 */
export default class ProgressReporter implements Reporter {
  readonly #isList: boolean;
  readonly #isLive = process.stdout.isTTY && process.env.TERM !== 'dumb';
  readonly #colour: Colour = colourFor(process.stdout, process.env);
  readonly #screen: Screen = openScreen(process.stdout);
  readonly #running = new Map<TestResult, RunningDrill>();
  #total = 0;
  #begun = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ _mode }: ProgressReporterOptions = {}) {
    this.#isList = _mode === 'list';
  }

  printsToStdio(): boolean {
    return !this.#isList;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    if (this.#isList) return;
    this.#total = suite.allTests().length;
    const workers = Math.min(config.workers, this.#total);
    const shard = config.shard ? `, shard ${config.shard.current} of ${config.shard.total}` : '';
    this.#screen.print(
      `\nRunning ${this.#total} drill${this.#total === 1 ? '' : 's'} with ${workers} worker${workers === 1 ? '' : 's'}${shard}\n`,
    );
    if (!this.#isLive) return;
    this.#timer = setInterval(() => {
      this.#redraw();
    }, redrawEveryMs);
    this.#timer.unref();
  }

  onTestBegin(test: TestCase, result: TestResult): void {
    this.#begun += 1;
    const title = test.titlePath().slice(2).join(' › ');
    const drill = { number: this.#begun, title, progress: followDrill(result.startTime.getTime()) };
    this.#running.set(result, drill);
    if (!this.#isLive) this.#screen.print(`${this.#numbered(drill)} ${title}`);
  }

  onStepBegin(_test: TestCase, result: TestResult, step: TestStep): void {
    const drill = this.#running.get(result);
    drill?.progress.begin(step);
    if (drill && !this.#isLive && readPhaseStep(step) !== null)
      this.#screen.print(`${this.#numbered(drill)}   ${step.title}`);
  }

  onStepEnd(_test: TestCase, result: TestResult, step: TestStep): void {
    const drill = this.#running.get(result);
    drill?.progress.end(step);
    if (drill && !this.#isLive && isTold(step) && step.duration >= longStepMs && readPhaseStep(step) === null)
      this.#screen.print(`${this.#numbered(drill)}   ${step.title} (${seconds(step.duration)})`);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const drill = this.#running.get(result);
    if (drill === undefined) return;
    this.#running.delete(result);
    const record = recordOfTest(test, result);
    const attention = attentionOf(record);
    const head = paintVerdict(attention, `${marks[attention]} ${attention}`, this.#colour);
    const lines = [`${this.#numbered(drill)} ${head}: ${drill.title} (${seconds(result.duration)})`];
    if (attention === 'skipped') lines.push(indented(record.reason));
    if (attention === 'known finding') lines.push(indented(`${record.finding ?? ''}\n${record.reason}`));
    if (attention === 'failed' || attention === 'inconclusive') {
      const seen = result.errors.map((error) => this.#inFull(error));
      lines.push(indented((seen.length > 0 ? seen : [record.reason]).join('\n\n')));
    }
    if (this.#isLive) this.#redraw();
    this.#screen.print(lines.join('\n'));
  }

  onStdOut(chunk: string | Buffer): void {
    this.#screen.print(chunk.toString());
  }

  onStdErr(chunk: string | Buffer): void {
    this.#screen.print(chunk.toString());
  }

  onError(error: TestError): void {
    this.#screen.print(`\n${this.#inFull(error)}`);
  }

  onEnd(): Promise<void> {
    clearInterval(this.#timer);
    this.#screen.live([]);
    return Promise.resolve();
  }

  #numbered({ number }: RunningDrill): string {
    return `[${String(number).padStart(String(this.#total).length)}/${this.#total}]`;
  }

  #redraw(): void {
    const nowMs = Date.now();
    const titleWidth = Math.floor(process.stdout.columns / 2);
    this.#screen.live(
      [...this.#running.values()].map((drill) => {
        const [file = '', ...titles] = drill.title.split(' › ');
        const title = titles.join(' › ') || file;
        const short = title.length > titleWidth ? `${title.slice(0, titleWidth - 1)}…` : title;
        return `${this.#numbered(drill)} ${short} · ${drill.progress.now(nowMs)}`;
      }),
    );
  }

  /** An error with the place in the scenario at which it was found. */
  #inFull({ message, value, location, snippet, stack }: TestError): string {
    const where = location
      ? [`at ${path.relative(process.cwd(), location.file)}:${location.line}:${location.column}`]
      : [];
    const text = [
      message ?? value ?? stack ?? 'An error without a message.',
      ...(snippet ? ['', snippet] : []),
      ...where,
    ];
    const joined = text.join('\n');
    return this.#colour === 'colour' ? joined : stripVTControlCharacters(joined);
  }
}
