import { expect, test } from '@playwright/test';
import type { HostShell } from '../../../lab/transport/host-shell.ts';
import { reconnectingShell } from '../../../lab/transport/reconnecting-shell.ts';

interface Connection extends HostShell {
  readonly lose: () => Promise<void>;
}

const connection = (says: string): Connection => {
  let lose = (_: Error): void => undefined;
  const lost = new Promise<Error>((resolve) => {
    lose = resolve;
  });
  return {
    hostName: 'host',
    run: () => Promise.resolve({ stdout: says, stderr: '', exitCode: 0 }),
    stream: () => Promise.reject(new Error(says)),
    lost,
    close: () => {
      lose(new Error('closed'));
      return Promise.resolve();
    },
    lose: async () => {
      lose(new Error('lost'));
      await lost;
    },
  };
};

const saidBy = async (shell: HostShell): Promise<string> => (await shell.run('x')).stdout;

test('what comes after a loss goes over a new connection, and only one is made for all', async () => {
  const first = connection('first');
  const opened: string[] = [];
  const shell = reconnectingShell(first, () => {
    opened.push('second');
    return Promise.resolve(connection('second'));
  });
  expect(await saidBy(shell)).toBe('first');
  await first.lose();
  expect(await Promise.all([saidBy(shell), saidBy(shell)])).toEqual(['second', 'second']);
  expect(opened).toEqual(['second']);
});

test('a connection that cannot be had fails the command, and the next one tries again', async () => {
  const first = connection('first');
  const attempts = [() => Promise.reject(new Error('nobody there')), () => Promise.resolve(connection('third'))];
  const shell = reconnectingShell(first, () => (attempts.shift() ?? (() => Promise.reject(new Error('too many'))))());
  await first.lose();
  await expect(shell.run('x')).rejects.toThrow('nobody there');
  expect(await saidBy(shell)).toBe('third');
});

test('commands that come during a reboot wait for the connection after it', async () => {
  const first = connection('first');
  const shell = reconnectingShell(first, () => Promise.reject(new Error('not needed')));
  let finish = (_: HostShell): void => undefined;
  const rebooting = shell.replaceAfter(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  await first.lost;
  const asked = saidBy(shell);
  await expect.poll(() => finish.length).toBe(1);
  finish(connection('rebooted'));
  await rebooting;
  expect(await asked).toBe('rebooted');
});

test('a shell that was closed stays closed', async () => {
  const shell = reconnectingShell(connection('first'), () => Promise.resolve(connection('second')));
  await shell.close();
  await expect(shell.run('x')).rejects.toThrow(/has been closed.*\nNext: /s);
});
