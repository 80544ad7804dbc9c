import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { recordedXml, releases } from '../observation/recorded.ts';
import { drawnCluster } from './drawn-cluster.ts';
import { expectedStatus } from './expected-status.ts';
import { holds } from './holds.ts';
import { recordedClusters } from './recorded-clusters.ts';
import { writeStatus } from './write-status.ts';
import { writeXml, type Hand, type XmlTree } from './xml-tree.ts';

for (const { suite, pacemaker, apiVersion } of releases)
  for (const [sample, cluster] of Object.entries(recordedClusters))
    test(`the writer of these tests writes ${sample} as Pacemaker ${pacemaker} does, byte for byte`, () => {
      const request = `crm_mon -1 --output-as=xml --xml-file exp/${sample}.xml`;
      const recorded = recordedXml(suite, sample as keyof typeof recordedClusters);
      expect(writeXml(writeStatus(cluster, apiVersion, request)).text).toBe(recorded);
    });

const release = fc.constantFrom(...releases).map(({ apiVersion }) => apiVersion);
const hand: fc.Arbitrary<Hand> = fc.record({
  quote: fc.constantFrom('"' as const, "'" as const),
  nonAscii: fc.constantFrom('as it is' as const, 'decimal' as const, 'hexadecimal' as const),
  indent: fc.constantFrom('', '  ', '\t'),
});

test('any cluster reads as what it is, whichever release wrote it and however its XML is put', () => {
  holds(
    fc.property(drawnCluster, release, hand, (cluster, api, hand) => {
      const { text } = writeXml(writeStatus(cluster, api), hand);
      assert.deepStrictEqual(readCrmMon(text), expectedStatus(cluster, api));
    }),
  );
});

/** The items in an order that the keys tell, of which there are as many or more. */
const shuffled = <Item>(items: readonly Item[], keys: readonly number[], offset: number): readonly Item[] =>
  items
    .map((item, at) => ({ item, key: keys[(at + offset) % keys.length] ?? 0 }))
    .sort((one, other) => one.key - other.key)
    .map(({ item }) => item);

/** Whose children are told apart by their names, so that their order says nothing. */
const unordered = ['pacemaker-result', 'summary'];

const reordered = (tree: XmlTree, keys: readonly number[], offset = 0): XmlTree => ({
  ...tree,
  attributes: shuffled(tree.attributes, keys, offset),
  children: (unordered.includes(tree.name) ? shuffled(tree.children, keys, offset) : tree.children).map((child, at) =>
    reordered(child, keys, offset + at + 1),
  ),
});

test('the order of attributes and of sections changes nothing', () => {
  const keys = fc.array(fc.nat(1_000), { minLength: 30, maxLength: 60 });
  holds(
    fc.property(drawnCluster, release, keys, (cluster, api, keys) => {
      const { text } = writeXml(reordered(writeStatus(cluster, api), keys));
      assert.deepStrictEqual(readCrmMon(text), expectedStatus(cluster, api));
    }),
  );
});

const withNews = (tree: XmlTree): XmlTree => ({
  ...tree,
  attributes: [...tree.attributes, ['news', 'to come']],
  children: tree.children.map(withNews),
});

test('an attribute or a section that a later release may add changes nothing', () => {
  holds(
    fc.property(drawnCluster, release, (cluster, api) => {
      const root = withNews(writeStatus(cluster, api));
      const news = { name: 'news', attributes: [], children: root.children };
      const { text } = writeXml({ ...root, children: [...root.children, news] });
      assert.deepStrictEqual(readCrmMon(text), expectedStatus(cluster, api));
    }),
  );
});
