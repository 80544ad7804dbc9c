import { expect, test } from '@playwright/test';
import { ObservationError } from '../../../lab/errors.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { result } from './recorded.ts';

const node = (attributes: Readonly<Record<string, string>> = {}, inside = ''): string => {
  const all = {
    name: 'n',
    id: '1',
    type: 'member',
    online: 'true',
    standby: 'false',
    maintenance: 'false',
    pending: 'false',
    unclean: 'false',
    shutdown: 'false',
    is_dc: 'false',
    resources_running: '0',
    ...attributes,
  };
  const text = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return `<node ${text.join(' ')}>${inside}</node>`;
};
const nodes = (text: string): string => result(`<nodes>${text}</nodes>`);

/** What reading ends with: the message of an ObservationError. Whatever else it throws fails the test. */
const refusal = (xml: string): string => {
  try {
    readCrmMon(xml);
  } catch (error) {
    if (error instanceof ObservationError) return error.message;
    throw error;
  }
  return 'it is read';
};

for (const [flag, name] of [
  ['standby', 'standby'],
  ['maintenance', 'maintenance'],
  ['pending', 'pending'],
  ['unclean', 'unclean'],
  ['shutdown', 'shutdown'],
  ['is_dc', 'isDc'],
] as const)
  test(`a node that says ${flag} is read as such, and as nothing else`, () => {
    const [read] = readCrmMon(nodes(node({ [flag]: 'true' }))).nodes;
    const calm = { standby: false, maintenance: false, pending: false, unclean: false, shutdown: false, isDc: false };
    expect(read).toMatchObject({ ...calm, [name]: true, online: true });
  });

for (const [attributes, kind] of [
  [{ type: 'member' }, 'cluster'],
  [{ type: 'ping' }, 'unknown'],
  [{ type: 'unknown' }, 'unknown'],
  [{ type: 'remote' }, 'remote'],
  [{ type: 'remote', id_as_resource: 'vm' }, 'guest'],
] as const)
  test(`a node with ${JSON.stringify(attributes)} is of the kind ${kind}`, () => {
    expect(readCrmMon(nodes(node(attributes))).nodes[0]?.kind).toBe(kind);
  });

test('a kind of node that nobody knows is none, whatever JavaScript calls it', () => {
  expect(refusal(nodes(node({ type: 'toString' })))).toContain(
    'has type="toString", which is no kind of node known here',
  );
});

test('what the summary says of the cluster is read as it is', () => {
  const xml = result('')
    .replace('stonith-enabled="true"', 'stonith-enabled="false"')
    .replace('symmetric-cluster="true"', 'symmetric-cluster="false"')
    .replace('maintenance-mode="false"', 'maintenance-mode="true"')
    .replace('no-quorum-policy="stop"', 'no-quorum-policy="freeze"')
    .replace('with_quorum="true"', 'with_quorum="false"');
  expect(readCrmMon(xml)).toMatchObject({
    dc: { name: 'h1', version: '3.0.0', withQuorum: false },
    options: { fencingEnabled: false, symmetric: false, noQuorumPolicy: 'freeze', maintenanceMode: true },
  });
});

test('where a release says both, fencing is enabled as its newer word says', () => {
  const both = (newer: boolean): string =>
    result('').replace('stonith-enabled', `fencing-enabled="${newer}" stonith-enabled`);
  expect(readCrmMon(both(false)).options.fencingEnabled).toBe(false);
  expect(readCrmMon(both(true).replace('stonith-enabled="true"', '')).options.fencingEnabled).toBe(true);
});

test('a part that there can be only one of is refused if there are two, and named', () => {
  const whole = nodes(node());
  expect(refusal(whole)).toBe('it is read');
  expect(refusal(whole.replace('</nodes>', '</nodes><nodes/>'))).toContain('has several elements <nodes>');
  expect(refusal(whole.replace('<nodes_configured', '<nodes_configured number="0"/><nodes_configured'))).toContain(
    '<summary> has several elements <nodes_configured>',
  );
  expect(refusal(whole.replace('<status ', '<status code="0" message="OK"/><status '))).toContain(
    'has several elements <status>',
  );
});

