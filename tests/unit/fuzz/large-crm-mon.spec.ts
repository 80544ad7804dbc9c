import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { ObservationError } from '../../../lab/errors.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { expectedStatus } from './expected-status.ts';
import { largeCluster } from './large-cluster.ts';
import { growthOf, mostGrowth } from './processor-time.ts';
import { outcomeOf } from './read-outcome.ts';
import { writeStatus } from './write-status.ts';
import { writeXml } from './xml-tree.ts';

const written = (nodes: number): string => writeXml(writeStatus(largeCluster(nodes), '2.38')).text;

test('1,000 nodes and 10,000 resources read as what they are, in time that grows with their number', () => {
  const [small, large] = [written(100), written(1_000)];
  assert.deepStrictEqual(readCrmMon(large), expectedStatus(largeCluster(1_000), '2.38'));
  const growth = growthOf(
    () => readCrmMon(small),
    () => readCrmMon(large),
  );
  expect(growth).toBeLessThan(mostGrowth);
});

// Half of either is enough.
for (const { nodes, heapMiB } of [
  { nodes: 100, heapMiB: 32 },
  { nodes: 1_000, heapMiB: 128 },
])
  test(`${nodes} nodes and ${nodes * 10} resources are read with ${heapMiB} MiB of memory`, async () => {
    const script = fileURLToPath(new URL('./read-large.ts', import.meta.url));
    const limit = `--max-old-space-size=${heapMiB}`;
    const { stdout } = await execa(process.execPath, [limit, '--import', 'tsx', script, String(nodes)]);
    expect(stdout).toBe(`${nodes} nodes, ${nodes * 10} resources`);
  });

const start = '<pacemaker-result api-version="2.38" request="crm_mon -1">';
for (const [what, before, piece, after] of [
  ['open tags', '', '<', ''],
  ['elements in each other', '', '<a>', ''],
  ['end tags', start, '</a>', ''],
  ['elements beside each other', start, '<a/>', '</pacemaker-result>'],
  ['open comments', start, '<!--', ''],
  ['comments', start, '<!---->', '</pacemaker-result>'],
  ['comments at the end', `${start}</pacemaker-result>x`, '<!---->', ''],
  ['open sections of text', start, '<![CDATA[', ''],
  ['instructions', start, '<?', ''],
  ['quotes', '<a ', '"', ''],
  ['both kinds of quotes', '<a ', '"\'\u00a0', ''],
  ['open values', '<a ', 'b="', ''],
  ['attributes', '<a ', 'b="" ', '/>'],
  ['ampersands', '<a b="', '&', '"/>'],
  ['references', '<a b="', '&#', '"/>'],
  ['good references', '<a b="', '&amp;', '"/>'],
  ['blanks', '<a', ' ', '/>'],
  ['blanks that are none', '<a b="', '\u00a0', '"/>'],
  ['blanks before the root', '', ' ', '<a/>'],
  ['blanks after the root', '<a/>', ' ', ''],
  ['line ends', '<a', '\n', ''],
  ['letters', '<a>', 'x', '</a>'],
  ['brackets', '<a>', ']]>', '</a>'],
  ['letters of a name', '<', 'a', '/>'],
  ['underscores of a key', `${start}<failures><failure node="h" op_key="`, 'a_', '"/></failures></pacemaker-result>'],
  ['laughs', '<!DOCTYPE a [<!ENTITY b "ha">]><a>', '&b;', '</a>'],
] satisfies [string, string, string, string][])
  test(`very many ${what} take time that grows with their number, and give what one gives`, () => {
    const read = (length: number) => {
      const xml = before + piece.repeat(length / piece.length) + after;
      return outcomeOf(() => readCrmMon(xml));
    };
    const growth = growthOf(
      () => read(30_000),
      () => read(300_000),
    );
    expect(growth).toBeLessThan(mostGrowth);
    expect(read(300)).toBeInstanceOf(ObservationError);
  });
