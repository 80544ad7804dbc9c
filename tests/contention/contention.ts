import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import pRetry from 'p-retry';
import { LabError } from '../../lab/errors.ts';
import { connectLab, type Lab } from '../../lab/lab.ts';
import { pause } from '../../lab/pause.ts';
import { readSettings, type Settings } from '../../lab/settings.ts';
import { isDrillEnd } from '../../reporters/progress/drill-end.ts';
import { hostContainerOf } from '../lab/host-container.ts';
import { recordsIn, startDrills } from '../soak/drills.ts';
import { chance } from '../soak/chance.ts';
import { runToExit, say, stop, wholeNumber } from '../soak/long-run.ts';
import { contentionWords, exitStatusOf, type Contended, type Contention } from './verdict.ts';

/**
 * `npm run contention`: the same drills in several labs at once, on a lab whose processors are all busy, and on one that stands still
 * for some seconds now and then. A healthy cluster must not fail for it: docs/verification.md. Ends with 0 if none does, 1
 * if one does, 3 if nothing could be told.
 */
const help = `npm run contention -- [--labs 4] [--loops 12] [--stall 3000] [--grep …] [--seed N] [--results FOLDER]
  --labs     how many labs side by side (contention-1, …); 0 for none
  --loops    how many busy loops run beside a lab; 0 for none
  --stall    for how many milliseconds the lab stands still, once in each drill; 0 for never
  --grep     which drills (a regular expression)`;

const root = new URL('../../', import.meta.url).pathname;

const labName = (number: number): string => `contention-${number}`;
const settingsOf = (number: number): Settings => readSettings({ ...process.env, LAB_NAME: labName(number) });
const numbersUpTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at + 1);

const lab = async (number: number, command: 'up' | 'down'): Promise<void> => {
  say(`lab ${command}: ${labName(number)}`);
  const { exitCode, all } = await execa('node', ['--import', 'tsx', 'fixtures/lab-command.ts', command], {
    cwd: root,
    env: { LAB_NAME: labName(number) },
    reject: false,
    all: true,
  });
  if (exitCode !== 0)
    throw new LabError(`lab ${command} of ${labName(number)} ended with ${String(exitCode)}:\n${all}`);
};

const open = (number: number): Promise<Lab> => connectLab(settingsOf(number));

const runIn = async (
  number: number,
  how: Contended['how'],
  grep: string,
  results: string,
  whenBroken: () => void = () => undefined,
): Promise<readonly Contended[]> => {
  const folder = path.join(results, `${how.replaceAll(' ', '-')}-${number}`);
  await startDrills(settingsOf(number), ['--grep', grep], folder, stop.signal, (line) => {
    if (isDrillEnd(line)) say(line);
    // What the reporter says when a fault has been proven.
    if (/^\[ *\d+\/\d+\] +injected$/.test(line)) whenBroken();
  }).ended;
  return recordsIn(folder).map((record) => ({ how, lab: labName(number), record }));
};

/** Keeps as many loops busy on a lab's host until it is told to stop. */
const keepBusy = async (busy: Lab, loops: number): Promise<() => Promise<void>> => {
  const script = `for _ in {1..${loops}}; do while :; do :; done & done; read -r _; kill $(jobs -p)`;
  const { io, ended } = await busy.shell.stream(script);
  io.on('error', () => undefined);
  // A channel whose output nobody takes does not end.
  io.resume();
  return async () => {
    io.write('\n');
    await ended;
  };
};

/** Within this time after a fault the lab stands still, in milliseconds. */
const latestStallMs = 6_000;

/** Lets the host of a lab, with its guests and all that runs there, stand still for that time, once, a moment from now. */
const standStill = async (stalled: Lab, stallMs: number, afterMs: number): Promise<void> => {
  const { container } = await hostContainerOf(stalled);
  await pause(afterMs);
  // With many processes that want to run, runc gives up freezing them now and then.
  await pRetry(() => container.pause(), { retries: 5, minTimeout: 100, factor: 1 });
  try {
    await pause(stallMs);
  } finally {
    await container.unpause();
  }
};

const contention = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      labs: { type: 'string', default: '4' },
      loops: { type: 'string', default: '12' },
      stall: { type: 'string', default: '3000' },
      grep: { type: 'string', default: 'guest-failure|guest-init-killed|domain-destroyed|resource-failed-by-hand' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      results: { type: 'string', default: path.join(root, 'results/contention') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const labs = wholeNumber('contention', 'labs', values.labs);
  const loops = wholeNumber('contention', 'loops', values.loops);
  const stallMs = wholeNumber('contention', 'stall', values.stall);
  const seed = wholeNumber('contention', 'seed', values.seed);
  const results = path.resolve(values.results);
  const startedAt = new Date().toISOString();
  const all = numbersUpTo(Math.max(labs, 1));
  const ran: Contended[] = [];
  const troubles: unknown[] = [];
  try {
    for (const number of all) {
      stop.signal.throwIfAborted();
      await lab(number, 'up');
    }
    if (labs > 0)
      ran.push(...(await Promise.all(all.map((each) => runIn(each, 'side by side', values.grep, results)))).flat());
    if (loops > 0) {
      const busy = await open(1);
      const endLoops = await keepBusy(busy, loops);
      try {
        ran.push(...(await runIn(1, 'beside busy loops', values.grep, results)));
      } finally {
        await endLoops();
        await busy.close();
      }
    }
    if (stallMs > 0) {
      const stalled = await open(1);
      const moment = chance(seed, 'stalls');
      const stalls: Promise<unknown>[] = [];
      const seen = await runIn(1, 'with stalls', values.grep, results, () => {
        stalls.push(standStill(stalled, stallMs, moment() * latestStallMs).catch((error: unknown) => error));
      });
      troubles.push(...(await Promise.all(stalls)).filter((each) => each !== undefined));
      await stalled.close();
      ran.push(...seen);
    }
  } finally {
    for (const number of all) await lab(number, 'down');
  }
  const document: Contention = {
    version: 1,
    ...{ startedAt, seed, labs, loops, stallMs },
    drills: ran.map(({ how, lab: name, record }) => ({
      ...{ how, lab: name, title: record.title, verdict: record.verdict, reason: record.reason },
      ...{ finding: record.finding, contention: record.contention },
    })),
  };
  mkdirSync(path.dirname(results), { recursive: true });
  writeFileSync(`${results}.json`, `${JSON.stringify(document, null, 2)}\n`);
  say('');
  say(contentionWords(document));
  say(path.relative('.', `${results}.json`));
  for (const trouble of troubles) say(`The lab could not be made to stand still: ${String(trouble)}`);
  return exitStatusOf(document) || (troubles.length > 0 ? 3 : 0);
};

await runToExit(contention);
