import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Where the history is kept unless something else is asked for: it outlives the runs, for no run removes it. */
export const defaultHistory = path.join('results', 'history.jsonl');

/** How many runs are kept, and how many results of drills in all of them: a report holds the whole history, and has to stay readable. */
export const historyRuns = 200;
export const historyResults = 5_000;

/** The part of a test's result by which it is known again, in Allure's results as in its history. */
const told = z.object({ name: z.string(), start: z.number() });
const historyEntry = z.looseObject({ testResults: z.record(z.string(), z.looseObject({})) });

const keyOf = ({ name, start }: z.infer<typeof told>): string => `${start} ${name}`;

function keysOfResults(allureResults: string): ReadonlySet<string> {
  const names = readdirSync(allureResults).filter((name) => name.endsWith('-result.json'));
  const results = names.map((name) =>
    told.safeParse(JSON.parse(readFileSync(path.join(allureResults, name), 'utf8')) as unknown),
  );
  return new Set(results.flatMap(({ data }) => (data ? [keyOf(data)] : [])));
}

/** A run of the history: how many tests it had, which, and its line without what no report shows of a run that is over. */
interface PastRun {
  readonly size: number;
  readonly keys: readonly string[];
  readonly line: string;
}

/** Reads a line of the history. Returns null for one that can't be read, such as one that was cut off. */
function readRun(line: string): PastRun | null {
  try {
    const entry = historyEntry.parse(JSON.parse(line));
    const results = Object.entries(entry.testResults);
    // Labels and traces are most of it, and a report holds them for each test and each run.
    const slim = results.map(([id, { labels: _labels, trace: _trace, ...rest }]) => [id, rest] as const);
    return {
      size: results.length,
      keys: results.flatMap(([, result]) => {
        const { data } = told.safeParse(result);
        return data ? [keyOf(data)] : [];
      }),
      line: `${JSON.stringify({ ...entry, testResults: Object.fromEntries(slim) })}\n`,
    };
  } catch {
    return null;
  }
}

/** The newest runs that are few enough to be kept. */
function newest(runs: readonly PastRun[]): readonly PastRun[] {
  let results = 0;
  const kept = runs.toReversed().filter(({ size }, at) => {
    results += size;
    return at < historyRuns && results <= historyResults;
  });
  return kept.toReversed();
}

/**
 * Returns the history of the runs before the one whose results lie in `allureResults`, in Allure's format of a line of JSON
 * a run: the newest of them, as many as {@link historyRuns} and {@link historyResults} allow. A report that was already made of
 * these results has written them into the history: made again, they would count twice, and are left out.
 */
export function historyBefore(historyFile: string, allureResults: string): string {
  if (!existsSync(historyFile)) return '';
  const current = keysOfResults(allureResults);
  const runs = readFileSync(historyFile, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readRun)
    .filter((run) => run !== null)
    .filter(({ keys }) => !keys.some((key) => current.has(key)));
  return newest(runs)
    .map(({ line }) => line)
    .join('');
}
