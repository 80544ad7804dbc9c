import type { FailedAction, Operation, ResourceHistory } from './cluster-status.ts';
import {
  childrenOf,
  readCount,
  readDurationMs,
  readInteger,
  readName,
  readOptionalText,
  readScore,
  readText,
  unreadable,
} from './xml-attributes.ts';
import type { XmlElement } from './xml.ts';

function readOperation(element: XmlElement): Operation {
  childrenOf(element);
  return {
    call: readInteger(element, 'call'),
    task: readName(element, 'task'),
    exitCode: readInteger(element, 'rc'),
    intervalMs: element.attributes.has('interval') ? readDurationMs(element, 'interval') : 0,
  };
}

/** Reads `<node_history>`: each node's operations, by resource. Throws ObservationError where it is odd. */
export function readHistories(element: XmlElement): ResourceHistory[] {
  return childrenOf(element, 'node').flatMap((node) =>
    childrenOf(node, 'resource_history').map((history) => ({
      node: readName(node, 'name'),
      resource: readName(history, 'id'),
      failCount: history.attributes.has('fail-count') ? readScore(history, 'fail-count') : 0,
      migrationThreshold: history.attributes.has('migration-threshold')
        ? readScore(history, 'migration-threshold')
        : null,
      operations: childrenOf(history, 'operation_history').map(readOperation),
    })),
  );
}

interface KeyParts {
  readonly resource: string;
  readonly task: string;
  readonly intervalMs: number;
}

/**
 * Takes an operation's key apart: `<resource>_<task>_<interval>`, of which a resource's name and a task may both hold
 * underscores themselves (`migrate_to`, and a notification's key says of what and whether before or after).
 */
function readKey(element: XmlElement, key: string): KeyParts {
  const match = /^(.+?)_((?:pre|post)_notify_[a-z]+|migrate_to|migrate_from|last_failure|[a-zA-Z-]+)_(\d{1,15})$/.exec(
    key,
  );
  const [, resource, task, interval] = match ?? [];
  if (resource === undefined || task === undefined)
    throw unreadable(element, `has the key "${key}", which is not <resource>_<task>_<interval>`);
  return { resource, task: task.includes('_notify_') ? 'notify' : task, intervalMs: Number(interval) };
}

// Pacemaker before 3.0 escaped a reason for XML and then once more when it wrote the XML.
const unescapeAgain = (reason: string): string =>
  reason
    .replaceAll('&apos;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

function readReason(element: XmlElement, apiMinor: number): string | null {
  const reason = readText(element, 'exitreason');
  if (reason === '' || reason === 'none') return null;
  return apiMinor < 38 ? unescapeAgain(reason) : reason;
}

function readFailure(element: XmlElement, apiMinor: number): FailedAction {
  childrenOf(element);
  const key = readName(element, element.attributes.has('op_key') ? 'op_key' : 'id');
  const parts = readKey(element, key);
  const status = readName(element, 'status').toLowerCase();
  // Absent only together with last-rc-change, where the history held no time.
  const task = readOptionalText(element, 'task') ?? parts.task;
  const intervalMs = element.attributes.has('interval') ? readCount(element, 'interval') : parts.intervalMs;
  if (parts.task !== 'last_failure' && (task !== parts.task || intervalMs !== parts.intervalMs))
    throw unreadable(element, `has the key "${key}" and yet task="${task}" interval="${intervalMs}"`);
  return {
    key,
    resource: parts.resource,
    task,
    intervalMs,
    node: readName(element, 'node'),
    call: readInteger(element, 'call'),
    exitCode: readCount(element, 'exitcode'),
    status: status === 'complete' ? 'done' : status,
    reason: readReason(element, apiMinor),
    lastChange: readOptionalText(element, 'last-rc-change'),
  };
}

// Pacemaker 2.0 lists a probe that found nothing installed as a failure; every later release knows it for none.
const isMaskedProbe = (failure: FailedAction): boolean =>
  failure.task === 'monitor' && failure.intervalMs === 0 && failure.exitCode === 5;

/**
 * Reads `<failures>`, without the probes that say "not installed", which only Pacemaker 2.0 takes for failures.
 *
 * @param element the element
 * @param apiMinor the minor number of crm_mon's output format, which tells how reasons are escaped
 * @throws ObservationError where an element or attribute is missing, odd or unknown
 */
export function readFailures(element: XmlElement, apiMinor: number): FailedAction[] {
  return childrenOf(element, 'failure')
    .map((failure) => readFailure(failure, apiMinor))
    .filter((failure) => !isMaskedProbe(failure));
}
