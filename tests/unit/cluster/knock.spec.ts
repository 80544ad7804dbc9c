import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { knockScript } from '../../../lab/cluster/knock.ts';

test('a port that accepts and one that refuses are both let through; a UDP port that is silent is not', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { stdout } = await execa('bash', [
    '-c',
    knockScript('127.0.0.1', [`${port}/tcp`, '1/tcp', '1/udp', `${silent.address().port}/udp`]),
  ]);
  server.close();
  silent.close();
  expect(stdout.split('\n').toSorted()).toEqual([`${port}/tcp`, '1/tcp', '1/udp'].toSorted());
});
