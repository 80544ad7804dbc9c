import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { UsageError } from '../../../lab/errors.ts';
import { catalogue, findFault } from '../../../lab/faults/catalogue.ts';
import type { Fault } from '../../../lab/faults/fault.ts';
import { loadPlan, type GuestPlan } from '../../../lab/plan.ts';
import { recordedHost, recordingShell } from './recording-shell.ts';

const plan = await loadPlan('default');

test('every fault has a name of its own, in kebab case, and one line that describes it', () => {
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
  for (const { name, description } of catalogue) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(description, name).toMatch(/^[^\n]{10,200}$/);
  }
});

test('a fault is found by its name, and one that there is not is refused with those that there are', () => {
  expect(findFault('port-3121-dropped').family).toBe('port-3121');
  expect(() => findFault('nothing')).toThrow(UsageError);
  expect(() => findFault('nothing')).toThrow('port-3121-dropped');
});

/** Every script that a fault runs on a host when it is injected into a guest of a kind and healed; none where it can't be had. */
const scriptsOf = async (fault: Fault, kind: GuestPlan['kind']): Promise<readonly string[]> => {
  const guest = plan.guests.find((each) => each.kind === kind);
  if (!guest) throw new Error(`the plan has no ${kind} guest`);
  const { shell, scripts } = recordingShell();
  const site = { guest, plan, host: recordedHost, shell };
  if ((await fault.available(site)) === null) await (await fault.inject(site)).heal();
  return scripts;
};

for (const fault of catalogue)
  for (const kind of ['lxc', 'kvm'] as const)
    test(`bash can read every script of ${fault.name} for a guest of the kind ${kind}`, async () => {
      for (const script of await scriptsOf(fault, kind)) {
        const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
        // Of a broken condition it only complains.
        expect({ status, stderr }, script).toEqual({ status: 0, stderr: '' });
      }
    });
