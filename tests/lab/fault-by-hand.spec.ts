import { catalogue } from '../../lab/faults/catalogue.ts';
import { listLeases } from '../../lab/faults/lease.ts';
import { expect, labCommand, test } from './suite.ts';

test('the catalogue is listed with what can be had on this lab, and why not', async ({ lab: _ }) => {
  const listed = await labCommand('faults', '--json');
  expect(listed.exitCode, listed.output).toBe(0);
  const faults = JSON.parse(listed.stdout) as { name: string; unavailable: Record<string, string | null> }[];
  expect(faults.map(({ name }) => name)).toEqual(catalogue.map(({ name }) => name));
  for (const { name, unavailable } of faults) expect(Object.keys(unavailable), name).toEqual(['lxc', 'kvm']);
  expect((await labCommand('faults')).output).toContain('Not to be had here:');
});

// One of the host's network, one inside a guest, and one of each kind of guest.
for (const [fault, guest] of [
  ['port-3121-dropped', 'lxc1'],
  ['port-3121-dropped', 'guest1'],
  ['pacemaker-remoted-frozen', 'lxc2'],
  ['pacemaker-remoted-frozen', 'guest1'],
] as const) {
  test(`${fault} is injected into ${guest} by hand, with a proof, and healed`, async ({ lab }) => {
    const injected = await labCommand('inject', fault, '--guest', guest);
    expect(injected.exitCode, injected.output).toBe(0);
    expect(injected.output).toContain(`Injected ${fault}: `);
    expect((await lab.residue()).length, 'residue while it is injected').toBeGreaterThan(0);
    const healed = await labCommand('heal');
    expect(healed.output).toContain(`Undone: ${fault}-`);
    expect(await lab.residue()).toEqual([]);
  });

  test(`${fault} in ${guest} is undone by the host when its time is over`, async ({ lab }) => {
    const injected = await labCommand('inject', fault, '--guest', guest, '--for', '1');
    expect(injected.exitCode, injected.output).toBe(0);
    await expect.poll(() => listLeases(lab.shell), { timeout: 60_000, intervals: [500] }).toEqual([]);
    expect(await lab.residue()).toEqual([]);
  });
}

test('a drill on a lab with a fault left in it finds and heals it first', async ({ lab }) => {
  await labCommand('inject', 'port-3121-dropped', '--guest', 'lxc3');
  const reset = await labCommand('reset');
  expect(reset.exitCode, reset.output).toBe(0);
  expect(reset.output).toContain('healed port-3121-dropped-');
  expect(await lab.residue()).toEqual([]);
});
