import { expect, test } from '@playwright/test';
import { ObservationError } from '../../../lab/errors.ts';
import {
  childrenOf,
  readCount,
  readDurationMs,
  readFlag,
  readInteger,
  readName,
  readOptionalText,
  readScore,
  readText,
  unreadable,
} from '../../../lab/observation/xml-attributes.ts';
import { parseXml, type XmlElement } from '../../../lab/observation/xml.ts';

type Reader = (element: XmlElement, name: string) => unknown;

const withValue = (value: string): XmlElement => parseXml(`<e v="${value}"/>`);

for (const [reader, good, bad] of [
  [readText, { '': '', x: 'x' }, []],
  [readOptionalText, { '': '', x: 'x' }, []],
  [readName, { x: 'x', ' ': ' ' }, ['']],
  [readFlag, { true: true, false: false }, ['', 'yes', 'True', '1', 'truefalse']],
  [
    readInteger,
    { 0: 0, 17: 17, '-1': -1, '007': 7, 999999999999999: 999999999999999 },
    ['', 'x', '1x', 'x1', '1.5', '+1', '1e3', '1000000000000000', '- 1'],
  ],
  [readCount, { 0: 0, 17: 17, '-0': -0 }, ['', 'x', '-1', '1x']],
  [
    readScore,
    {
      ...{ 0: 0, '-17': -17, 999999: 999999, 1000000: Infinity, 1000001: Infinity, '-999999': -999999 },
      ...{ '-1000000': -Infinity, INFINITY: Infinity, '+INFINITY': Infinity, '-INFINITY': -Infinity },
    },
    ['', 'infinity', 'xINFINITY', 'INFINITYx', '--INFINITY', '1x'],
  ],
  [
    readDurationMs,
    { '0ms': 0, '30000ms': 30_000, '2s': 2_000, '2min': 120_000, '2m': 120_000, '1h': 3_600_000 },
    ['', '30', 'ms', '30 ms', 'x30ms', '30msx', '30ms1', '30MS', '3d', '-1s', '1toString', '1.5s'],
  ],
] as const satisfies [Reader, Readonly<Record<string, unknown>>, readonly string[]][]) {
  for (const [written, value] of Object.entries(good))
    test(`${reader.name} reads "${written}"`, () => {
      expect(reader(withValue(written), 'v')).toBe(value);
    });

  for (const written of bad)
    test(`${reader.name} refuses "${written}", with element and value`, () => {
      expect(() => reader(withValue(written), 'v')).toThrow(ObservationError);
      expect(() => reader(withValue(written), 'v')).toThrow(`crm_mon's <e> has v="${written}", where `);
    });
}

for (const reader of [readText, readName, readFlag, readInteger, readCount, readScore, readDurationMs])
  test(`${reader.name} wants the attribute`, () => {
    expect(() => reader(withValue('1'), 'w')).toThrow('<e> lacks the attribute "w"');
  });

test('readOptionalText knows an attribute that is missing', () => {
  expect(readOptionalText(withValue('1'), 'w')).toBeNull();
});

test('an element is named by the first two attributes that tell which it is', () => {
  const said = (xml: string): string => unreadable(parseXml(xml), 'is odd').message;
  expect(said('<e/>')).toContain("crm_mon's <e> is odd.\nNext: ");
  expect(said('<e task="t" call="1" other="x"/>')).toContain('<e task="t" call="1">');
  expect(said('<e node="n" name="m" op_key="k" id="i"/>')).toContain('<e id="i" op_key="k">');
  expect(said('<e node="n" name="m"/>')).toContain('<e name="m" node="n">');
});

test('an odd element is told with what to do', () => {
  const { kind, message } = unreadable(parseXml('<e/>'), 'is odd');
  expect(kind).toBe('broken');
  expect(message).toMatch(/Next: Look at the raw sample\..* teach the reader about it\.$/);
});

test('children are those that are known, and blanks between them', () => {
  const element = parseXml('<e>\n <a/>\t<b/><a/>\n</e>');
  expect(childrenOf(element, 'a', 'b').map(({ name }) => name)).toEqual(['a', 'b', 'a']);
  expect(() => childrenOf(element, 'a')).toThrow('<e> holds an element <b>, which is not known here');
  expect(() => childrenOf(parseXml('<e/>'), 'a')).not.toThrow();
});

test('text between children is told, without the blanks around it and no more than there is room for', () => {
  expect(() => childrenOf(parseXml('<e>\n two words <a/></e>'), 'a')).toThrow('holds the text "two words", where none');
  const long = 'x'.repeat(100);
  expect(() => childrenOf(parseXml(`<e>${long}</e>`))).toThrow(`holds the text "${'x'.repeat(80)}", where none`);
});
