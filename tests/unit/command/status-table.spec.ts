import { expect, test } from '@playwright/test';
import { statusReport } from '../../../lab/command/status-report.ts';
import { renderStatus } from '../../../lab/command/status-table.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { resource, result } from '../observation/recorded.ts';

const node = (name: string, attributes: string): string =>
  `<node name="${name}" id="${name}" standby="false" standby_onfail="false" maintenance="false" pending="false"
    shutdown="false" expected_up="true" resources_running="1" ${attributes}/>`;

/** A guest's connection has just been lost: its resource still claims to be on it, and the domain is about to stop. */
const status = readCrmMon(
  result(`<nodes>
      ${node('h1', 'online="true" unclean="false" is_dc="true" type="member"')}
      ${node('lxc1', 'online="false" unclean="false" is_dc="false" type="remote" id_as_resource="c1"')}
    </nodes>
    <resources>
      ${resource({ id: 'c1', role: 'Stopping', pending: 'Stopping' }, 'h1')}
      ${resource({ id: 'FAKE1', failed: 'true', active: 'false' }, 'lxc1')}
      ${resource({ id: 'FAKE2', role: 'Stopped', active: 'false', target_role: 'Stopped' })}
      ${resource({ id: 'lxc1', resource_agent: 'ocf:pacemaker:remote', role: 'Stopped', active: 'false' })}
    </resources>`),
);

const lab = {
  name: 'second',
  deviations: ['the node lxc1 is offline'],
  truths: new Map([
    ['lxc1', { domainId: '4711', bootId: 'b', daemon: { processId: 42, startTicks: 1 }, stateFiles: ['FAKE1'] }],
  ]),
};

const lines = (text: string): string[] => text.split('\n').map((line) => line.replace(/ {2,}/g, '  '));

test('the first line tells release, DC, quorum and the steady state; each deviation follows', () => {
  const [first, second, third] = lines(renderStatus(statusReport(status, lab), 'plain'));
  expect(first).toBe('Lab "second": Pacemaker 3.0.0, DC h1 with quorum, NOT in its steady state, 1 deviation:');
  expect(second).toBe('  - the node lxc1 is offline');
  expect(third).toBe('');
  const steady = renderStatus(statusReport(status, { ...lab, deviations: [] }), 'plain').split('\n')[0];
  expect(steady).toBe('Lab "second": Pacemaker 3.0.0, DC h1 with quorum, in its steady state');
});

test('a guest comes with what the machine says of it', () => {
  const report = statusReport(status, lab);
  expect(report.guests).toMatchObject([{ machine: { domainId: '4711', remotedPid: 42, stateFiles: ['FAKE1'] } }]);
  expect(lines(renderStatus(report, 'plain'))).toContain('lxc1  c1  Stopped  4711  pid 42');
});

test('what a resource only claims is in parentheses', () => {
  const shown = lines(renderStatus(statusReport(status, lab), 'plain'));
  expect(shown).toContain('FAKE1  ocf:pacemaker:Dummy  Started  (lxc1)  FAILED');
  expect(shown).toContain('c1  ocf:pacemaker:Dummy  Stopping  h1  pending: Stopping');
  expect(shown).toContain('FAKE2  ocf:pacemaker:Dummy  Stopped  –  disabled');
  expect(shown).toContain('h1  cluster  online, DC  1');
  expect(shown).toContain('lxc1  guest  OFFLINE  1');
});

test('sections without anything in them are left out', () => {
  expect(renderStatus(statusReport(status, lab), 'plain')).not.toMatch(/failed action|fail count/);
});

test('colour is used when asked for, and only then', () => {
  const codes = /\u001B\[/;
  expect(renderStatus(statusReport(status, lab), 'plain')).not.toMatch(codes);
  expect(renderStatus(statusReport(status, lab), 'colour')).toMatch(codes);
});
