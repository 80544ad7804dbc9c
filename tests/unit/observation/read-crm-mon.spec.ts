import { expect, test } from '@playwright/test';
import type { Role } from '../../../lab/observation/cluster-status.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { recordedXml, releases, resource, result } from './recorded.ts';

for (const { suite, pacemaker, apiVersion, saysMaintenance } of releases) {
  test.describe(`crm_mon of Pacemaker ${pacemaker}`, () => {
    test('gives the same status of a guest with a failed action as every release', () => {
      const status = readCrmMon(recordedXml(suite, 'guest-probe-notinstalled'));
      expect(status).toMatchObject({
        apiVersion,
        dc: { name: 'h1', version: '', withQuorum: true },
        options: { fencingEnabled: false, symmetric: true, noQuorumPolicy: 'stop', maintenanceMode: false },
        nodesConfigured: 2,
        resourcesConfigured: { total: 4, disabled: 0, blocked: 0 },
        nodes: [
          { name: 'h1', kind: 'cluster', guestResource: null, online: true, isDc: true, resourcesRunning: 3 },
          { name: 'lxc1', kind: 'guest', guestResource: 'vm1', online: true, isDc: false, resourcesRunning: 1 },
        ],
        attributes: [],
        fenceEvents: [],
        bans: [{ id: 'cli-ban-dummy-on-h1', resource: 'dummy', node: 'h1', weight: -Infinity }],
      });
      expect(status.resources.map(({ id, agent, role, nodes }) => [id, agent, role, ...nodes])).toEqual([
        ['vm1', 'ocf:heartbeat:VirtualDomain', 'Started', 'h1'],
        ['db', 'ocf:heartbeat:pgsql', 'Started', 'h1'],
        ['dummy', 'ocf:pacemaker:Dummy', 'Started', 'lxc1'],
        ['lxc1', 'ocf:pacemaker:remote', 'Started', 'h1'],
      ]);
    });

    test('lists the failed action, and not the probe that found nothing installed', () => {
      expect(readCrmMon(recordedXml(suite, 'guest-probe-notinstalled')).failures).toEqual([
        {
          key: 'dummy_monitor_10000',
          resource: 'dummy',
          task: 'monitor',
          intervalMs: 10_000,
          node: 'lxc1',
          call: 14,
          exitCode: 7,
          status: 'done',
          reason: 'No process state file found',
          lastChange: '2020-09-13 12:30:00Z',
        },
      ]);
    });

    test('counts failures in the history and reads its intervals', () => {
      const { histories } = readCrmMon(recordedXml(suite, 'guest-probe-notinstalled'));
      expect(histories.find((history) => history.resource === 'dummy')).toEqual({
        node: 'lxc1',
        resource: 'dummy',
        failCount: 2,
        migrationThreshold: Infinity,
        operations: [
          { call: 12, task: 'start', exitCode: 0, intervalMs: 0 },
          { call: 14, task: 'monitor', exitCode: 7, intervalMs: 10_000 },
          { call: 20, task: 'monitor', exitCode: 0, intervalMs: 10_000 },
        ],
      });
    });

    test('gives the members of an unmanaged group and the guest that is off', () => {
      const { nodes, resources } = readCrmMon(recordedXml(suite, 'group-maint-offline'));
      expect(nodes.map(({ name, online, unclean }) => [name, online, unclean])).toEqual([
        ['h1', true, false],
        ['lxc1', false, false],
      ]);
      expect(resources.map(({ id, managed, parents, role }) => [id, managed, parents, role])).toEqual([
        ['vm1', true, [], 'Stopped'],
        ['d1', false, ['g'], 'Stopped'],
        ['d2', false, ['g'], 'Stopped'],
        ['lxc1', true, [], 'Stopped'],
      ]);
      expect(resources.find(({ id }) => id === 'd1')?.maintenance).toBe(saysMaintenance ? true : null);
    });
  });
}

for (const [written, role] of [
  ['Master', 'Promoted'],
  ['Slave', 'Unpromoted'],
  ['Promoted', 'Promoted'],
  ['Unpromoted', 'Unpromoted'],
  ['Starting', 'Starting'],
  ['Stopping', 'Stopping'],
  ['Migrating', 'Migrating'],
] satisfies [string, Role][]) {
  test(`reads the role ${written} as ${role}`, () => {
    const { resources } = readCrmMon(result(`<resources>${resource({ role: written }, 'h1')}</resources>`));
    expect(resources[0]?.role).toBe(role);
  });
}

test('reads a target role as a person typed it', () => {
  const { resources } = readCrmMon(result(`<resources>${resource({ target_role: 'stopped' }, 'h1')}</resources>`));
  expect(resources[0]?.targetRole).toBe('Stopped');
});

test('reads "removed" where a release says no more "orphaned"', () => {
  const xml = result(`<resources>${resource({ orphaned: undefined, removed: 'true' })}</resources>`);
  expect(readCrmMon(xml).resources[0]?.orphaned).toBe(true);
});

test('takes a resource that says nothing of being blocked for one that is not, and leaves its configuration aside', () => {
  const xml = result(`<resources>${resource({ blocked: undefined, nodes_running_on: '0' })}</resources>`);
  const configured = xml.replace('></resource>', '><xml><![CDATA[<primitive id="r"/>]]></xml></resource>');
  expect(configured).not.toBe(xml);
  expect(readCrmMon(configured).resources).toMatchObject([{ id: 'r', blocked: false, nodes: [] }]);
});

