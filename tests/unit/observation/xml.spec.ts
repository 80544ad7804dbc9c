import { expect, test } from '@playwright/test';
import { ObservationError } from '../../../lab/errors.ts';
import { parseXml } from '../../../lab/observation/xml.ts';

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

for (const xml of [
  '<a b="&foo;"/>',
  '<a b="& "/>',
  '<a b="&#0;"/>',
  '<a b="&#xD800;"/>',
  '<a b="&#9999999;"/>',
  '<a b="x<y"/>',
  '<a b="1" b="2"/>',
  '<a b=1/>',
  '<a b/>',
  '<a>',
  '<a></b>',
  '<a/><b/>',
  '<a/>and more',
  '<a __proto__="1"/>',
  '<constructor/>',
  `${'<a>'.repeat(500)}${'</a>'.repeat(500)}`,
])
  test(`refuses ${xml.slice(0, 40)}`, () => {
    expect(() => parseXml(xml)).toThrow(ObservationError);
  });
