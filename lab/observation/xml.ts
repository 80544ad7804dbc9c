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
});

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const startOf = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);

const broken = (what: string, cause?: unknown): ObservationError =>
  new ObservationError(what, {
    kind: 'broken',
    cause,
    next: 'Look at the raw sample; if it was cut short, look for a full disk or a killed process on the host.',
  });

function resolveEntities(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(/&([^;&\s]{0,10};)?/g, (reference, body: string | undefined) => {
    const name = body?.slice(0, -1) ?? '';
    if (Object.hasOwn(entities, name)) return entities[name] ?? '';
    const code = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16) : 0;
    if (point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)) return String.fromCodePoint(point);
    throw broken(`The XML has the reference ${startOf(reference)}, which is none of XML's own, in ${startOf(raw)}.`);
  });
}

function toElement(name: string, content: readonly unknown[], rawAttributes: object): XmlElement {
  const attributes = new Map<string, string>();
  for (const [attribute, value] of Object.entries(rawAttributes) as [string, unknown][]) {
    if (typeof value !== 'string' || value.includes('<'))
      throw broken(`The XML has a malformed attribute "${attribute}" in an element <${name}>.`);
    attributes.set(attribute, resolveEntities(value));
  }
  const children: XmlElement[] = [];
  let text = '';
  for (const item of content) {
    const [piece] = toPieces(item);
    if (typeof piece === 'string') text += resolveEntities(piece);
    else if (piece) children.push(piece);
  }
  return { name, attributes, children, text };
}

/** One item of fast-xml-parser's ordered output: `{ name: [content…], ':@': { attributes } }` or `{ '#text': … }`. */
function toPieces(item: unknown): (XmlElement | string)[] {
  const { ':@': attributes = {}, ...rest } = item as Record<string, unknown> & { ':@'?: object };
  return Object.entries(rest).map(([name, content]) => {
    if (name === '#text') return String(content);
    if (!Array.isArray(content)) throw broken(`The XML has an element <${name}> that cannot be read.`);
    return toElement(name, content, attributes);
  });
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
  if (/<!(?!--|\[CDATA\[)/.test(xml))
    throw new ObservationError('The XML has a DOCTYPE or another declaration, which crm_mon never writes.', {
      kind: 'foreign',
      next: 'See what wrote it: it was not crm_mon.',
    });
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
  if (!root || roots.length > 1 || !xml.trimEnd().endsWith('>'))
    throw broken(`The XML has ${roots.length} roots or text around its root; it begins with ${startOf(xml)}.`);
  return root;
}
