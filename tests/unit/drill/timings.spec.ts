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

for (const [text, ms] of [
  ['1500us', 1.5],
  ['1500usec', 1.5],
  ['7msec', 7],
  ['7s', 7_000],
  ['7m', 420_000],
  ['2hr', 7_200_000],
  ['12S', 12_000],
  ['\t12\n', 12_000],
] as const)
  test(`the unit of ${JSON.stringify(text)} is known`, () => {
    expect(readDuration(text)).toBe(ms);
  });

for (const text of ['5s soon', 'in 5s', '5 s 3', '1.5s', '5constructor'])
  test(`"${text}", which only has a duration in it, is none`, () => {
    expect(() => readDuration(text)).toThrow(`"${text}" is no duration as Pacemaker writes it.`);
  });

test('an operation without a time-out, and one that is not configured, has 20 s, as Pacemaker ships', () => {
  const bare = `<configuration><resources><primitive id="p"><operations>
    <op name="monitor" interval="3s"/><op name="start"/>
  </operations></primitive></resources></configuration>`;
  const { domain, resources, connection, dcDeadtimeMs } = readTimings(bare, 'p', [], 0);
  expect(domain).toEqual({
    monitorIntervalMs: 3_000,
    monitorTimeoutMs: 20_000,
    startTimeoutMs: 20_000,
    stopTimeoutMs: 20_000,
  });
  expect(connection).toEqual({ monitorIntervalMs: 30_000, monitorTimeoutMs: 30_000, startTimeoutMs: 60_000 });
  expect(dcDeadtimeMs).toBe(20_000);
  expect(resources, 'of what can run on it, which is nothing').toEqual({
    monitorIntervalMs: 0,
    monitorTimeoutMs: 0,
    startTimeoutMs: 0,
    stopTimeoutMs: 0,
  });
});

test('of several resources on a guest each time is the longest that any of them has', () => {
  const primitive = (id: string, monitor: string, start: string, stop: string): string =>
    `<primitive id="${id}"><operations><op name="monitor" ${monitor}/><op name="start" timeout="${start}"/><op name="stop" timeout="${stop}"/></operations></primitive>`;
  const both = `<configuration><resources>${primitive('a', 'interval="7s" timeout="8s"', '30s', '5s')}${primitive('b', 'interval="3s" timeout="9s"', '6s', '40s')}</resources></configuration>`;
  expect(readTimings(both, 'a', ['a', 'b'], 0).resources).toEqual({
    monitorIntervalMs: 7_000,
    monitorTimeoutMs: 9_000,
    startTimeoutMs: 30_000,
    stopTimeoutMs: 40_000,
  });
});

test('a parameter that is named like an operation is none', () => {
  const named = configuration().replace(
    '<operations>',
    '<instance_attributes id="i"><nvpair id="v" name="stop" timeout="7s" value="x"/></instance_attributes><operations>',
  );
  expect(readTimings(named, 'container1', [], 0).domain.stopTimeoutMs).toBe(60_000);
});
