import { expect, test } from '@playwright/test';
import type { ObservationError } from '../../../lab/errors.ts';
import { parseXml } from '../../../lab/observation/xml.ts';
import { outcomeOf } from '../fuzz/read-outcome.ts';

test('keeps the order of elements, the blanks of attributes and the text', () => {
  const root = parseXml('<?xml version="1.0"?>\n<a b=" x "><c/>one<!-- no --><d e="1"/><c/><![CDATA[<2>]]></a>\n');
  expect(root.name).toBe('a');
  expect(root.attributes.get('b')).toBe(' x ');
  expect(root.children.map(({ name }) => name)).toEqual(['c', 'd', 'c']);
  expect(root.text).toContain('one');
});

test("resolves XML's own five entities and numbered characters, once", () => {
  const root = parseXml('<a b="&lt;&gt;&amp;&quot;&apos;&#10;&#x41;&amp;apos;"/>');
  expect(root.attributes.get('b')).toBe('<>&"\'\nA&apos;');
});

test('reads a blank in an attribute as a space, as XML has it, and a numbered one as itself', () => {
  const root = parseXml('<a b="1\t2\n3\r\n4&#9;5&#10;6"/>');
  expect(root.attributes.get('b')).toBe('1 2 3 4\t5\n6');
});

test('takes a section of text as it stands, references and all', () => {
  expect(parseXml('<a>&lt;<![CDATA[&lt; &foo; <b>]]></a>').text).toBe('<&lt; &foo; <b>');
});

test('gives elements and attributes their own names, whatever every object has', () => {
  const root = parseXml('<toString hasOwnProperty="1"><valueOf/></toString>');
  expect([root.name, ...root.attributes.keys(), root.children[0]?.name]).toEqual([
    'toString',
    'hasOwnProperty',
    'valueOf',
  ]);
});

for (const xml of [
  '\ufeff<a/>',
  '\ufeff<?xml version="1.0"?><a/>',
  '<?xml version="1.0"?>\n<a/>',
  "<?xml version='1.1' encoding='utf-8'?><a/>",
  '<?xml version="1.0" encoding="US-ASCII" standalone="yes"?><a/>',
  '<?xml version="1.0" standalone="no" ?><a/>',
  ' \n<a/>\n ',
  '<!-- b --><a/>',
  '<a/><!-- b -->\n<!----><!-- c - d -->\n',
  '<a><!-- <b> & "c" --></a>',
  '<a ></a >',
])
  test(`reads ${JSON.stringify(xml)} as one empty element`, () => {
    expect(parseXml(xml)).toMatchObject({ name: 'a', attributes: new Map(), children: [] });
  });

for (const [xml, value] of [
  [`<a b='"&apos;"'/>`, `"'"`],
  ['<a b="x>y/>"/>', 'x>y/>'],
  ['<a b="\u00a0 \ufeff\u2028"/>', '\u00a0 \ufeff\u2028'],
  [`<a b='\u00a0"'/>`, '\u00a0"'],
  ['<a b="&#x10FFFF;&#65533;&#xE000;&#xd7ff;&#32;"/>', '\u{10ffff}\ufffd\ue000\ud7ff '],
  ['<a\n\tb = "1"\r\n/>', '1'],
  ['<a b=""/>', ''],
] as const)
  test(`reads the attribute of ${JSON.stringify(xml)}`, () => {
    expect([...parseXml(xml).attributes]).toEqual([['b', value]]);
  });

test('reads an element in an element as deep as there is need, and text with blanks that only look like it', () => {
  expect(parseXml(`${'<a>'.repeat(50)}${'</a>'.repeat(50)}`).children).toHaveLength(1);
  expect(parseXml('<a>it\u00a0is<b/>\u2028</a>').text).toBe('it\u00a0is\u2028');
});

