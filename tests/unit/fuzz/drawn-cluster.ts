import fc from 'fast-check';
import type { Role } from '../../../lab/observation/cluster-status.ts';

/** A cluster's status drawn at random, before any release writes it its way. */
export interface DrawnCluster {
  readonly dc: { readonly name: string; readonly version: string; readonly withQuorum: boolean } | null;
  readonly options: {
    readonly fencingEnabled: boolean;
    readonly symmetric: boolean;
    readonly noQuorumPolicy: string;
    readonly maintenanceMode: boolean;
  };
  /** What the summary counts besides what is listed: nothing as a rule. */
  readonly uncounted: number;
  readonly disabled: number;
  readonly blocked: number;
  readonly nodes: readonly DrawnNode[];
  readonly resources: readonly DrawnResource[];
  readonly attributes: readonly {
    readonly node: string;
    readonly attributes: readonly { readonly name: string; readonly value: string; readonly expected: string | null }[];
  }[];
  readonly histories: readonly { readonly node: string; readonly resources: readonly DrawnHistory[] }[];
  readonly failures: readonly DrawnFailure[];
  readonly fenceEvents: readonly {
    readonly target: string;
    readonly action: string;
    readonly status: string;
    readonly delegate: string | null;
    readonly exitReason: string | null;
  }[];
  readonly tickets: readonly string[];
  readonly bans: readonly {
    readonly id: string;
    readonly resource: string;
    readonly node: string;
    readonly weight: number;
    readonly promotedOnly: boolean;
  }[];
}

export interface DrawnNode {
  readonly name: string;
  readonly id: string;
  readonly type: 'member' | 'ping' | 'unknown' | 'remote';
  readonly guestResource: string | null;
  readonly online: boolean;
  readonly unclean: boolean;
  readonly standby: boolean;
  readonly maintenance: boolean;
  readonly pending: boolean;
  readonly shutdown: boolean;
  readonly isDc: boolean;
  readonly expectedUp: boolean;
  readonly resourcesRunning: number;
}

export type DrawnResource = DrawnPrimitive | DrawnGroup | DrawnClone | DrawnBundle;

export interface DrawnPrimitive {
  readonly kind: 'primitive';
  readonly id: string;
  /** As in the configuration of every release: standard, provider where there is one, and type. */
  readonly agent: readonly string[];
  readonly role: Role;
  readonly targetRole: Role | null;
  /** Whether a person typed the target role in lower case. */
  readonly typedLow: boolean;
  readonly active: boolean;
  readonly failed: boolean;
  readonly blocked: boolean;
  readonly managed: boolean;
  readonly maintenance: boolean;
  readonly orphaned: boolean;
  readonly pending: string | null;
  readonly nodes: readonly string[];
}

export interface DrawnGroup {
  readonly kind: 'group';
  readonly id: string;
  readonly managed: boolean;
  readonly maintenance: boolean;
  readonly members: readonly DrawnPrimitive[];
}

export interface DrawnClone {
  readonly kind: 'clone';
  readonly id: string;
  readonly promotable: boolean;
  readonly unique: boolean;
  readonly instances: readonly (DrawnPrimitive | DrawnGroup)[];
}

export interface DrawnBundle {
  readonly kind: 'bundle';
  readonly id: string;
  readonly image: string;
  readonly replicas: readonly (readonly DrawnPrimitive[])[];
}

export interface DrawnHistory {
  readonly resource: string;
  readonly failCount: number;
  /** Null for a resource that is configured no longer. */
  readonly migrationThreshold: number | null;
  readonly lastFailure: string | null;
  readonly operations: readonly DrawnOperation[];
}

export interface DrawnOperation {
  readonly call: number;
  readonly task: string;
  readonly exitCode: number;
  readonly exitText: string;
  readonly intervalMs: number;
  readonly lastChange: string;
  readonly execMs: number;
}

export interface DrawnFailure {
  readonly resource: string;
  /** As in the key: a notification's says of what. */
  readonly keyTask: string;
  readonly task: string;
  readonly intervalMs: number;
  readonly node: string;
  readonly call: number;
  readonly exitCode: number;
  readonly exitText: string;
  readonly status: string;
  readonly reason: string | null;
  /** Null where the history held no time: then duration, interval and task are not written either. */
  readonly lastChange: string | null;
  readonly execMs: number;
  /** An operation without a key of its own is listed by its id. */
  readonly hasKey: boolean;
}

