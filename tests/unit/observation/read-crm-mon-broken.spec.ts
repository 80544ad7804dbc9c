import { expect, test } from '@playwright/test';
import { ObservationError } from '../../../lab/errors.ts';
import type { ObservationErrorKind } from '../../../lab/errors.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { recordedXml, releases, resource, result } from './recorded.ts';

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

/** A value's structure: what keys and how many items, whatever is in them. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value === null || typeof value !== 'object') return 'scalar';
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
}

/** Numbers between 0 and 1, the same ones for the same seed. */
function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** As many copies of the text as told, each with one bit of it flipped, the same ones every time. */
function flipBits(text: string, copies: number): string[] {
  const random = randomNumbers(20);
  return Array.from({ length: copies }, () => {
    const bytes = Buffer.from(text);
    const at = Math.floor(random.next().value * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random.next().value * 8));
    return bytes.toString();
  });
}

for (const { suite } of releases)
  for (const sample of ['guest-probe-notinstalled', 'group-maint-offline'] as const) {
    const xml = recordedXml(suite, sample);

    test(`takes no beginning of ${suite}'s ${sample} for a whole`, () => {
      const ends = Array.from({ length: Math.ceil(xml.trimEnd().length / 97) }, (_, index) => index * 97);
      expect(ends.length).toBeGreaterThan(20);
      for (const end of ends)
        expect(read(xml.slice(0, end)), `the first ${end} characters`).toBeInstanceOf(ObservationError);
    });

    test(`takes a flipped bit in ${suite}'s ${sample} for an error or for another value, never for another structure`, () => {
      // The failures are left out: another exit code makes a failure of a probe that is none.
      const shape = (status: unknown): unknown => shapeOf({ ...(status as object), failures: [] });
      const expected = shape(readCrmMon(xml));
      const statuses = flipBits(xml, 400)
        .map(read)
        .filter((status) => !(status instanceof ObservationError));
      expect(statuses.length).toBeGreaterThan(100);
      expect(statuses.length).toBeLessThan(300);
      for (const status of statuses) expect(shape(status)).toEqual(expected);
    });
  }