test('text where there are only sections is refused, in the document and in an element', () => {
  expect(refusal(result('oops'))).toContain('oops');
  expect(refusal(nodes(node({}, 'oops')))).toContain('oops');
});

test('resources that are counted have to be listed', () => {
  const counted = result('').replace('<resources_configured number="0"', '<resources_configured number="2"');
  expect(refusal(counted)).toContain('lacks an element <resources>');
});

for (const [request, read] of [
  ['crm_mon', true],
  ['crm_mon --output-as=xml', true],
  ['/usr/sbin/crm_mon -1', true],
  ['crm_monitor -1', false],
  ['my_crm_mon -1', false],
  ['sudo crm_mon -1', false],
] as const)
  test(`the request "${request}" is ${read ? '' : 'not '}one of crm_mon`, () => {
    const said = refusal(result('').replace('crm_mon -1 --output-as=xml', request));
    expect(said).toContain(read ? 'it is read' : `another Pacemaker tool than crm_mon: "${request}"`);
  });

test('of a request without end its beginning is told', () => {
  const said = refusal(result('').replace('crm_mon -1 --output-as=xml', `x${'y'.repeat(500)}`));
  expect(said).toContain(`"x${'y'.repeat(119)}"`);
  expect(said).toContain('\nNext: See what wrote it; a sample has to come from crm_mon --output-as=xml');
});

for (const api of ['2.', '2.12345', '12.3', '2.3.1', '2', '2,38', 'v2.38'])
  test(`the format "${api}" is none that is known`, () => {
    expect(refusal(result('', { api }))).toContain(`crm_mon's output format "${api}" is none`);
  });

test('the format is told with the status', () => {
  expect(readCrmMon(result('', { api: '2.1234' })).apiVersion).toBe('2.1234');
});

test('a cluster that is not running is told with what crm_mon said, if anything, and what to look at', () => {
  const said = refusal(result('', { status: '<status code="102"/>' }));
  expect(said).toContain('crm_mon said "no message" (102).');
  expect(said).toContain('\nNext: Look at corosync and pacemaker on the host');
});

test('a crm_mon that failed is told with what it said, if anything, whatever else it shows', () => {
  const said = refusal(result('', { status: '<status code="1"/>' }));
  expect(said).toContain('crm_mon failed: "no message" (1).');
  expect(said).toContain('\nNext: Run crm_mon -1 on the host');
});

test('an answer of pacemakerd, or an error, beside a whole status is no reason to refuse it', () => {
  expect(refusal(result('<pacemakerd sys_from="pacemakerd" state="running"/>'))).toBe('it is read');
  const error = '<status code="0" message="OK"><errors><error>it was slow</error></errors></status>';
  expect(refusal(result('', { status: error }))).toBe('it is read');
});

test('node attributes are read with the node that they are of, and bans and fence events with all that they say', () => {
  const status = readCrmMon(
    result(`
    <node_attributes>
      <node name="h1"><attribute name="a" value="1"/><attribute name="b" value=""/></node>
      <node name="h2"><attribute name="a" value="2"/></node>
    </node_attributes>
    <fence_history status="0">
      <fence_event status="failed" action="off" target="h2" delegate="h1"/>
      <fence_event status="pending" action="on" target="h3"/>
    </fence_history>
    <bans><ban id="b1" resource="r" node="h1" weight="-5"/><ban id="b2" resource="s" node="h2" weight="INFINITY"/></bans>`),
  );
  expect(status.attributes).toEqual([
    { node: 'h1', name: 'a', value: '1' },
    { node: 'h1', name: 'b', value: '' },
    { node: 'h2', name: 'a', value: '2' },
  ]);
  expect(status.fenceEvents).toEqual([
    { target: 'h2', action: 'off', status: 'failed', delegate: 'h1' },
    { target: 'h3', action: 'on', status: 'pending', delegate: null },
  ]);
  expect(status.bans).toEqual([
    { id: 'b1', resource: 'r', node: 'h1', weight: -5 },
    { id: 'b2', resource: 's', node: 'h2', weight: Infinity },
  ]);
});
