import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test, type TestInfo } from '@playwright/test';
import { resource, result } from '../observation/recorded.ts';
import { startLab } from './run-lab.ts';

const savedStatus = (testInfo: TestInfo): string => {
  const file = testInfo.outputPath('saved.xml');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, manyResources(1_000));
  return file;
};

const manyResources = (count: number): string => {
  const all = Array.from({ length: count }, (_, at) => resource({ id: `r${at}` }, 'h1'));
  return result(`<resources>${all.join('')}</resources>`);
};

test('a reader that is slower than the command gets all of it', async ({}, testInfo) => {
  const child = startLab(['status', '--json', '--from', savedStatus(testInfo)]);
  const ended = once(child, 'exit');
  let all = '';
  // A little at a time: the pipe is full whenever the command has something to write.
  for await (const chunk of child.stdout) {
    all += String(chunk);
    await delay(30);
  }
  expect(await ended).toEqual([0, null]);
  expect((JSON.parse(all) as { resources: unknown[] }).resources).toHaveLength(1_000);
});

test('a reader that goes away is no reason to complain', async ({}, testInfo) => {
  const child = startLab(['status', '--json', '--from', savedStatus(testInfo)]);
  const ended = once(child, 'exit');
  child.stdout.destroy();
  expect(await text(child.stderr)).toBe('');
  expect(await ended).toEqual([0, null]);
});
