import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { ObservationError } from '../errors.ts';

/** An element of a parsed document. Attribute values and text have their entities resolved and nothing else done. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The element's own character data, joined; blanks included. */
  readonly text: string;
}

// Order is kept because groups, clones and primitives alternate in a status. Entities are resolved below, so that one
// that XML does not define by itself is an error and not left as it stands.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  cdataPropName: '#cdata',
  // An element may be called toString; nothing here looks a name up in an object that inherits.
  onDangerousProperty: (name) => name,
});

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const startOf = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);

const hexOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

const broken = (what: string, cause?: unknown): ObservationError =>
  new ObservationError(what, {
    kind: 'broken',
    cause,
    next: 'Look at the raw sample; if it was cut short, look for a full disk or a killed process on the host.',
  });

/** Anything but the characters of which a document may consist (XML 1.0, production 2). */
const noCharacter = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
/** Blanks to JavaScript, and so to the parser below, but characters like others to XML: in a tag they would part a name. */
const blankToUsOnly = /[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;
const declaration =
  /^\uFEFF?<\?xml version=(["'])1\.\d\1(?: encoding=(["'])(?:utf-8|us-ascii)\2)?(?: standalone=(["'])(?:yes|no)\3)?\s*\?>/i;

const foreign = (what: string): ObservationError =>
  new ObservationError(what, { kind: 'foreign', next: 'See what wrote it: it was not crm_mon.' });

/** Refuses what the parser below would take, although it is no XML or XML that none of the tools read here writes. */
function refuseStrangers(xml: string): void {
  const stranger = noCharacter.exec(xml)?.[0];
  if (stranger !== undefined)
    throw broken(`The XML has a character that no XML may have, U+${hexOf(stranger)}; it begins with ${startOf(xml)}.`);
  if (/<!(?!--|\[CDATA\[)/.test(xml))
    throw foreign('The XML has a DOCTYPE or another declaration, which crm_mon never writes.');
  if (xml.includes('<?', declaration.exec(xml)?.[0].length))
    throw foreign('The XML has a processing instruction, or says that it is in another encoding than UTF-8.');
  const oddEnd = /<\/[^<>]*\/>/.exec(xml)?.[0];
  if (oddEnd !== undefined) throw broken(`The XML has the malformed end tag ${startOf(oddEnd)}.`);
  if (blankToUsOnly.test(xml)) {
    const unquoted = xml.replace(/"[^"<]*"|'[^'<]*'/g, '""');
    for (const [tag] of unquoted.matchAll(/<[^<>]*/g))
      if (blankToUsOnly.test(tag))
        throw broken(`The XML has a character in a tag that only looks like a blank: ${startOf(tag)}.`);
  }
  // The first "--" in a comment has to be its end.
  for (let at = xml.indexOf('<!--'); at >= 0; at = xml.indexOf('<!--', at)) {
    const dashes = xml.indexOf('--', at + 4);
    if (dashes < 0) break;
    if (xml[dashes + 2] !== '>')
      throw broken(`The XML has a malformed comment, ${startOf(xml.slice(at, dashes + 3))}.`);
    at = dashes + 3;
  }
}

function resolveEntities(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(/&([^;&\s]{0,10};)?/g, (reference, body: string | undefined) => {
    const name = body?.slice(0, -1) ?? '';
    if (Object.hasOwn(entities, name)) return entities[name] ?? '';
    const code = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16) : 0;
    const character = point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
    if (character !== '' && !noCharacter.test(character)) return character;
    throw broken(`The XML has the reference ${startOf(reference)}, which is none of XML's own, in ${startOf(raw)}.`);
  });
}

function toElement(name: string, content: readonly unknown[], rawAttributes: object): XmlElement {
  const attributes = new Map<string, string>();
  for (const [attribute, value] of Object.entries(rawAttributes) as [string, unknown][]) {
    if (typeof value !== 'string' || value.includes('<'))
      throw broken(`The XML has a malformed attribute "${attribute}" in an element <${name}>.`);
    // A blank that is written as such reads as a space, one that is numbered as itself (XML 1.0, 3.3.3).
    attributes.set(attribute, resolveEntities(value.replace(/[\t\n\r]/g, ' ')));
  }
  const children: XmlElement[] = [];
  let text = '';
  for (const item of content) {
    const [piece] = toPieces(item);
    if (typeof piece === 'string') text += piece;
    else if (piece) children.push(piece);
  }
  return { name, attributes, children, text };
}

function readText(raw: string): string {
  if (raw.includes(']]>')) throw broken(`The XML has "]]>" in the text ${startOf(raw)}.`);
  return resolveEntities(raw);
}

/**
 * One item of fast-xml-parser's ordered output: `{ name: [content…], ':@': { attributes } }`, `{ '#text': … }` or
 * `{ '#cdata': [{ '#text': … }] }`.
 */
function toPieces(item: unknown): (XmlElement | string)[] {
  const { ':@': attributes = {}, ...rest } = item as Record<string, unknown> & { ':@'?: object };
  return Object.entries(rest).map(([name, content]) => {
    if (name === '#text') return readText(String(content));
    if (!Array.isArray(content)) throw broken(`The XML has an element <${name}> that cannot be read.`);
    if (name === '#cdata') return (content as { '#text': unknown }[]).map((part) => String(part['#text'])).join('');
    return toElement(name, content, attributes);
  });
}

/** Whether nothing but blanks and comments follows the last tag: the parser leaves out what does. */
function endsWithTag(xml: string): boolean {
  let rest = xml.trimEnd();
  while (rest.endsWith('-->')) rest = rest.slice(0, Math.max(rest.lastIndexOf('<!--'), 0)).trimEnd();
  return rest.endsWith('>') && !rest.endsWith(']]>');
}

/**
 * Parses a document strictly: well-formed, one root, no DOCTYPE, no entities but XML's own five and numbered characters.
 *
 * @param xml the document as text
 * @returns the root element
 * @throws ObservationError `broken` if the document is empty, cut short or malformed, `foreign` if it is no XML at all
 *   or has a DOCTYPE, which crm_mon never writes
 */
export function parseXml(xml: string): XmlElement {
  if (xml.trim() === '') throw broken('There is no XML at all: the document is empty.');
  if (!/^\uFEFF?\s*</.test(xml))
    throw new ObservationError(`This is no XML: it begins with ${startOf(xml)}.`, {
      kind: 'foreign',
      next: 'See what wrote it; a shell or a login script on the host may print to standard output.',
    });
  refuseStrangers(xml);
  let items: unknown;
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the same code as its successor package, one dependency less
    const verdict = XMLValidator.validate(xml);
    if (verdict !== true)
      throw broken(
        `The XML is malformed at line ${verdict.err.line}: ${verdict.err.msg} It begins with ${startOf(xml)}.`,
      );
    items = parser.parse(xml);
  } catch (error) {
    if (error instanceof ObservationError) throw error;
    throw broken(`The XML cannot be parsed; it begins with ${startOf(xml)}.`, error);
  }
  const pieces = (items as unknown[]).flatMap(toPieces);
  const roots = pieces.filter((piece) => typeof piece !== 'string');
  const [root] = roots;
  if (!root || roots.length > 1 || !endsWithTag(xml))
    throw broken(`The XML has ${roots.length} roots or text around its root; it begins with ${startOf(xml)}.`);
  return root;
}
