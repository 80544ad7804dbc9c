import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { LabError, UsageError } from '../../lab/errors.ts';
import { connectLab, type Lab } from '../../lab/lab.ts';
import { readSettings } from '../../lab/settings.ts';
import { isDrillEnd } from '../../reporters/progress/drill-end.ts';
import { chance } from './chance.ts';
import { changesOf } from './drift.ts';
import { recordsIn, startDrills } from './drills.ts';
import { takeFigures, type Figures } from './figures.ts';
import { killRunner, type Kill } from './kills.ts';
import { runToExit, say, stop, wholeNumber } from './long-run.ts';
import { outcomeOf } from './outcome.ts';
import { exitStatusOf, soakWords, type Soak } from './verdict.ts';

/**
 * `npm run soak`: drills in a loop on one lab of its own (LAB_NAME=soak), and a runner that is killed again and again.
 * docs/verification.md says what it looks for. Ends with 0 if all is as it should be, 1 if not, 3 if that could not be told.
 */
const help = `npm run soak -- [--drills 200] [--kills 0] [--seed N] [--grep @quick] [--results FOLDER]
  --drills   how many drills to run one after another, in an order drawn from the seed; 0 for none
  --kills    how often to kill the runner at a moment drawn from the seed
  --grep     which drills (a regular expression)
The lab is that of LAB_NAME (soak, if not set): one that is up is used and stays, else it comes up and is taken down.`;

const root = new URL('../../', import.meta.url).pathname;
const environment = { LAB_NAME: 'soak', ...process.env };

const lab = async (...args: readonly string[]): Promise<void> => {
  await execa('node', ['--import', 'tsx', 'fixtures/lab-command.ts', ...args], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
};

/** The drill by which it is seen whether the lab is fit for use. */
const mainDrill = ['pacemaker-remoted-killed.spec.ts', '--grep', 'lxc1 is recovered'];
/** Drills of faults that stay in effect for some seconds: the runner is to be killed in the middle of one. */
const whileInEffect = 'is left alone|wrong-authkey';
/** A kill comes within this time after the runner's start: from before it holds the lab to its third drill. */
const latestKillMs = 40_000;

const runDrills = async (
  open: Lab,
  { drills, seed, grep, results }: { drills: number; seed: number; grep: string; results: string },
): Promise<Pick<Soak, 'drills' | 'changes'>> => {
  const choice = ['--grep', grep];
  const listed = await execa('node', ['node_modules/@playwright/test/cli.js', 'test', ...choice, '--list'], {
    cwd: root,
    env: { ...environment, LAB_PLAN: open.settings.plan },
  });
  const count = Number(/Total: (\d+) tests?/.exec(listed.stdout)?.[1] ?? 0);
  if (count === 0) throw new UsageError(`No drill matches ${grep}.`);
  const repeats = String(Math.max(1, Math.round(drills / count)));
  say(`${count} drills, ${repeats} times, on the lab "${open.settings.labName}", in the order of seed ${seed} …`);
  const figures: Figures[] = [];
  let taking = Promise.resolve();
  const run = startDrills(
    open.settings,
    [...choice, '--repeat-each', repeats, '--shuffle', String(seed)],
    path.join(results, 'drills'),
    stop.signal,
    (line) => {
      if (!isDrillEnd(line)) return;
      say(line);
      taking = taking.then(async () => {
        figures.push(await takeFigures(run.processId, open.shell));
      });
    },
  );
  const exitCode = await run.ended;
  await taking;
  const records = recordsIn(path.join(results, 'drills'));
  if (figures.length === 0)
    throw new LabError(`No drill ran: Playwright ended with ${String(exitCode)}.`, {
      next: `see ${path.join(results, 'drills', 'run.log')}`,
    });
  return {
    drills: records.map((record) => ({
      title: record.title,
      outcome: outcomeOf(record),
      verdict: record.verdict,
      finding: record.finding,
      reason: record.reason,
      contention: record.contention,
    })),
    changes: changesOf(records, figures),
  };
};

const killRunners = async (open: Lab, kills: number, seed: number, results: string): Promise<readonly Kill[]> => {
  const moment = chance(seed, 'kills');
  const killed = ['--grep', whileInEffect, '--repeat-each', '2', '--shuffle'];
  const done: Kill[] = [];
  while (done.length < kills) {
    const afterMs = moment() * latestKillMs;
    const drills = { killed: [...killed, String(seed + done.length)], next: mainDrill };
    const kill = await killRunner(open, drills, afterMs, path.join(results, 'kill'), stop.signal);
    done.push(kill);
    const healed = kill.healedMs === null ? `not healed: ${kill.left.join('; ')}` : `healed after ${kill.healedMs} ms`;
    say(
      `kill ${done.length} of ${kills}, after ${kill.afterMs} ms (in effect: ${kill.leases.join(', ') || 'nothing'}): ${healed}; the next run: ${kill.next}${kill.reason && ` (${kill.reason})`}`,
    );
  }
  return done;
};

const soak = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      drills: { type: 'string', default: '200' },
      kills: { type: 'string', default: '0' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      grep: { type: 'string', default: '@quick' },
      results: { type: 'string', default: path.join(root, 'results/soak') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const [drills, kills, seed] = (['drills', 'kills', 'seed'] as const).map((name) =>
    wholeNumber('soak', name, values[name]),
  );
  if (drills === undefined || kills === undefined || seed === undefined) return 2;
  const results = path.resolve(values.results);
  const settings = readSettings(environment);
  const connect = (): Promise<Lab | null> => connectLab(settings).catch(() => null);
  const found = await connect();
  if (!found) await lab('up');
  const open = found ?? (await connect());
  if (!open) throw new LabError('The lab came up, and is not there.');
  const startedAt = new Date().toISOString();
  try {
    const ran =
      drills > 0 ? await runDrills(open, { drills, seed, grep: values.grep, results }) : { drills: [], changes: [] };
    const killed = await killRunners(open, kills, seed, results);
    const residue = await open.residue();
    const document: Soak = {
      version: 1,
      startedAt,
      seed,
      release: open.state.facts.pacemaker,
      ...ran,
      kills: killed,
      residue,
    };
    mkdirSync(path.dirname(results), { recursive: true });
    writeFileSync(`${results}.json`, `${JSON.stringify(document, null, 2)}\n`);
    say('');
    say(soakWords(document));
    say(path.relative('.', `${results}.json`));
    return exitStatusOf(document);
  } finally {
    await open.close();
    if (!found) await lab('down');
  }
};

await runToExit(soak);
