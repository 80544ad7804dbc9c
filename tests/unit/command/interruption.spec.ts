import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { startLab } from './run-lab.ts';

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal} ends a command with exit status ${status} and no stack`, async ({}, testInfo) => {
    // An engine that takes the call and never answers.
    const engine = createServer();
    const called = once(engine, 'connection');
    await once(engine.listen(0, '127.0.0.1'), 'listening');
    const child = startLab(['logs'], {
      DOCKER_HOST: `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`,
      LAB_CACHE_DIR: testInfo.outputPath('cache'),
    });
    const ended = once(child, 'exit');
    const stderr = text(child.stderr);
    await called;
    child.kill(signal);
    expect(await ended).toEqual([status, null]);
    expect(await stderr).toBe(`Interrupted by ${signal}.\n`);
    engine.close();
  });
}
