import { Writable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { outputTail } from '../../lab/progress/output-tail.ts';
import { openProgress } from '../../lab/progress/open-progress.ts';
import { silentProgress } from '../../lab/progress/progress.ts';

const collect = () => {
  let shown = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      shown += chunk.toString();
      done();
    },
  });
  return {
    progress: openProgress({ stream }),
    shown: () => shown.replaceAll(/\[\d\d:\d\d:\d\d\] |\(\d+\.\d s\)/gu, ''),
  };
};

test('tasks are shown with their path, their first output and their end', async () => {
  const { progress, shown } = collect();
  const result = await progress.task('Outer', async (_report, below) =>
    below.task('Inner', (report) => {
      report('a line\n');
      return Promise.resolve(7);
    }),
  );
  expect(result).toBe(7);
  expect(
    shown()
      .split('\n')
      .map((line) => line.trim()),
  ).toEqual(['Outer …', 'Outer › Inner …', 'Outer › Inner: a line', 'Outer › Inner: done', 'Outer: done', '']);
});

test('the output of the task that failed is shown once', async () => {
  const { progress, shown } = collect();
  const failing = progress.task('Outer', (outerReport, below) => {
    outerReport('of the task around');
    return below.task('Inner', (report) => {
      for (let line = 1; line <= 100; line += 1) report(`line ${line}`);
      return Promise.reject(new Error('broken'));
    });
  });
  await expect(failing).rejects.toThrow('broken');
  expect(shown().match(/^ {4}line/gmu)).toHaveLength(60);
  expect(shown()).toContain('    line 100\n');
  expect(shown()).not.toContain('    of the task around\n');
  expect(shown()).toContain('Outer › Inner: FAILED');
});

test('tasks side by side are all waited for, and the first failure in time is thrown', async () => {
  let ended = false;
  const both = silentProgress.together([
    {
      title: 'slow',
      run: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        ended = true;
        throw new Error('second');
      },
    },
    { title: 'quick', run: () => Promise.reject(new Error('first')) },
  ]);
  await expect(both).rejects.toThrow('first');
  expect(ended).toBe(true);
});

test('side by side gives the results in the order of the tasks', async () => {
  const { progress } = collect();
  const results = await progress.together([
    { title: 'one', run: () => Promise.resolve(1) },
    { title: 'two', run: () => Promise.resolve('2') },
  ]);
  expect(results).toEqual([1, '2']);
});

test('a tail takes output in pieces, redrawn lines and colours', () => {
  const tail = outputTail(3);
  const lines: string[] = [];
  for (const piece of ['one\ntw', 'o\r10%\r20%\n', '\u001B[31mred\u001B[0m\n', 'rest']) {
    tail.add(piece, (line) => lines.push(line));
  }
  expect(lines).toEqual(['one', 'two', '10%', '20%', 'red']);
  expect(tail.lines()).toEqual(['20%', 'red', 'rest']);
});