/** Plain objects, as the reader makes them. */
const record = <Model>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }): fc.Arbitrary<Model> =>
  fc.record(model, { noNullPrototype: true });

const roles = [
  ...(['Started', 'Stopped', 'Starting', 'Stopping', 'Migrating', 'Promoting', 'Demoting'] as const),
  ...(['Promoted', 'Unpromoted', 'Unknown'] as const),
] satisfies Role[];

const oftenNames = ['lxc1', 'FAKE1', 'container1', 'h1', 'guest1', 'web:0'];
const oddNames = [
  'db_monitor_0',
  'a_migrate_to',
  'x_stop',
  '__proto__',
  'constructor',
  'toString',
  'node',
  'ä',
  '名',
  'true',
];

/** Ids of resources and names of nodes. */
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...oftenNames) },
  { weight: 1, arbitrary: fc.constantFrom(...oddNames) },
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9._-]{0,12}$/) },
);

/** Pieces of text that somebody who reads XML, keys or lists with too light a hand trips over. */
export const hostilePieces = [
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    '&amp;',
    '&lt;',
    '&apos;',
    '&#65;',
    '&foo;',
    ']]>',
    '<![CDATA[',
    '<!--',
    '-->',
    '<?',
    '?>',
  ],
  ...[
    '/>',
    '="',
    '</nodes>',
    '<!DOCTYPE',
    '\n',
    '\t',
    '\r',
    '\r\n',
    '  ',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\u0085',
    'é',
    '名',
    '🧀',
  ],
  ...['%s', '\\n', '$&', '$1', '{}', '__proto__', 'none', '\u{10ffff}', '\ufffd'],
] as const;

/** Any text that XML may hold. */
export const freeText = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...hostilePieces) },
      { weight: 3, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 8 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 3 }) },
    ),
    { maxLength: 5 },
  )
  .map((pieces) => pieces.join(''));

const someText = freeText.filter((text) => text !== '');
const count = fc.nat(12);
const optional = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value, { freq: 2 });
const finiteOrNot = (most: number): fc.Arbitrary<number> => fc.oneof(fc.constant(Infinity), fc.nat(3), fc.nat(most));
const intervalMs = fc.constantFrom(0, 0, 10_000, 30_000, 86_400_000, 1);
const stamp = fc.constantFrom('Sun Sep 13 12:26:40 2020', 'Sat Nov 21 19:44:02 2026');

const node: fc.Arbitrary<DrawnNode> = record({
  name,
  kind: fc.constantFrom('member' as const, 'guest' as const, 'remote' as const, 'ping' as const, 'unknown' as const),
  resource: name,
  online: fc.boolean(),
  unclean: fc.boolean(),
  standby: fc.boolean(),
  maintenance: fc.boolean(),
  pending: fc.boolean(),
  shutdown: fc.boolean(),
  isDc: fc.boolean(),
  expectedUp: fc.boolean(),
  resourcesRunning: count,
}).map(({ kind, resource, ...rest }) => ({
  ...rest,
  id: kind === 'member' ? '1' : rest.name,
  type: kind === 'guest' ? 'remote' : kind,
  guestResource: kind === 'guest' ? resource : null,
}));

const primitive: fc.Arbitrary<DrawnPrimitive> = record({
  kind: fc.constant('primitive'),
  id: name,
  agent: fc.constantFrom(
    ['ocf', 'pacemaker', 'Dummy'],
    ['ocf', 'heartbeat', 'VirtualDomain'],
    ['ocf', 'pacemaker', 'remote'],
    ['systemd', 'nginx'],
    ['stonith', 'fence_xvm'],
  ),
  role: fc.constantFrom(...roles),
  targetRole: optional(fc.constantFrom('Started', 'Stopped', 'Promoted', 'Unpromoted')),
  typedLow: fc.boolean(),
  active: fc.boolean(),
  failed: fc.boolean(),
  blocked: fc.boolean(),
  managed: fc.boolean(),
  maintenance: fc.boolean(),
  orphaned: fc.boolean(),
  pending: optional(fc.constantFrom('Monitoring', 'Starting', 'Stopping', 'Migrating', 'Fencing')),
  nodes: fc.array(name, { maxLength: 3 }),
});

const group: fc.Arbitrary<DrawnGroup> = record({
  kind: fc.constant('group'),
  id: name,
  managed: fc.boolean(),
  maintenance: fc.boolean(),
  members: fc.array(primitive, { maxLength: 3 }),
});

