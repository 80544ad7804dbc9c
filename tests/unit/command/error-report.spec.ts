import { expect, test } from '@playwright/test';
import {
  CommandError,
  LabError,
  LockError,
  ObservationError,
  TransportError,
  UsageError,
} from '../../../lab/errors.ts';
import { exitStatus, reportOf } from '../../../lab/command/error-report.ts';

test('the class of an error decides the exit status', () => {
  expect(exitStatus(new UsageError('x'))).toBe(2);
  for (const Kind of [LabError, LockError, TransportError, ObservationError, CommandError])
    expect(exitStatus(new Kind('x'))).toBe(3);
  expect(exitStatus(new TypeError('x'))).toBe(1);
  expect(exitStatus('x')).toBe(1);
});

test('a report leads with what happened and ends with what to do; the cause is between, in one line', () => {
  const error = new TransportError('The way is cut.', { cause: new Error('reset\nby peer'), next: 'look.' });
  expect(reportOf(error, {})).toBe('TransportError: The way is cut.\nCause: reset by peer\nNext: look.');
});

test('a cause that the message quotes is not said twice', () => {
  const error = new LabError('It failed: reset by peer.', { cause: new Error('reset by peer'), next: 'look.' });
  expect(reportOf(error, {})).toBe('LabError: It failed: reset by peer.\nNext: look.');
});

test('the next step of a cause does not compete with the error’s own', () => {
  const cause = new LabError('Inner.', { next: 'inner step.' });
  expect(reportOf(new LabError('Outer.', { cause, next: 'outer step.' }), {})).toBe(
    'LabError: Outer.\nCause: Inner.\nNext: outer step.',
  );
});

test('LAB_DEBUG adds the stacks of the whole chain', () => {
  const error = new LabError('Outer.', { cause: new Error('inner'), next: 'look.' });
  const report = reportOf(error, { LAB_DEBUG: '1' });
  expect(report).toMatch(/^LabError: Outer\.\nCause: inner\n/);
  expect(report).toMatch(/at .*error-report\.spec\.ts/);
  expect(report).toContain('[cause]: Error: inner');
  expect(report).toMatch(/\nNext: look\.$/);
});

test('anything unexpected is called a bug and comes with its stack', () => {
  const report = reportOf(new TypeError('x is undefined'), {});
  expect(report).toMatch(/^TypeError: x is undefined\n\s+at /);
  expect(report).toContain('bug in the suite');
});

for (const [what, error, says] of [
  ['a full disk', { code: 'ENOSPC', syscall: 'write' }, /^LabError: There is no space left on a disk/],
  ['an engine that refuses', { statusCode: 500 }, /^LabError: The engine refused/],
  ['an engine that is gone', { code: 'ECONNREFUSED', syscall: 'connect' }, /^LabError: The engine went away/],
  ['missing rights', { code: 'EACCES', syscall: 'mkdir' }, /^LabError: This user may not do that/],
] as const) {
  test(`${what} is lab trouble and no bug`, () => {
    const thrown = Object.assign(new Error('original words'), error);
    expect(exitStatus(thrown)).toBe(3);
    expect(reportOf(thrown, {})).toMatch(says);
    expect(reportOf(thrown, {})).toMatch(/original words[\s\S]*\nNext: /);
  });
}

test('a full disk is recognised in the words of the engine', () => {
  const thrown = Object.assign(new Error('(HTTP code 500) write /x: no space left on device '), { statusCode: 500 });
  expect(reportOf(thrown, {})).toMatch(/^LabError: There is no space left on a disk/);
});
