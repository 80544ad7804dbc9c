import { expect, test } from '@playwright/test';
import { domainScripts } from '../../../lab/faults/domain.ts';
import { hostClockScripts } from '../../../lab/faults/host-clock.ts';
import { hostScripts } from '../../../lab/faults/host.ts';

test('what can be undone is checked after it was', () => {
  for (const { name, heal, healed } of [...domainScripts, ...hostScripts, ...hostClockScripts])
    expect(healed !== undefined, name).toBe(heal !== undefined);
});
