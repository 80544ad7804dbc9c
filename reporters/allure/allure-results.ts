import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { attentionOf, type Attention } from '../attention.ts';
import type { DrillRecord } from '../drill-record.ts';
import type { TimedStep } from './timed-steps.ts';

/** A step of a test in Allure's results, as far as it matters here. */
interface AllureStep {
  name?: string;
  status?: string;
  attachments?: unknown[];
  statusDetails?: { message?: string; known?: boolean };
  start?: number;
  stop?: number;
  steps?: AllureStep[];
}

/** Allure's result of a test, as far as it matters here. */
interface AllureResult extends AllureStep {
  fullName?: string;
  status: string;
  labels?: { name: string; value: string }[];
  parameters?: { name: string; value: string }[];
}

/** What a run knows better than Allure's reporter for Playwright. */
export interface KnownDrill {
  readonly record: DrillRecord;
  readonly steps: readonly TimedStep[];
}

/** What Allure calls a drill that ended so. A known finding is told by its label beside. */
const statuses: Readonly<Record<Attention, string>> = {
  passed: 'passed',
  failed: 'failed',
  'known finding': 'failed',
  inconclusive: 'broken',
  skipped: 'skipped',
};

const keyOf = (id: string, repeat: number): string => `${repeat} ${id}`;

function keyOfResult({ fullName = '', parameters = [] }: AllureResult): string {
  const repetition = parameters.find(({ name }) => name === 'Repetition')?.value ?? '1';
  return keyOf(fullName, Number(repetition) - 1);
}

/** Gives each step the time it took; Allure's reporter stamps its end when it hears of it, which in a merge is years later. */
function correctTimes(steps: readonly AllureStep[], timed: ReadonlyMap<string, TimedStep>): void {
  for (const step of steps) {
    const known = timed.get(`${step.start} ${step.name}`);
    correctTimes(step.steps ?? [], timed);
    if (known === undefined) continue;
    step.start = known.fromMs;
    step.stop = known.untilMs;
  }
}

/** Allure's reporter makes steps of annotations, which took no time: of those by which a drill is marked to fail nothing is to be learnt. */
const isMark = ({ name = '', start }: AllureStep): boolean =>
  start === undefined && /^(?:fail|known finding): /.test(name);

const hooks: Readonly<Record<string, string>> = {
  'Before Hooks': 'before the drill',
  'After Hooks': 'after the drill',
};

/** Says an expectation in words: `Expect "soft toRecoverInTime"` as `expected to recover in time`. */
const inWords = (name: string): string =>
  hooks[name] ??
  name.replace(
    /^Expect "(?:soft )?(not )?(to[A-Z]\w*)"$/,
    (_whole, not: string | undefined, matcher: string) =>
      `expected ${not ?? ''}${matcher.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
  );

/** Playwright's errors lead with a class that says nothing where the message begins with one of its own. */
const withoutError = (message: string): string => message.replace(/^Error: (?=\w+Error: )/, '');

/** Says steps in the words of the drill: those of Playwright's fixtures stand for what was done in them. */
function inTheDrillsWords(steps: readonly AllureStep[]): AllureStep[] {
  return steps.flatMap((step) => {
    const below = inTheDrillsWords(step.steps ?? []);
    if (
      step.name?.startsWith('Fixture "') &&
      !step.attachments?.length &&
      (below.length > 0 || step.status === 'passed')
    )
      return below;
    const { message } = step.statusDetails ?? {};
    if (message?.startsWith('Error: Test is skipped: ')) {
      step.status = 'skipped';
      step.statusDetails = { message: message.replace('Error: Test is skipped: ', '') };
    } else if (message !== undefined) step.statusDetails = { ...step.statusDetails, message: withoutError(message) };
    if (step.name !== undefined) step.name = withoutError(inWords(step.name));
    step.steps = below;
    return [step];
  });
}

function correct(result: AllureResult, { record, steps }: KnownDrill): void {
  const attention = attentionOf(record);
  result.status = statuses[attention];
  if (attention !== 'passed') {
    const { message } = result.statusDetails ?? {};
    result.statusDetails = {
      ...result.statusDetails,
      message: message === undefined || message === '' ? record.reason : withoutError(message),
    };
  }
  if (record.finding !== null) {
    const message = `Known finding: ${record.finding}\n${result.statusDetails?.message ?? ''}`;
    result.statusDetails = { ...result.statusDetails, message, known: true };
    result.labels = [...(result.labels ?? []), { name: 'known finding', value: record.finding }];
  }
  result.steps = (result.steps ?? []).filter((step) => !isMark(step));
  correctTimes(result.steps, new Map(steps.map((step) => [`${step.stampMs} ${step.title}`, step])));
  result.steps = inTheDrillsWords(result.steps);
}

/**
 * Makes Allure's results say what the drills' records say: failed for a promise that was broken, broken for an inconclusive
 * drill, and a label for a known finding; and gives steps the time that they took, phases that since the one before, and
 * says them in the words of the drill.
 * Results of which no drill is known stay as they are, as does a folder that is not there.
 */
export function correctAllureResults(allureResults: string, drills: readonly KnownDrill[]): void {
  if (!existsSync(allureResults)) return;
  const known = new Map(drills.map((drill) => [keyOf(drill.record.id, drill.record.repeat), drill]));
  for (const name of readdirSync(allureResults).filter((each) => each.endsWith('-result.json'))) {
    const file = path.join(allureResults, name);
    const result = JSON.parse(readFileSync(file, 'utf8')) as AllureResult;
    const drill = known.get(keyOfResult(result));
    if (drill === undefined) continue;
    correct(result, drill);
    writeFileSync(file, JSON.stringify(result));
  }
}
