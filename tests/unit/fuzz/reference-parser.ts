import { XmlDocument, XmlElement as LibxmlElement, XmlParseError, type XmlTreeNode } from 'libxml2-wasm';
import type { XmlElement } from '../../../lab/observation/xml.ts';

/** An element, as both parsers have it: names with their prefixes, attributes in the order of their names. */
export interface PlainElement {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly PlainElement[];
}

const named = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}:${name}`);

/** Without a byte order mark at a value's beginning, which libxml2-wasm takes for none of the value's. */
const byName = (attributes: Iterable<readonly [string, string]>): PlainElement['attributes'] =>
  [...attributes]
    .map(([name, value]) => [name, value.replace(/^\ufeff/, '')] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));

const plainChildren = (element: LibxmlElement): PlainElement[] => {
  const children: PlainElement[] = [];
  for (let child: XmlTreeNode | null = element.firstChild; child; child = child.next)
    if (child instanceof LibxmlElement) children.push(plain(child));
  return children;
};

const plain = (element: LibxmlElement): PlainElement => ({
  name: named(element.prefix, element.name),
  attributes: byName(element.attrs.map(({ prefix, name, value }) => [named(prefix, name), value] as const)),
  children: plainChildren(element),
});

/**
 * Parses a document as Pacemaker's own XML library does.
 *
 * @returns the root; null if this is no XML; undefined if its namespaces are all that is wrong, of which the suite's
 *   parser knows nothing
 */
export function parseWithLibxml2(bytes: Uint8Array): PlainElement | null | undefined {
  try {
    using document = XmlDocument.fromBuffer(bytes);
    return plain(document.root);
  } catch (error) {
    if (error instanceof XmlParseError) return /namespace|xmlns|QName/i.test(error.message) ? undefined : null;
    throw error;
  }
}

/** The same of what the suite's parser gives. */
export const plainElement = ({ name, attributes, children }: XmlElement): PlainElement => ({
  name,
  attributes: byName(attributes),
  children: children.map(plainElement),
});
