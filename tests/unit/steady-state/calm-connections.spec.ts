import { expect, test } from '@playwright/test';
import { portsTo } from '../../../lab/steady-state/calm-connections.ts';

test('of the connections that the host has, those to a guest are told by its address', () => {
  const printed = '192.168.122.1:54470 192.168.122.11:3121\n192.168.122.1:40000 192.168.122.12:3121\n';
  expect(portsTo('192.168.122.11', printed)).toEqual(['54470']);
  expect(portsTo('192.168.122.1', printed)).toEqual([]);
  expect(portsTo('192.168.122.11', '')).toEqual([]);
});
