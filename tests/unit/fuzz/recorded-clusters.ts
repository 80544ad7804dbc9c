import type { DrawnCluster, DrawnNode, DrawnOperation, DrawnPrimitive } from './drawn-cluster.ts';
import type { SampleName } from '../observation/recorded.ts';

const node = (over: Partial<DrawnNode> & Pick<DrawnNode, 'name' | 'id' | 'type'>): DrawnNode => ({
  guestResource: null,
  online: true,
  unclean: false,
  standby: false,
  maintenance: false,
  pending: false,
  shutdown: false,
  isDc: false,
  expectedUp: false,
  resourcesRunning: 0,
  ...over,
});

const primitive = (id: string, agent: string, over: Partial<DrawnPrimitive>): DrawnPrimitive => ({
  kind: 'primitive',
  id,
  agent: agent.split(':'),
  role: 'Stopped',
  targetRole: null,
  typedLow: false,
  active: false,
  failed: false,
  blocked: false,
  managed: true,
  maintenance: false,
  orphaned: false,
  pending: null,
  nodes: [],
  ...over,
});

const startedOn = (name: string): Partial<DrawnPrimitive> => ({ role: 'Started', active: true, nodes: [name] });

const operation = (
  call: number,
  task: string,
  second: string,
  execMs: number,
  over: Partial<DrawnOperation> = {},
): DrawnOperation => ({
  call,
  task,
  exitCode: 0,
  exitText: 'OK',
  intervalMs: 0,
  lastChange: `Sun Sep 13 12:${second} 2020`,
  execMs,
  ...over,
});

const history = (resource: string, ...operations: readonly DrawnOperation[]) => ({
  resource,
  failCount: 0,
  migrationThreshold: Infinity,
  lastFailure: null,
  operations,
});

const common: Omit<DrawnCluster, 'nodes' | 'resources'> = {
  dc: { name: 'h1', version: '', withQuorum: true },
  options: { fencingEnabled: false, symmetric: true, noQuorumPolicy: 'stop', maintenanceMode: false },
  uncounted: 0,
  disabled: 0,
  blocked: 0,
  attributes: [],
  histories: [],
  failures: [],
  fenceEvents: [],
  tickets: [],
  bans: [],
};

const host = node({ name: 'h1', id: '1', type: 'member', isDc: true, expectedUp: true });
const guest = node({ name: 'lxc1', id: 'lxc1', type: 'remote', guestResource: 'vm1' });
const unmanaged = { managed: false, maintenance: true } as const;
const notInstalled = operation(10, 'probe', '26:50', 20, { exitCode: 5, exitText: 'Not installed' });

/** What the recorded samples of all releases tell of. */
export const recordedClusters: Readonly<Record<SampleName, DrawnCluster>> = {
  'group-maint-offline': {
    ...common,
    nodes: [host, { ...guest, online: false }],
    resources: [
      primitive('vm1', 'ocf:heartbeat:VirtualDomain', {}),
      {
        kind: 'group',
        id: 'g',
        ...unmanaged,
        members: ['d1', 'd2'].map((id) => primitive(id, 'ocf:pacemaker:Dummy', unmanaged)),
      },
      primitive('lxc1', 'ocf:pacemaker:remote', {}),
    ],
    histories: [
      {
        node: 'h1',
        resources: [
          history('vm1', operation(1, 'stop', '26:40', 100)),
          history('lxc1', operation(1, 'stop', '26:41', 0)),
        ],
      },
    ],
  },
  'guest-probe-notinstalled': {
    ...common,
    nodes: [
      { ...host, resourcesRunning: 3 },
      { ...guest, resourcesRunning: 1 },
    ],
    resources: [
      primitive('vm1', 'ocf:heartbeat:VirtualDomain', startedOn('h1')),
      primitive('db', 'ocf:heartbeat:pgsql', startedOn('h1')),
      primitive('dummy', 'ocf:pacemaker:Dummy', startedOn('lxc1')),
      primitive('lxc1', 'ocf:pacemaker:remote', startedOn('h1')),
    ],
    histories: [
      {
        node: 'h1',
        resources: [
          history(
            'vm1',
            operation(1, 'start', '26:40', 100),
            operation(2, 'monitor', '26:40', 100, { intervalMs: 10_000 }),
          ),
          history(
            'lxc1',
            operation(1, 'start', '26:41', 0),
            operation(2, 'monitor', '26:41', 0, { intervalMs: 30_000 }),
          ),
          history('db', operation(31, 'start', '26:40', 100)),
        ],
      },
      {
        node: 'lxc1',
        resources: [
          history('db', notInstalled, notInstalled),
          {
            ...history(
              'dummy',
              operation(12, 'start', '26:50', 20),
              operation(14, 'monitor', '30:00', 0, { intervalMs: 10_000, exitCode: 7, exitText: 'Not running' }),
              operation(20, 'monitor', '30:10', 20, { intervalMs: 10_000 }),
            ),
            failCount: 2,
            lastFailure: 'Sun Sep 13 12:30:00 2020',
          },
        ],
      },
    ],
    failures: [
      {
        resource: 'db',
        keyTask: 'monitor',
        task: 'monitor',
        intervalMs: 0,
        node: 'lxc1',
        call: 10,
        exitCode: 5,
        exitText: 'Not installed',
        status: 'done',
        reason: "Setup problem: couldn't find command: /usr/bin/pg_ctl",
        lastChange: '2020-09-13 12:26:50Z',
        execMs: 20,
        hasKey: true,
      },
      {
        resource: 'dummy',
        keyTask: 'monitor',
        task: 'monitor',
        intervalMs: 10_000,
        node: 'lxc1',
        call: 14,
        exitCode: 7,
        exitText: 'Not running',
        status: 'done',
        reason: 'No process state file found',
        lastChange: '2020-09-13 12:30:00Z',
        execMs: 0,
        hasKey: true,
      },
    ],
    bans: [{ id: 'cli-ban-dummy-on-h1', resource: 'dummy', node: 'h1', weight: -Infinity, promotedOnly: false }],
  },
};
