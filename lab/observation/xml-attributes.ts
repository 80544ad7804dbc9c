import { ObservationError } from '../errors.ts';
import type { XmlElement } from './xml.ts';

/** How an element is named in a message: with whatever of its attributes identifies it. */
function label(element: XmlElement): string {
  const identity = ['id', 'op_key', 'name', 'node', 'task', 'call']
    .filter((name) => element.attributes.has(name))
    .slice(0, 2)
    .map((name) => ` ${name}="${element.attributes.get(name) ?? ''}"`);
  return `<${element.name}${identity.join('')}>`;
}

/**
 * Makes the error for something in an element that cannot be read.
 *
 * @param element the element
 * @param problem what is wrong, as the rest of a sentence that begins with the element
 */
export function unreadable(element: XmlElement, problem: string): ObservationError {
  return new ObservationError(`crm_mon's ${label(element)} ${problem}.`, {
    kind: 'broken',
    next: 'Look at the raw sample. If it is right, this Pacemaker release is new to lab/observation/: teach the reader about it.',
  });
}

/** Takes an element's children; throws ObservationError for stray text and for any child whose name is not listed. */
export function childrenOf(element: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  if (element.text.trim() !== '')
    throw unreadable(element, `holds the text ${JSON.stringify(element.text.trim().slice(0, 80))}, where none belongs`);
  for (const child of element.children)
    if (!names.includes(child.name))
      throw unreadable(element, `holds an element <${child.name}>, which is not known here`);
  return element.children;
}

/** Reads an attribute that may be missing: its value, or null. */
export function readOptionalText(element: XmlElement, name: string): string | null {
  return element.attributes.get(name) ?? null;
}

/** Reads an attribute; throws ObservationError if it is missing. */
export function readText(element: XmlElement, name: string): string {
  const value = element.attributes.get(name);
  if (value === undefined) throw unreadable(element, `lacks the attribute "${name}"`);
  return value;
}

/** Reads an attribute that names something; throws ObservationError if it is missing or empty. */
export function readName(element: XmlElement, name: string): string {
  const value = readText(element, name);
  if (value === '') throw unreadable(element, `has ${name}="", where a name has to be`);
  return value;
}

/** Reads `true` or `false`; throws ObservationError for anything else. */
export function readFlag(element: XmlElement, name: string): boolean {
  const value = readText(element, name);
  if (value !== 'true' && value !== 'false')
    throw unreadable(element, `has ${name}="${value}", where true or false has to be`);
  return value === 'true';
}

/** Reads a whole number, which may be negative; throws ObservationError for anything else. */
export function readInteger(element: XmlElement, name: string): number {
  const value = readText(element, name);
  if (!/^-?\d{1,15}$/.test(value)) throw unreadable(element, `has ${name}="${value}", where a whole number has to be`);
  return Number(value);
}

/** Reads a whole number that counts something; throws ObservationError for anything else. */
export function readCount(element: XmlElement, name: string): number {
  const value = readInteger(element, name);
  if (value < 0) throw unreadable(element, `has ${name}="${value}", where a count has to be`);
  return value;
}

/** Reads a score, in which 1000000 and INFINITY are the same (Pacemaker Explained, "Scores"). */
export function readScore(element: XmlElement, name: string): number {
  const value = readText(element, name);
  const infinite = /^([+-]?)INFINITY$/.exec(value);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  const score = readInteger(element, name);
  return Math.abs(score) >= 1_000_000 ? Math.sign(score) * Infinity : score;
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000 };

/** Reads a duration with its unit, such as `30000ms`, as milliseconds; throws ObservationError for anything else. */
export function readDurationMs(element: XmlElement, name: string): number {
  const value = readText(element, name);
  const match = /^(\d{1,15})([a-z]+)$/.exec(value);
  const unitMs = match?.[2] === undefined || !Object.hasOwn(unitsMs, match[2]) ? undefined : unitsMs[match[2]];
  if (unitMs === undefined) throw unreadable(element, `has ${name}="${value}", where a duration with a unit has to be`);
  return Number(match?.[1]) * unitMs;
}
