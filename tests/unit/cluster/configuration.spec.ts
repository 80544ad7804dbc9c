import { expect, test } from '@playwright/test';
import { draftScript } from '../../../lab/cluster/configuration.ts';
import { loadPlan } from '../../../lab/plan.ts';

const plan = await loadPlan('lxc');
const container1 = (timeFactor: number): string =>
  /resource create container1 [^']*/.exec(draftScript(plan, timeFactor))?.[0] ?? '';

test('a draft has every guest, resource and property of the plan', () => {
  const script = draftScript(plan, 1);
  for (const { resource, name } of plan.guests)
    expect(script).toMatch(new RegExp(`create ${resource} ocf:heartbeat:VirtualDomain .*meta remote-node=${name} `));
  for (const { id, agent } of plan.resources) expect(script).toContain(`create ${id} ${agent}`);
  for (const [name, value] of Object.entries(plan.properties))
    expect(script).toContain(`property set ${name}=${value}`);
});

test('domains are configured as their agent has it, and get so much longer where everything takes longer', () => {
  expect(container1(1)).not.toMatch(/timeout|autoset/);
  expect(container1(8)).toContain('op start timeout=720s stop timeout=720s monitor interval=10s timeout=240s');
  expect(container1(8)).toContain('autoset_utilization_cpu=false');
});
