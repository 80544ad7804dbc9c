import { expect, test } from '@playwright/test';
import { ObservationError } from '../../../lab/errors.ts';
import type { ObservationErrorKind } from '../../../lab/errors.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { recordedXml, resource, result } from './recorded.ts';

/** The ObservationError that reading throws, or the status. Whatever else it throws fails the test. */
function read(xml: string): unknown {
  try {
    return readCrmMon(xml);
  } catch (error) {
    if (error instanceof ObservationError) return error;
    throw error;
  }
}

const guest = recordedXml('trixie', 'guest-probe-notinstalled');

for (const [what, xml, kind, said] of [
  ['nothing', '', 'broken', /empty/],
  ['blanks', ' \n', 'broken', /empty/],
  ['plain text', 'crm_mon: command not found', 'foreign', /begins with "crm_mon: command/],
  ['HTML', '<html><body><p>502</p></body></html>', 'foreign', /root is <html>/],
  ['HTML with a DOCTYPE', '<!DOCTYPE html><html/>', 'foreign', /DOCTYPE/],
  ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "b">]>${guest}`, 'foreign', /DOCTYPE/],
  ['an entity that XML does not know', guest.replace('OK', '&nbsp;'), 'broken', /&nbsp;/],
  ['the format of Pacemaker 1.1', '<crm_mon version="1.1.24"><summary/></crm_mon>', 'foreign', /root is <crm_mon>/],
  [
    'another tool',
    guest.replace('crm_mon -1', 'crm_resource --list'),
    'foreign',
    /another Pacemaker tool.*crm_resource/,
  ],
  ['a format to come', guest.replace('"2.38"', '"3.0"'), 'foreign', /"3\.0"/],
  ['two documents', guest + guest, 'broken', /root/],
  [
    'no cluster',
    result('', { status: '<status code="102" message="Not connected"/>' }),
    'not-connected',
    /not running on that host.*Not connected/,
  ],
  [
    // As seen with 3.0.0 while `pcs cluster start` was under way.
    'a cluster that is starting',
    `<pacemaker-result api-version="2.38" request="crm_mon -1 --output-as=xml">
      <pacemakerd sys_from="pacemakerd" state="running" last_updated="2026-11-22 01:14:24Z"/>
      <status code="0" message="OK">
        <errors><error>Could not connect to the CIB: Transport endpoint is not connected</error></errors>
      </status>
    </pacemaker-result>`,
    'not-connected',
    /not running on that host yet: pacemakerd is "running"/,
  ],
  [
    // As seen with 2.0.5 while `pcs cluster start` was under way.
    'a cluster of Pacemaker 2.0 that is starting',
    `<pacemaker-result api-version="2.3" request="crm_mon -1 --output-as=xml">
      <status code="0" message="OK">
        <errors>
          <error>Critical: Unable to get stonith-history</error>
          <error>Connection to the cluster-daemons terminated</error>
          <error>Reading stonith-history failed</error>
        </errors>
      </status>
    </pacemaker-result>`,
    'not-connected',
    /not running on that host yet: crm_mon said "Critical: Unable to get stonith-history"/,
  ],
  [
    'a failed crm_mon',
    result('', { status: '<status code="1" message="Error occurred"/>' }),
    'broken',
    /failed.*Error occurred/,
  ],
  ['no status at all', result('', { status: '' }), 'broken', /<status>/],
  ['no nodes where some are configured', guest.replace(/<nodes>[^]*<\/nodes>/, ''), 'broken', /<nodes>/],
  ['no summary', guest.replace(/<summary>[^]*<\/summary>/, ''), 'broken', /<summary>/],
] satisfies [string, string, ObservationErrorKind, RegExp][]) {
  test(`takes ${what} for no status, and says so`, () => {
    const error = read(xml);
    expect(error).toMatchObject({ name: 'ObservationError', kind });
    expect(error).toHaveProperty('message', expect.stringMatching(said));
    expect(error).toHaveProperty('message', expect.stringContaining('Next: '));
  });
}

const resources = (text: string): string => result(`<resources>${text}</resources>`);
for (const [what, xml, said] of [
  ['an unknown role', resources(resource({ role: 'Sterted' })), /<resource id="r"> has role="sterted"/],
  ['a missing role', resources(resource({ role: undefined })), /<resource id="r"> lacks the attribute "role"/],
  ['a flag that is none', resources(resource({ active: 'yes' })), /<resource id="r"> has active="yes"/],
  ['an empty id', resources(resource({ id: '' })), /has id=""/],
  ['a count that is none', resources(resource({ nodes_running_on: '-1' })), /has nodes_running_on="-1"/],
  [
    'fewer nodes than counted',
    resources(resource({ nodes_running_on: '2' }, 'h1')),
    /nodes_running_on="2" and lists 1 nodes/,
  ],
  ['an unknown container', resources('<pod id="p"/>'), /<resources> holds an element <pod>/],
  ['stray text', resources('|node name="x"/>'), /<resources> holds the text/],
  [
    'a key that is none',
    result('<failures><failure op_key="x" node="h" exitcode="1" call="1" status="s" exitreason=""/></failures>'),
    /<failure op_key="x" node="h"> has the key "x"/,
  ],
  [
    'a key and a task that differ',
    result(
      '<failures><failure op_key="x_stop_0" task="start" interval="0" node="h" exitcode="1" call="1" status="s" exitreason=""/></failures>',
    ),
    /task="start"/,
  ],
  [
    'a key and an interval that differ',
    result(
      '<failures><failure op_key="x_monitor_10" task="monitor" interval="20" node="h" exitcode="1" call="1" status="s" exitreason=""/></failures>',
    ),
    /interval="20"/,
  ],
  [
    'an interval without a unit',
    result(
      '<node_history><node name="h"><resource_history id="r"><operation_history call="1" task="monitor" rc="0" interval="10"/></resource_history></node></node_history>',
    ),
    /has interval="10"/,
  ],
  [
    'an unknown kind of node',
    guest.replace('type="member"', 'type="cloud"'),
    /<node id="1" name="h1"> has type="cloud"/,
  ],
] satisfies [string, string, RegExp][]) {
  test(`names the element, attribute and value of ${what}`, () => {
    expect(read(xml)).toHaveProperty('message', expect.stringMatching(said));
    expect(read(xml)).toBeInstanceOf(ObservationError);
  });
}
