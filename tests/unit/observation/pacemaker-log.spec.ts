import { expect, test } from '@playwright/test';
import { readLogLines, readPacemakerLog } from '../../../lab/observation/pacemaker-log.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';

const near = Date.parse('2026-11-22T01:26:37Z');

test('a line tells its moment, who wrote it and what', () => {
  const log =
    'Nov 22 01:26:37.020 example-host pacemaker-controld  [257] (remote_lrm_op_callback) \terror: Lost connection to lxc1\n' +
    'Nov 22 01:26:37.036 example-host pacemaker-schedulerd[256] (log_list_item) \tnotice: Actions: Recover    FAKE1    ( lxc1 )\n';
  expect(readLogLines(log, near)).toEqual([
    { atMs: near + 20, daemon: 'pacemaker-controld', text: 'Lost connection to lxc1' },
    { atMs: near + 36, daemon: 'pacemaker-schedulerd', text: 'Actions: Recover    FAKE1    ( lxc1 )' },
  ]);
});

test('lines without milliseconds, of other programs, or broken off are left out', () => {
  const log =
    'Nov 22 01:26:37 example-host pacemaker-controld  [257] (f) \tinfo: whole seconds\n' +
    'Nov 22 01:26:37.020 VirtualDomain(container1)[9]:\tINFO: Domain lxc1 stopped\n' +
    'v 22 01:26:37.020 example-host pacemaker-controld  [257] (f) \tinfo: broken off\n' +
    'it said: Nov 22 01:26:37.020 example-host pacemaker-controld  [257] (f) \tinfo: quoted\n';
  expect(readLogLines(log, near)).toEqual([]);
});

test('a stamp of no day or time that there is makes no line', () => {
  const log = ['Nov 31 01:26:37.020', 'Nov 22 25:26:37.020', 'Now 22 01:26:37.020', 'Nov 22 ::::::::.020']
    .map((stamp) => `${stamp} h pacemaker-controld [1] (f) \tinfo: x\n`)
    .join('');
  expect(readLogLines(log, near)).toEqual([]);
});

test('a line may say what only JavaScript takes for the end of a line', () => {
  const line = 'Nov 22 01:26:37.020 h pacemaker-controld [1] (f) \tinfo: one\rtwo\u2028three\n';
  expect(readLogLines(line, near)).toMatchObject([{ text: 'one\rtwo\u2028three' }]);
});

test('a stamp without a year is of the year next to the drill, on both sides of New Year', () => {
  const line = (stamp: string) => `${stamp} h pacemaker-controld [1] (f) \tinfo: x`;
  const [before] = readLogLines(line('Dec 31 23:59:59.500'), Date.parse('2027-01-01T00:00:01Z'));
  const [after] = readLogLines(line('Jan  1 00:00:01.500'), Date.parse('2026-12-31T23:59:59Z'));
  expect(before?.atMs).toBe(Date.parse('2026-12-31T23:59:59.500Z'));
  expect(after?.atMs).toBe(Date.parse('2027-01-01T00:00:01.500Z'));
});

test('the host is asked once, for the minutes of the span; what is outside of it is left out', async () => {
  const within = ['2 23:59:59.000', '2 23:59:59.500', '3 00:00:00.000'];
  const scripts: string[] = [];
  const limits: unknown[] = [];
  const line = (stamp: string) => `Jan  ${stamp} h pacemaker-controld [1] (f) \tinfo: Result of ${stamp}\n`;
  const shell = {
    run: (script: string, limit: unknown) => {
      scripts.push(script);
      limits.push(limit);
      const stdout = ['2 23:59:58.999', ...within, '3 00:00:00.001'].map(line).join('');
      return Promise.resolve({ stdout, stderr: '', exitCode: 0 });
    },
  } as unknown as HostShell;
  const fromMs = Date.parse('2027-01-02T23:59:59Z');
  const lines = await readPacemakerLog(shell, { fromMs, untilMs: fromMs + 1_000 }, ['Result of', 'Actions:']);
  expect(lines.map(({ text }) => text)).toEqual(within.map((stamp) => `Result of ${stamp}`));
  expect(scripts).toHaveLength(1);
  expect(limits).toEqual([{ timeoutMs: 10_000 }]);
  expect(scripts[0]).toContain("grep -hE '^(Jan  2 23:59|Jan  3 00:00):.*: .*(Result of|Actions:)'");
});

test('where whole seconds will do, lines of the second in which the span begins count, and none before', async () => {
  const line = (stamp: string) => `Jan  2 ${stamp} h pacemaker-controld [1] (f) \tinfo: ${stamp}\n`;
  const stdout = ['23:58:58', '23:58:59', '23:59:00', '23:59:00.500', '23:59:01'].map(line).join('');
  const shell = { run: () => Promise.resolve({ stdout, stderr: '', exitCode: 0 }) } as unknown as HostShell;
  const fromMs = Date.parse('2027-01-02T23:58:59.700Z');
  const span = { fromMs, untilMs: fromMs + 1_000 };
  const texts = async (...precision: readonly ['seconds'] | []) =>
    (await readPacemakerLog(shell, span, ['x'], ...precision)).map(({ text }) => text);
  expect(await texts('seconds')).toEqual(['23:58:59', '23:59:00', '23:59:00.500']);
  expect(await texts()).toEqual(['23:59:00.500']);
});
