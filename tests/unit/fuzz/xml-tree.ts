/** An element that a test writes. */
export interface XmlTree {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlTree[];
}

type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Makes an element; an attribute that is null or undefined is left out. */
export const element = (name: string, attributes: Values = {}, children: readonly XmlTree[] = []): XmlTree => ({
  name,
  attributes: Object.entries(attributes).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [[key, String(value)] as const],
  ),
  children,
});

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** How the same document may be written otherwise. */
export interface Hand {
  readonly quote: '"' | "'";
  /** Whether what is not ASCII is written by its number, as libxml2 does where it is told no encoding. */
  readonly nonAscii: 'as it is' | 'decimal' | 'hexadecimal';
  readonly indent: string;
}

/** As libxml2 writes for crm_mon. */
export const libxml2Hand: Hand = { quote: '"', nonAscii: 'as it is', indent: '  ' };

const escapeValue = (value: string, { quote, nonAscii }: Hand): string => {
  const escaped = value.replace(/[&<>"\n\r\t]/g, (character) => references[character] ?? character);
  const quoted = quote === "'" ? escaped.replaceAll("'", '&apos;') : escaped;
  if (nonAscii === 'as it is') return quoted;
  return quoted.replace(/[^\0-\x7f]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return nonAscii === 'decimal' ? `&#${point};` : `&#x${point.toString(16)};`;
  });
};

/** A document and which element each stretch of its bytes belongs to. */
export interface WrittenXml {
  readonly text: string;
  /** In the order of the document: whose the bytes are from there on, null for what is between tags. */
  readonly owners: readonly { readonly from: number; readonly owner: XmlTree | null }[];
}

/** Writes a document. */
export function writeXml(root: XmlTree, hand: Hand = libxml2Hand): WrittenXml {
  const pieces: string[] = [];
  const owners: { from: number; owner: XmlTree | null }[] = [];
  let bytes = 0;
  const write = (text: string, owner: XmlTree | null): void => {
    owners.push({ from: bytes, owner });
    pieces.push(text);
    bytes += Buffer.byteLength(text);
  };
  const visit = (tree: XmlTree, depth: number): void => {
    const attributes = tree.attributes.map(
      ([name, value]) => ` ${name}=${hand.quote}${escapeValue(value, hand)}${hand.quote}`,
    );
    const start = `<${tree.name}${attributes.join('')}`;
    write(hand.indent.repeat(depth), null);
    write(tree.children.length === 0 ? `${start}/>` : `${start}>`, tree);
    write('\n', null);
    if (tree.children.length === 0) return;
    for (const child of tree.children) visit(child, depth + 1);
    write(hand.indent.repeat(depth), null);
    write(`</${tree.name}>`, tree);
    write('\n', null);
  };
  visit(root, 0);
  return { text: pieces.join(''), owners };
}

/** The element to which a byte of the document belongs, or null. */
export const ownerAt = ({ owners }: WrittenXml, byte: number): XmlTree | null =>
  owners.findLast(({ from }) => from <= byte)?.owner ?? null;
