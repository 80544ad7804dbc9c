import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import Table from 'cli-table3';
import { trialAttachment, type TrialRecord } from './trial-record.ts';

interface Options {
  /** Where the records go, as JSON. */
  readonly outputFile: string;
}

const recordOf = ({ attachments }: TestResult): TrialRecord | undefined => {
  const body = attachments.find(({ name }) => name === trialAttachment)?.body;
  return body && (JSON.parse(body.toString('utf8')) as TrialRecord);
};

/** Says at the end which sabotages were caught, as a table and as JSON. One that could not be tried is not caught. */
export default class SabotageReporter implements Reporter {
  readonly #outputFile: string;
  readonly #records: TrialRecord[] = [];
  readonly #notTried: string[] = [];

  constructor({ outputFile }: Options) {
    this.#outputFile = outputFile;
  }

  onTestEnd({ title, parent }: TestCase, result: TestResult): void {
    if (!parent.titlePath().some((part) => part.endsWith('sabotage.spec.ts'))) return;
    const record = recordOf(result);
    if (record) this.#records.push(record);
    else if (result.status !== 'skipped') this.#notTried.push(title.replace(/:.*/, ''));
  }

  onEnd(): void {
    mkdirSync(dirname(this.#outputFile), { recursive: true });
    const caught = this.#records.filter((record) => record.caught).length;
    const summary = { tried: this.#records.length, caught, notTried: this.#notTried, sabotages: this.#records };
    writeFileSync(this.#outputFile, `${JSON.stringify(summary, null, 2)}\n`);
    const table = new Table({ head: ['sabotage', 'verdict', '', 's'], style: { head: [], border: [] } });
    for (const { name, said, ...record } of this.#records)
      table.push([
        name,
        said.verdict,
        record.caught ? 'caught' : `missed: ${record.missing.join('\n')}`,
        Math.round(record.durationMs / 1_000),
      ]);
    for (const name of this.#notTried) table.push([name, '–', 'could not be tried', '–']);
    process.stdout.write(`\n${table.toString()}\n${caught} of ${this.#records.length} sabotages caught\n`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
