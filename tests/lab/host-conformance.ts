import { test } from '@playwright/test';
import { takeDown } from '../../lab/down.ts';
import { hostKinds } from '../../lab/host/host-kinds.ts';
import type { HostKindName } from '../../lab/host/host-kind.ts';
import { openHost } from '../../lab/host/open-host.ts';
import { loadPlan } from '../../lab/plan.ts';
import { openProgress } from '../../lab/progress/open-progress.ts';
import { readSettings } from '../../lab/settings.ts';
import { makeKeyPair } from '../../lab/transport/lab-keys.ts';
import { promises, type OpenHost } from './host-promises.ts';

/** Defines the tests that a host of a kind keeps what the interface promises. One is made for them, without a cluster: none is needed. */
export const testHostsOf = (kindName: HostKindName): void => {
  test.describe(`a ${kindName}`, () => {
    const settings = readSettings({
      ...process.env,
      LAB_NAME: `suite-host-${kindName}`,
      LAB_HOST: kindName,
      LAB_PLAN: 'single',
    });
    let open: OpenHost;

    test.beforeAll(async () => {
      test.setTimeout(900_000);
      const { signal } = new AbortController();
      const kind = hostKinds[kindName];
      const plan = await loadPlan(settings.plan);
      const [planned] = plan.hosts;
      if (!planned) throw new Error('a plan without a host');
      await takeDown(settings);
      const order = { settings, plan, progress: openProgress(), signal };
      const supply = await kind.prepare(order);
      await supply.make(plan.guests);
      const loginKey = makeKeyPair('conformance');
      const { state } = await supply.start(planned, plan, loginKey, order.progress);
      const host = await openHost(kind, settings, state, loginKey.privateKey, 'booting', signal);
      open = { host, loginKey, hostPublicKey: state.hostPublicKey };
    });

    test.afterAll(async () => {
      await open.host.close();
      await takeDown(settings);
    });

    for (const [promise, holds] of Object.entries(promises))
      test(promise, async () => {
        await holds(open);
      });
  });
};
