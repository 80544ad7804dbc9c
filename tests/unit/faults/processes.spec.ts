import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { processFunctions } from '../../../lab/faults/processes.ts';

/** Runs a bash script with the functions and a process of its own, `$victim`, and returns what it prints. */
const withVictim = async (script: string): Promise<string> => {
  const { stdout } = await execa('bash', [
    '-c',
    `${processFunctions}
    sleep 60 & victim=$!
    trap 'kill -KILL $victim 2>/dev/null' EXIT
    watch_process "$victim" 'the victim' || exit
    ${script}`,
  ]);
  return stdout;
};

test('a process that runs is neither gone nor stopped', async () => {
  expect(await withVictim('is_gone && echo gone; is_stopped && echo stopped; echo "$((process == victim))"')).toBe('1');
});

test('a stopped process is told from one that goes on', async () => {
  expect(
    await withVictim(`
      kill -STOP $victim; until is_stopped; do :; done; is_gone || echo stopped
      kill -CONT $victim; while is_stopped; do :; done; echo "goes on"`),
  ).toBe('stopped\ngoes on');
});

test('a killed process is gone, as a zombie already, and is not stopped then', async () => {
  expect(await withVictim('kill -KILL $victim; until is_gone; do :; done; is_stopped || echo gone')).toBe('gone');
});

test('another process with the same id is not the one that was watched', async () => {
  expect(await withVictim('start=$((start - 1)); is_gone && echo gone')).toBe('gone');
});

test('what does not run can’t be watched, and is named', async () => {
  expect(
    await withVictim(`watch_process '' libvirtd || echo refused; watch_process 999999999 it || echo refused`),
  ).toBe('libvirtd does not run\nrefused\nit does not run\nrefused');
});
