import { styleText } from 'node:util';
import type { NodeStatus } from '../observation/cluster-status.ts';
import { compactTable } from './compact-table.ts';
import type { GuestReport, ResourceReport, StatusReport } from './status-report.ts';

/** Whether a text may carry colour codes. */
export type Colour = 'colour' | 'plain';

type Paint = (style: 'green' | 'red' | 'yellow', text: string) => string;

const none = '–';

/** Renders a status for a person: a line about the cluster, its deviations, and a table for each kind of thing. */
export const renderStatus = (report: StatusReport, colour: Colour): string => {
  // The caller has decided; styleText would look at standard output once more.
  const paint: Paint = (style, text) =>
    colour === 'colour' ? styleText(style, text, { validateStream: false }) : text;
  const { deviations, nodes, guests, resources, failedActions, failCounts } = report;
  return [
    [headline(report, paint), ...(deviations ?? []).map((line) => `  - ${line}`)].join('\n'),
    section(
      ['node', 'kind', 'state', 'resources'],
      nodes.map((node) => [node.name, node.kind, nodeState(node, paint), String(node.resourcesRunning)]),
    ),
    section(
      // Only the machine itself can tell the latter two.
      ['guest', 'resource', 'connection', ...(report.lab === null ? [] : ['domain id', 'pacemaker_remoted'])],
      guests.map((guest) => guestRow(guest, paint)),
    ),
    section(
      ['resource', 'agent', 'role', 'on', 'remarks'],
      resources.map((resource) => resourceRow(resource, paint)),
    ),
    section(
      ['failed action', 'on', 'exit code', 'status', 'reason'],
      failedActions.map(({ key, node, exitCode, status, reason }) => [
        paint('red', key),
        node,
        String(exitCode),
        status,
        reason ?? none,
      ]),
    ),
    section(
      ['fail count of', 'on', 'count'],
      failCounts.map(({ resource, node, failCount }) => [resource, node, paint('red', String(failCount))]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};

const section = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length > 0 ? compactTable(head, rows) : '';

const headline = (
  { lab, release, dc, quorum, steady, deviations, failedActions }: StatusReport,
  paint: Paint,
): string => {
  const parts = [
    `Pacemaker ${release ?? '(release not told)'}`,
    dc === null ? paint('red', 'no DC') : `DC ${dc} ${quorum ? 'with quorum' : paint('red', 'WITHOUT quorum')}`,
  ];
  if (steady !== null) {
    const count = deviations?.length ?? 0;
    parts.push(
      steady
        ? paint('green', 'in its steady state')
        : paint('red', `NOT in its steady state, ${counted(count, 'deviation')}:`),
    );
  } else {
    parts.push(
      failedActions.length > 0 ? paint('red', counted(failedActions.length, 'failed action')) : 'no failed actions',
    );
  }
  return `${lab === null ? '' : `Lab "${lab}": `}${parts.join(', ')}`;
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const nodeState = (node: NodeStatus, paint: Paint): string => {
  const state = node.unclean
    ? paint('red', 'UNCLEAN')
    : node.online
      ? paint('green', 'online')
      : paint('red', 'OFFLINE');
  const also = { DC: node.isDc, standby: node.standby, maintenance: node.maintenance, pending: node.pending };
  const words = Object.entries({ ...also, 'shutting down': node.shutdown }).flatMap(([word, is]) => (is ? [word] : []));
  return [state, ...words].join(', ');
};

const guestRow = ({ name, resource, connection, machine }: GuestReport, paint: Paint): string[] => [
  name,
  resource ?? none,
  connection === 'Started' ? connection : paint('yellow', connection ?? 'unknown'),
  ...(machine ? [machine.domainId ?? none, machine.remotedPid === null ? none : `pid ${machine.remotedPid}`] : []),
];

const resourceRow = (resource: ResourceReport, paint: Paint): string[] => {
  const remarks = [
    ...(resource.failed ? [paint('red', 'FAILED')] : []),
    ...(resource.blocked ? [paint('red', 'blocked')] : []),
    ...(resource.pendingOperation === null ? [] : [`pending: ${resource.pendingOperation}`]),
    ...(resource.targetRole === 'Stopped' ? [paint('yellow', 'disabled')] : []),
    ...(resource.managed ? [] : [paint('yellow', 'unmanaged')]),
    ...(resource.maintenance ? ['maintenance'] : []),
    ...(resource.orphaned ? [paint('yellow', 'orphaned')] : []),
    ...(resource.parents.length > 0 ? [`in ${resource.parents.join(' > ')}`] : []),
  ];
  // Right after a guest is lost its resources still claim to be on it.
  const claimed = resource.nodes.filter((node) => !resource.runsOn.includes(node)).map((node) => `(${node})`);
  return [
    resource.id,
    resource.agent,
    resource.active && !resource.failed ? resource.role : paint('yellow', resource.role),
    [...resource.runsOn, ...claimed].join(', ') || none,
    remarks.join(', '),
  ];
};
