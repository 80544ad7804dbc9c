import { expect, test } from '@playwright/test';
import { labMemoryBytes, sideBySide, type Room } from '../../../fixtures/qualify/side-by-side.ts';
import { loadPlan } from '../../../lab/plan.ts';

const gibibyte = 1024 ** 3;
const room = (change: Partial<Room> = {}): Room => ({
  cores: 4,
  freeBytes: 16 * gibibyte,
  inotifyInstances: 128,
  ...change,
});

test('a lab needs memory for its host and its guests; a KVM guest more', async () => {
  const [lxc, all] = await Promise.all([loadPlan('lxc'), loadPlan('default')]);
  expect(labMemoryBytes(lxc) / gibibyte).toBeCloseTo(1.06, 2);
  expect(labMemoryBytes(all) / gibibyte).toBeCloseTo(1.69, 2);
});

test('all labs are up where they fit, and drills run in as many as there are cores for', async () => {
  const plan = await loadPlan('lxc');
  expect(sideBySide(plan, 9, room({ inotifyInstances: 900 }), null)).toEqual({ up: 9, drilling: 5, short: null });
  expect(sideBySide(plan, 2, room(), null)).toEqual({ up: 2, drilling: 2, short: null });
  expect(sideBySide(plan, 5, room({ cores: 1 }), null)).toEqual({ up: 5, drilling: 1, short: null });
  expect(sideBySide(plan, 5, room({ freeBytes: 4 * gibibyte }), null)).toEqual({
    up: 2,
    drilling: 2,
    short: 'too little memory',
  });
  expect(sideBySide(plan, 5, room({ freeBytes: 1 }), null)).toEqual({ up: 1, drilling: 1, short: 'too little memory' });
  expect(sideBySide(plan, 9, room({ inotifyInstances: 128 }), null)).toEqual({
    up: 5,
    drilling: 5,
    short: 'too few inotify instances',
  });
  expect(sideBySide(await loadPlan('kvm'), 9, room({ inotifyInstances: 35 }), null)).toMatchObject({ up: 5 });
  expect(sideBySide(plan, 9, room({ inotifyInstances: null }), null)).toEqual({ up: 9, drilling: 5, short: null });
  // An emulated machine takes more.
  expect(sideBySide(await loadPlan('default'), 5, room(), null)).toEqual({ up: 5, drilling: 3, short: null });
});

test('who asks for more at once gets it, and never more than there are releases', async () => {
  const plan = await loadPlan('lxc');
  expect(sideBySide(plan, 5, room(), 4)).toEqual({ up: 5, drilling: 4, short: null });
  expect(sideBySide(plan, 5, room({ freeBytes: 1 }), 4)).toEqual({ up: 4, drilling: 4, short: 'too little memory' });
  expect(sideBySide(plan, 2, room(), 4)).toEqual({ up: 2, drilling: 2, short: null });
});
