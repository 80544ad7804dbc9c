import { expect, test } from '@playwright/test';
import { readDuration, readTimings } from '../../../fixtures/timings.ts';
import { timings } from './timings.ts';

const configuration = (more = '', monitor = '<op name="monitor" interval="10s" timeout="30s"/>'): string => `
<configuration><resources>
  <group id="g"><primitive id="container1" class="ocf" provider="heartbeat" type="VirtualDomain">
    <meta_attributes id="m"><nvpair id="n" name="remote-node" value="lxc1"/>${more}</meta_attributes>
    <operations>${monitor}<op name="start" interval="0s" timeout="90s"/><op name="stop" interval="0s" timeout="1min"/></operations>
  </primitive></group>
  <primitive id="FAKE1" class="ocf" provider="pacemaker" type="Dummy">
    <operations><op name="monitor" interval="10s" timeout="20s"/></operations>
  </primitive>
  <primitive id="FAKE2" class="ocf" provider="pacemaker" type="Dummy">
    <operations><op name="monitor" interval="5s" timeout="15s"/></operations>
  </primitive>
</resources></configuration>`;

test('timings are read from the configuration, and from Pacemaker where that says nothing', () => {
  expect(readTimings(configuration(), 'container1', ['FAKE1', 'FAKE2'], 1_234)).toEqual({
    ...timings({ bootMs: 1_234 }),
    domain: { ...timings().domain, stopTimeoutMs: 60_000 },
  });
});

test('a connection that may take longer is known by its meta-attribute', () => {
  const slow = configuration('<nvpair id="t" name="remote-connect-timeout" value="2min"/>');
  expect(readTimings(slow, 'container1', [], 0).connection.startTimeoutMs).toBe(120_000);
});

test('a cluster that waits for another time before it elects a DC is known by its property', () => {
  const crmConfig = `<crm_config><cluster_property_set id="p"><nvpair id="d" name="dc-deadtime" value="5s"/></cluster_property_set></crm_config>`;
  const quick = configuration().replace('<resources>', `${crmConfig}<resources>`);
  expect(readTimings(quick, 'container1', [], 0).dcDeadtimeMs).toBe(5_000);
});

test('a resource that is not there, or has no monitor, is an error', () => {
  expect(() => readTimings(configuration(), 'container9', [], 0)).toThrow('no resource container9');
  expect(() => readTimings(configuration('', ''), 'container1', [], 0)).toThrow('container1 has no recurring monitor');
});

for (const [text, ms] of [
  ['10s', 10_000],
  ['10', 10_000],
  ['2min', 120_000],
  ['250ms', 250],
  ['1h', 3_600_000],
  [' 5 sec ', 5_000],
] as const)
  test(`"${text}" is ${ms} ms`, () => {
    expect(readDuration(text)).toBe(ms);
  });

for (const text of ['', 'soon', '10 parsecs', '-5s'])
  test(`"${text}" is no duration`, () => {
    expect(() => readDuration(text)).toThrow('is no duration');
  });
