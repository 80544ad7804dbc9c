import { expect, test } from '@playwright/test';
import { loadPlan } from '../../../lab/plan.ts';
import { bootTimes } from '../../../lab/steady-state/boot-times.ts';
import { at, sampleOf, withMachine, withResource } from '../observer/drill-samples.ts';

const plan = await loadPlan('single');
const steady = sampleOf(1);
const absent = withMachine(withResource(steady, 'lxc1', { role: 'Stopped' }), 'lxc1', null);
const booting = withMachine(absent, 'lxc1', { processId: 7, stateFiles: null });
const connecting = withResource(booting, 'lxc1', { role: 'Starting' });

test('a guest’s boot time counts from its domain’s first sample to its connection’s first that is Started', () => {
  const samples = [at(absent, 0), at(booting, 1_000), at(connecting, 4_000), at(steady, 9_500), at(steady, 9_600)];
  expect(bootTimes(samples, plan)).toEqual({ lxc1: 8_500 });
});

test('a guest that never connected, or never ran, has none', () => {
  expect(bootTimes([at(absent, 0), at(booting, 1_000), at(connecting, 2_000)], plan)).toEqual({});
  expect(bootTimes([at(absent, 0)], plan)).toEqual({});
  expect(bootTimes([], plan)).toEqual({});
});

test('a connection that reads Started from before the domain ran does not count', () => {
  const stale = withMachine(steady, 'lxc1', null);
  const samples = [at(stale, 0), at(connecting, 1_000), at(steady, 3_000)];
  expect(bootTimes(samples, plan)).toEqual({ lxc1: 2_000 });
});
