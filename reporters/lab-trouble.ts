import { stripVTControlCharacters } from 'node:util';

/** Error classes that say "the lab, the way to it or the fault broke": such a drill shows nothing about Pacemaker. */
const labTroubleClasses = [
  'LabError',
  'TransportError',
  'CommandError',
  'ObservationError',
  'FaultError',
  'LockError',
  'UsageError',
] as const;

const leadingClass = new RegExp(`^(?:Error: )?(?:${labTroubleClasses.join('|')}):`);

/** Playwright's own words for a test, fixture or hook that ran out of time, or whose worker process died. */
const runnerTrouble = /timeout of \d+ms exceeded|exceeded the test timeout of \d+ms|worker process exited unexpectedly/;

const lines = (message: string): string[] =>
  stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/**
 * Says whether an error's message, as Playwright reports it (the class's name first), means that the lab or the runner
 * broke, and not that Pacemaker did.
 */
export function meansLabTrouble(message: string): boolean {
  const first = lines(message)[0] ?? '';
  return leadingClass.test(first) || runnerTrouble.test(first);
}

/**
 * Shortens an error's message to a drill's reason: its first line and, where the message names a next step, a second line
 * `Next: …`. Colour codes and a leading `Error: ` are taken away. Returns an empty string for an empty message.
 */
export function reasonOf(message: string): string {
  const [first = '', ...rest] = lines(message);
  const next = rest.find((line) => line.startsWith('Next: '));
  return [first.replace(/^Error: /, ''), ...(next === undefined ? [] : [next])].join('\n');
}
