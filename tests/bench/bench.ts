import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { watchPaceMs } from '../../fixtures/drill.ts';
import { connectLab } from '../../lab/lab.ts';
import { readSettings } from '../../lab/settings.ts';
import { drillsDocument, type DrillRecord } from '../../reporters/drill-record.ts';
import { compareWithLog, type StampDifference } from './log-stamps.ts';
import { median } from './median.ts';
import { compareReporters, measureReporting, tellingInDrillsMs } from './reporting.ts';

/**
 * `npm run bench`: prints the suite's own figures as one JSON object, measured on a lab of its own (LAB_NAME=bench).
 * `-- --drills N` sets how many drills in a row (20), `-- --fresh` measures the first run with an empty cache as well,
 * `-- --reporting` measures reporting alone, for which no lab is needed.
 */
const { values } = parseArgs({
  options: {
    drills: { type: 'string', default: '20' },
    fresh: { type: 'boolean', default: false },
    reporting: { type: 'boolean', default: false },
  },
});
const drillCount = Number(values.drills);
const root = new URL('../../', import.meta.url).pathname;
const environment = { ...process.env, LAB_NAME: 'bench' };

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const run = async (what: string, args: readonly string[], env: NodeJS.ProcessEnv = environment): Promise<number> => {
  say(what);
  const startedAt = performance.now();
  await execa('node', args, { cwd: root, env, stdout: process.stderr, stderr: 'inherit' });
  return performance.now() - startedAt;
};
const lab = (...args: readonly string[]): readonly string[] => ['--import', 'tsx', 'fixtures/lab-command.ts', ...args];
const drills = (...args: readonly string[]): readonly string[] => [
  'node_modules/@playwright/test/cli.js',
  ...['test', '--grep', 'guest-failure', ...args],
];
const records = (): readonly DrillRecord[] =>
  drillsDocument.parse(JSON.parse(readFileSync(join(root, 'results/drills.json'), 'utf8'))).drills;

const freshRun = async (): Promise<number> => {
  const cache = mkdtempSync(join(tmpdir(), 'gd-bench.'));
  const env = { ...environment, LAB_CACHE_DIR: cache };
  try {
    return await run('the first run, with an empty cache', drills(), env);
  } finally {
    await run('take it away', lab('down', '--engine'), env);
    rmSync(cache, { recursive: true, force: true });
  }
};

const openBenchLab = () => connectLab(readSettings(environment));

/** Memory that the lab's processes hold (page cache that can be dropped at once is not counted), in bytes. */
const memoryBytes = async (): Promise<number> => {
  const connected = await openBenchLab();
  try {
    const { stdout } = await connected.shell.run(
      `if [ -d /run/cgroup1/memory ]; then cd /run/cgroup1/memory; used=$(cat memory.usage_in_bytes); name=total_inactive_file
      else cd /sys/fs/cgroup; used=$(cat memory.current); name=inactive_file; fi
      echo $((used - $(sed -n "s/^$name //p" memory.stat)))`,
    );
    return Number(stdout);
  } finally {
    await connected.close();
  }
};

/** What sampling at the pace of a drill costs the host while a drill runs: CPU time by wall time. */
const samplingShare = async (): Promise<number | null> => {
  const connected = await openBenchLab();
  try {
    const stream = await connected.openStream(watchPaceMs);
    await run('a drill, with a second sampler to measure', drills());
    const cost = await stream.close();
    return cost ? cost.cpuMs / cost.wallMs : null;
  } finally {
    await connected.close();
  }
};

const stampDifferences = async (drill: readonly DrillRecord[]): Promise<readonly StampDifference[]> => {
  const connected = await openBenchLab();
  try {
    const { stdout } = await connected.shell.run('cat /var/log/pacemaker/pacemaker.log');
    return compareWithLog(stdout, drill, connected.plan);
  } finally {
    await connected.close();
  }
};

const print = (figures: unknown): void => {
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
};
const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model ?? 'unknown', memoryBytes: totalmem() };
const reporting = await measureReporting(say);
if (values.reporting) {
  print({ machine, reporting });
  process.exit();
}

const freshMs = values.fresh ? await freshRun() : null;
await run('build', lab('build'));
await run('down', lab('down'));
const cachedMs = await run('one run from cached images, up and down included', drills());
await run('up', lab('up'));
const memory = await memoryBytes();
const share = await samplingShare();
await run(`${drillCount} drills in a row`, drills(`--repeat-each=${drillCount}`));
const rows = records();
const tellingMs = tellingInDrillsMs(join(root, 'results/allure-results'));
const runsOfOneDrill = await compareReporters((flags) =>
  run('a drill, without or with the reporters', drills(...flags)),
);
const differences = await stampDifferences(rows);
await run('down', lab('down'));

const recovered = rows.flatMap((row) => row.phases?.recovered ?? []);
const ratio = rows.flatMap((row) => (row.phases?.recovered ? [row.durationMs / row.phases.recovered] : []));
const quarter = Math.max(1, Math.floor(rows.length / 4));
print({
  machine,
  freshRunMs: freshMs === null ? null : Math.round(freshMs),
  cachedRunMs: Math.round(cachedMs),
  resetMs: median(rows.flatMap((row) => row.resetMs ?? [])),
  drillMs: median(rows.map((row) => row.durationMs)),
  recoveredMs: median(recovered),
  drillByRecovery: median(ratio),
  samplingGapMs: {
    median: median(rows.flatMap((row) => row.sampling?.medianIntervalMs ?? [])),
    largest: Math.max(...rows.flatMap((row) => row.sampling?.maxGapMs ?? [])),
  },
  samplingShareOfOneCore: share,
  stampsAgainstLogMs: {
    compared: differences.length,
    median: median(differences.map(({ differenceMs }) => differenceMs)),
    largestByPhase: Object.fromEntries(
      [...new Set(differences.map(({ phase }) => phase))].map((phase) => [
        phase,
        Math.max(...differences.flatMap((each) => (each.phase === phase ? [each.differenceMs] : []))),
      ]),
    ),
  },
  drills: {
    count: rows.length,
    passed: rows.filter((row) => row.verdict === 'passed').length,
    firstQuarterMs: median(rows.slice(0, quarter).map((row) => row.durationMs)),
    lastQuarterMs: median(rows.slice(-quarter).map((row) => row.durationMs)),
  },
  memoryBytes: memory,
  reporting: { ...reporting, inTheDrillMs: tellingMs, runsOfOneDrill },
});
