import { expect, test } from '@playwright/test';
import { compareMachines, readDescription } from '../../../lab/host/bare-metal/machine-description.ts';

const before = readDescription(
  'package apt 2.9\npackage vim 9\nunit ssh.service enabled\ntable inet filter\nsetting net.ipv4.ip_forward 0\n',
);

test('a machine that is as it was has no differences', () => {
  expect(compareMachines(before, before)).toEqual([]);
});

test('what came, went and changed is told by its kind and name', () => {
  const now = readDescription(
    'package apt 3.0\npackage corosync 3.1\nunit ssh.service enabled\ntable inet filter\ntable ip nat\nsetting net.ipv4.ip_forward 1\n',
  );
  expect(compareMachines(before, now)).toEqual([
    'package apt was 2.9 and is 3.0',
    'package corosync was not there before',
    'package vim is gone',
    'setting net.ipv4.ip_forward was 0 and is 1',
    'table ip nat was not there before',
  ]);
});