const cut = 'x'.repeat(120);
for (const [xml, kind, said] of [
  ['', 'broken', 'There is no XML at all: the document is empty.'],
  [' \n', 'broken', 'There is no XML at all: the document is empty.'],
  ['x<a/>', 'foreign', 'This is no XML: it begins with "x<a/>".'],
  [`${cut}x<a/>`, 'foreign', `it begins with "${cut}…".`],
  [cut, 'foreign', `it begins with "${cut}".`],
  ['<!DOCTYPE a><a/>', 'foreign', 'The XML has a DOCTYPE or another declaration'],
  ['<a><!ENTITY b "c"></a>', 'foreign', 'The XML has a DOCTYPE or another declaration'],
  ['<a><![INCLUDE[]]></a>', 'foreign', 'The XML has a DOCTYPE or another declaration'],
  ['<a b="&foo;"/>', 'broken', `The XML has the reference "&foo;", which is none of XML's own, in "&foo;".`],
  ['<a b="& "/>', 'broken', 'the reference "&"'],
  ['<a b="&#0;"/>', 'broken', 'the reference "&#0;"'],
  ['<a b="&#xD800;"/>', 'broken', 'the reference "&#xD800;"'],
  ['<a b="&#1114112;"/>', 'broken', 'the reference "&#1114112;"'],
  ['<a b="&#9999999;"/>', 'broken', 'the reference "&#9999999;"'],
  ['<a b="&#1;"/>', 'broken', 'the reference "&#1;"'],
  ['<a b="&#xfffe;"/>', 'broken', 'the reference "&#xfffe;"'],
  ['<a b="&x#65;"/>', 'broken', 'the reference "&x#65;"'],
  ['<a b="&#65x;"/>', 'broken', 'the reference "&#65x;"'],
  ['<a b="&toString;"/>', 'broken', 'the reference "&toString;"'],
  ['<a>&nbsp;</a>', 'broken', 'the reference "&nbsp;"'],
  ['<a b="x<y"/>', 'broken', 'The XML has a malformed attribute "b" in an element <a>.'],
  ['<a b="\u0001"/>', 'broken', 'a character that no XML may have, U+0001; it begins with "<a b='],
  ['<a b="\ufffe"/>', 'broken', 'a character that no XML may have, U+FFFE;'],
  ['<a b="\ud800"/>', 'broken', 'a character that no XML may have, U+D800;'],
  ['<a>\0</a>', 'broken', 'a character that no XML may have, U+0000;'],
  ['<a b="1" b="2"/>', 'broken', "The XML is malformed at line 1: Attribute 'b' is repeated. It begins with \"<a b="],
  ['<a b=1/>', 'broken', 'The XML is malformed at line 1: '],
  ['<a b/>', 'broken', 'The XML is malformed at line 1: '],
  ['<a>\n\n<b></c></a>', 'broken', 'The XML is malformed at line 3: '],
  ['<a>', 'broken', "Unclosed tag 'a'"],
  ['<a></b>', 'broken', "Expected closing tag 'a'"],
  ['<a/><b/>', 'broken', 'The XML has 2 roots or text around its root; it begins with "<a/><b/>".'],
  ['<!-- a -->', 'broken', 'Start tag expected'],
  ['<a/>and more', 'broken', 'text around its root'],
  ['<a/>and more<!-- b -->', 'broken', 'text around its root'],
  ['<a/>and more<!-- b --> <!-- c -->', 'broken', 'text around its root'],
  ['<a/><![CDATA[b]]>', 'broken', 'text around its root'],
  ['<name></name/>', 'broken', 'The XML has the malformed end tag "</name/>".'],
  ['<a></a/>', 'broken', 'The XML has the malformed end tag "</a/>".'],
  ['<a b\ufeffc="1"/>', 'broken', 'The XML has a character in a tag that only looks like a blank: "<a b\ufeffc='],
  ["<a b='1'\u00a0c='2'/>", 'broken', 'that only looks like a blank'],
  ['<a b="1"><c\u2028/></a>', 'broken', 'that only looks like a blank'],
  ['<a>b]]>c</a>', 'broken', 'The XML has "]]>" in the text "b]]>c".'],
  ['<a><!-- b -- c --></a>', 'broken', 'The XML has a malformed comment, "<!-- b -- ".'],
  ['<a><!-- b --><!-- c ---></a>', 'broken', 'The XML has a malformed comment, "<!-- c ---".'],
  ['<a><!-- b </a>', 'broken', 'The XML is malformed'],
  [
    '<a><?b?></a>',
    'foreign',
    'The XML has a processing instruction, or says that it is in another encoding than UTF-8.',
  ],
  ['<?xml version="1.0"?><?xml version="1.0"?><a/>', 'foreign', 'The XML has a processing instruction'],
  ['<?xml?><a/>', 'foreign', 'The XML has a processing instruction'],
  ['<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'foreign', 'another encoding than UTF-8'],
  ['<?xml version="1.0" encoding="UTF-16"?><a/>', 'foreign', 'another encoding than UTF-8'],
  ['<?xml version="1.0" encoding="not-utf-8"?><a/>', 'foreign', 'another encoding than UTF-8'],
  ['<a __proto__="1"/>', 'broken', 'The XML cannot be parsed; it begins with "<a __proto__='],
  ['<constructor/>', 'broken', 'The XML cannot be parsed'],
  [`${'<a>'.repeat(500)}${'</a>'.repeat(500)}`, 'broken', 'The XML cannot be parsed'],
] as const)
  test(`refuses ${JSON.stringify(xml.slice(0, 60))} (${xml.length})`, () => {
    const refusal = outcomeOf(() => parseXml(xml));
    expect(refusal).toMatchObject({ name: 'ObservationError', kind });
    expect(refusal).toHaveProperty('message', expect.stringContaining(said));
    expect(refusal).toHaveProperty(
      'message',
      expect.stringMatching(/\nNext: (?:Look at the raw sample|See what wrote)/),
    );
  });

test('keeps what the parser itself says as the cause', () => {
  const { cause } = outcomeOf(() => parseXml('<constructor/>')) as ObservationError;
  expect(cause).toBeInstanceOf(Error);
});
