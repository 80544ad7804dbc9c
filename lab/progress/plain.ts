import type { Writable } from 'node:stream';
import { outputTail, wasShown } from './output-tail.ts';
import { progressOn, type Part, type Progress } from './progress.ts';

/** A task's output is shown at most this often; what is between is kept for a failure. */
const showEveryMs = 2000;
/** A task that says nothing is named again after this time, so that nobody takes it for stuck. */
const stillAfterMs = 15_000;

/** Progress as lines with a time in front, for logs and pipes. */
export const plainProgress = (stream: Writable): Progress => below(stream, [], () => undefined);

/** @param heard Called when anything below says something. */
const below = (stream: Writable, path: readonly string[], heard: () => void): Progress =>
  progressOn({
    runAll: (parts) => Promise.allSettled(parts.map((part) => runPart(stream, [...path, part.title], part, heard))),
    note: (line) => {
      heard();
      say(stream, [...path, line].join(' › '));
    },
  });

const runPart = async (
  stream: Writable,
  path: readonly string[],
  part: Part<unknown>,
  heardAbove: () => void,
): Promise<unknown> => {
  const name = path.join(' › ');
  const startedAt = performance.now();
  const tail = outputTail();
  let shownAt = -Infinity;
  let heardAt = startedAt;
  const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const reminder = setInterval(() => {
    if (performance.now() - heardAt < stillAfterMs) return;
    heard();
    say(stream, `${name}: still at it after ${seconds()}`);
  }, stillAfterMs / 3);
  reminder.unref();
  const heard = (): void => {
    heardAt = performance.now();
    heardAbove();
  };
  const report = (text: string): void => {
    tail.add(text.endsWith('\n') ? text : `${text}\n`, (line) => {
      heard();
      if (heardAt - shownAt < showEveryMs) return;
      shownAt = heardAt;
      say(stream, `${name}: ${line}`);
    });
  };
  heardAbove();
  say(stream, `${name} …`);
  try {
    const result = await part.run(report, below(stream, path, heard));
    say(stream, `${name}: done (${seconds()})`);
    return result;
  } catch (error) {
    say(stream, `${name}: FAILED (${seconds()})`);
    if (!wasShown(error)) for (const line of tail.lines()) stream.write(`    ${line}\n`);
    throw error;
  } finally {
    clearInterval(reminder);
  }
};

const say = (stream: Writable, line: string): void => {
  stream.write(`[${new Date().toISOString().slice(11, 19)}] ${line}\n`);
};