const resource: fc.Arbitrary<DrawnResource> = fc.oneof(
  { weight: 4, arbitrary: primitive },
  { weight: 1, arbitrary: group },
  {
    weight: 1,
    arbitrary: record({
      kind: fc.constant('clone' as const),
      id: name,
      promotable: fc.boolean(),
      unique: fc.boolean(),
      instances: fc.array(fc.oneof(primitive, group), { maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: record({
      kind: fc.constant('bundle' as const),
      id: name,
      image: someText,
      replicas: fc.array(fc.array(primitive, { maxLength: 4 }), { maxLength: 2 }),
    }),
  },
);

const operation: fc.Arbitrary<DrawnOperation> = record({
  call: fc.integer({ min: -1, max: 999_999 }),
  task: fc.constantFrom('start', 'stop', 'monitor', 'probe', 'migrate_to', 'notify'),
  exitCode: fc.constantFrom(0, 1, 5, 7, 8, 9, 193),
  exitText: fc.constantFrom('OK', 'Error occurred', 'Not running'),
  intervalMs,
  lastChange: stamp,
  execMs: fc.nat(90_000),
});

const history: fc.Arbitrary<DrawnHistory> = record({
  resource: name,
  failCount: finiteOrNot(999_999),
  migrationThreshold: optional(finiteOrNot(999_999)),
  lastFailure: optional(stamp),
  operations: fc.array(operation, { maxLength: 4 }),
});

const failure: fc.Arbitrary<DrawnFailure> = record({
  resource: name,
  tasks: fc.constantFrom(
    ...(
      [
        'start',
        'stop',
        'monitor',
        'monitor',
        'migrate_to',
        'migrate_from',
        'promote',
        'demote',
        'reload-agent',
      ] as const
    ).map((task) => ({ task: task, keyTask: task })),
    { task: 'notify', keyTask: 'pre_notify_promote' },
    { task: 'notify', keyTask: 'post_notify_start' },
  ),
  intervalMs,
  node: name,
  call: fc.integer({ min: -1, max: 999_999 }),
  exitCode: fc.constantFrom(0, 1, 5, 7, 189, 198),
  exitText: fc.constantFrom('Error occurred', 'Not running'),
  status: fc.constantFrom('done', 'timed out', 'error', 'not supported', 'cancelled', 'no executor connection'),
  reason: optional(someText.filter((text) => text !== 'none')),
  lastChange: optional(fc.constant('2026-11-21 19:44:02Z')),
  execMs: fc.nat(90_000),
  hasKey: fc.boolean(),
}).map(({ tasks, ...rest }) => ({ ...rest, ...tasks }));

/** Any cluster that crm_mon could tell of, and some that it could not: the reader has no business to know which. */
export const drawnCluster: fc.Arbitrary<DrawnCluster> = record({
  dc: optional(record({ name, version: freeText, withQuorum: fc.boolean() })),
  options: record({
    fencingEnabled: fc.boolean(),
    symmetric: fc.boolean(),
    noQuorumPolicy: fc.constantFrom('stop', 'ignore', 'freeze', 'demote', 'suicide'),
    maintenanceMode: fc.boolean(),
  }),
  uncounted: fc.constantFrom(0, 0, 0, 1),
  disabled: count,
  blocked: count,
  nodes: fc.array(node, { maxLength: 5 }),
  resources: fc.array(resource, { maxLength: 6 }),
  attributes: fc.array(
    record({
      node: name,
      attributes: fc.array(record({ name, value: freeText, expected: optional(freeText) }), { maxLength: 3 }),
    }),
    { maxLength: 2 },
  ),
  histories: fc.array(record({ node: name, resources: fc.array(history, { maxLength: 3 }) }), { maxLength: 3 }),
  failures: fc.array(failure, { maxLength: 4 }),
  fenceEvents: fc.array(
    record({
      target: name,
      action: fc.constantFrom('reboot', 'off', 'on'),
      status: fc.constantFrom('success', 'failed', 'pending'),
      delegate: optional(name),
      exitReason: optional(freeText),
    }),
    { maxLength: 2 },
  ),
  tickets: fc.array(name, { maxLength: 2 }),
  bans: fc.array(
    record({
      id: name,
      resource: name,
      node: name,
      weight: fc.oneof(fc.constantFrom(-Infinity, Infinity, 0), fc.integer({ min: -999_999, max: 999_999 })),
      promotedOnly: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
});