test('flattens groups, clones, groups in clones and bundles in the order of the document', () => {
  const xml = result(`<resources>
    <clone id="c"><resource-placeholder/></clone>
    ${resource({ id: 'alone' }, 'h1')}
    <clone id="cg"><group id="g:0">${resource({ id: 'm' }, 'h1')}</group><group id="g:1">${resource({ id: 'm' }, 'h2')}</group></clone>
    <group id="g2">${resource({ id: 'n' }, 'h1')}</group>
    <bundle id="b"><replica id="0">${resource({ id: 'web' }, 'b-0')}${resource({ id: 'b-docker-0' }, 'h1')}</replica></bundle>
  </resources>`).replace('<resource-placeholder/>', resource({ id: 'p' }, 'h1') + resource({ id: 'p' }, 'h2'));
  expect(
    readCrmMon(xml).resources.map(({ id, nodes, parents, instanceOf }) => [id, nodes[0], parents, instanceOf]),
  ).toEqual([
    ['p', 'h1', ['c'], 'c'],
    ['p', 'h2', ['c'], 'c'],
    ['alone', 'h1', [], null],
    ['m', 'h1', ['cg', 'g:0'], 'cg'],
    ['m', 'h2', ['cg', 'g:1'], 'cg'],
    ['n', 'h1', ['g2'], null],
    ['web', 'b-0', ['b'], 'b'],
    ['b-docker-0', 'h1', ['b'], 'b'],
  ]);
});

const failure = (attributes: string): string =>
  result(`<failures><failure node="h1" exitstatus="error" exitcode="1" call="8" ${attributes}/></failures>`);

for (const [key, task, intervalMs, name] of [
  ['lxc1_monitor_30000', 'monitor', 30_000, 'lxc1'],
  ['my_db_start_0', 'start', 0, 'my_db'],
  ['my_db_migrate_to_0', 'migrate_to', 0, 'my_db'],
  ['a_monitor_b_monitor_5000', 'monitor', 5000, 'a_monitor_b'],
  ['db_post_notify_start_0', 'notify', 0, 'db'],
] as const) {
  test(`finds the resource of the failed action ${key}`, () => {
    const xml = failure(`op_key="${key}" status="Error" exitreason="none" interval="${intervalMs}" task="${task}"`);
    expect(readCrmMon(xml).failures[0]).toMatchObject({
      resource: name,
      task,
      intervalMs,
      reason: null,
      lastChange: null,
    });
  });
}

test('reads a failed action that has no more than an id', () => {
  const xml = failure('id="db_last_failure_0" status="Timed Out" exitreason="" interval="10000" task="monitor"');
  expect(readCrmMon(xml).failures[0]).toMatchObject({
    resource: 'db',
    task: 'monitor',
    intervalMs: 10_000,
    status: 'timed out',
    reason: null,
  });
});

test('undoes the second escaping of a reason, and only where there was one', () => {
  const reason = (api: string): string | null | undefined =>
    readCrmMon(
      failure(
        'op_key="a_start_0" status="complete" exitreason="can&amp;apos;t &amp;quot;&amp;lt;&amp;gt;&amp;quot; &amp;amp;lt;"',
      ).replace('2.38', api),
    ).failures[0]?.reason;
  expect(reason('2.25')).toBe('can\'t "<>" &lt;');
  expect(reason('2.37')).toBe(reason('2.25'));
  expect(reason('2.38')).toBe('can&apos;t &quot;&lt;&gt;&quot; &amp;lt;');
});

test('tells a guest from a remote node that is none', () => {
  const node = (rest: string): string =>
    `<node name="n" id="n" online="true" standby="false" maintenance="false" pending="false" unclean="true" shutdown="false" is_dc="false" resources_running="0" ${rest}/>`;
  const xml = result(
    `<nodes>${node('type="remote" id_as_resource="vm"')}${node('type="remote"')}${node('type="ping"')}</nodes>`,
  );
  expect(readCrmMon(xml).nodes.map(({ kind }) => kind)).toEqual(['guest', 'remote', 'unknown']);
});

test('reads node attributes, fence events and a cluster without a DC', () => {
  const xml =
    result(`<node_attributes><node name="h1"><attribute name="pingd" value="1000" expected="1000"/></node></node_attributes>
    <fence_history status="0"><fence_event status="success" action="reboot" target="h2" client="c" origin="h1" delegate="h1" completed="x"/></fence_history>
    <tickets><ticket id="t" status="granted" standby="false"/></tickets>`).replace(
      /<current_dc [^>]*>/,
      '<current_dc present="false"/>',
    );
  expect(readCrmMon(xml)).toMatchObject({
    dc: null,
    attributes: [{ node: 'h1', name: 'pingd', value: '1000' }],
    fenceEvents: [{ target: 'h2', action: 'reboot', status: 'success', delegate: 'h1' }],
  });
});

test('reads the history of a resource that is configured no longer, and of one that failed without end', () => {
  const xml = result(`<node_history><node name="h1"><resource_history id="old" orphan="true"/>
    <resource_history id="r" orphan="false" migration-threshold="3" fail-count="1000000">
      <operation_history call="-1" task="start" rc="193" rc_text="x"/></resource_history></node></node_history>`);
  expect(readCrmMon(xml).histories).toMatchObject([
    { resource: 'old', failCount: 0, migrationThreshold: null, operations: [] },
    { resource: 'r', failCount: Infinity, migrationThreshold: 3, operations: [{ call: -1, exitCode: 193 }] },
  ]);
});
