import assert from 'node:assert/strict';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { ObservationError } from '../../../lab/errors.ts';
import { decodeUtf8 } from '../../../lab/observation/decode-utf8.ts';
import { readCrmMon } from '../../../lab/observation/read-crm-mon.ts';
import { parseXml } from '../../../lab/observation/xml.ts';
import { recordedXml, releases, type SampleName } from '../observation/recorded.ts';
import { anyPlace, damageAll, damages, flips, placeIn } from './damage.ts';
import { drawnCluster } from './drawn-cluster.ts';
import { holds } from './holds.ts';
import { outcomeOf } from './read-outcome.ts';
import { parseWithLibxml2, plainElement } from './reference-parser.ts';
import { saidBy, without } from './said-by.ts';
import { writeStatus } from './write-status.ts';
import { ownerAt, writeXml } from './xml-tree.ts';

const sampleNames: readonly SampleName[] = ['group-maint-offline', 'guest-probe-notinstalled'];
const release = fc.constantFrom(...releases).map(({ apiVersion }) => apiVersion);
const written = fc.record({ cluster: drawnCluster, api: release }).map(({ cluster, api }) => {
  // A failure that one flipped bit makes a probe of something not installed, or the other way round, comes or goes.
  const failures = cluster.failures.filter(({ task, intervalMs }) => task !== 'monitor' || intervalMs > 0);
  return writeStatus({ ...cluster, failures }, api);
});
const read = (bytes: Buffer) => outcomeOf(() => readCrmMon(decodeUtf8(bytes)));

const recorded = fc
  .constantFrom(...releases)
  .chain(({ suite }) => fc.constantFrom(...sampleNames).map((sample) => Buffer.from(recordedXml(suite, sample))));
const drawn = written.map((tree) => Buffer.from(writeXml(tree).text));

test('no beginning of a status passes for the whole of it', () => {
  holds(
    fc.property(fc.oneof(recorded, drawn), fc.array(anyPlace, { minLength: 1, maxLength: 20 }), (bytes, places) => {
      const whole = bytes.subarray(0, bytes.lastIndexOf('>') + 1);
      for (const at of places) {
        const beginning = whole.subarray(0, placeIn(whole, at));
        assert.ok(
          read(beginning) instanceof ObservationError,
          `${beginning.length} of ${whole.length} bytes were read`,
        );
      }
    }),
  );
});

test('flipped bits give an error or what they say, and nothing that they do not speak of', () => {
  holds(
    fc.property(written, flips, (tree, flips) => {
      const xml = writeXml(tree);
      const bytes = Buffer.from(xml.text);
      const status = read(damageAll(bytes, flips));
      if (status instanceof ObservationError) return;
      const said = saidBy(tree);
      const parts = flips.flatMap(({ at }) => {
        const owner = ownerAt(xml, placeIn(bytes, at));
        return owner ? (said.get(owner) ?? []) : [];
      });
      assert.deepStrictEqual(without(status, parts), without(readCrmMon(xml.text), parts));
    }),
  );
});

test('whatever is done to its bytes, a document is to our parser what it is to libxml2, or an error', () => {
  holds(
    fc.property(written, damages, (tree, damages) => {
      const bytes = damageAll(Buffer.from(writeXml(tree).text), damages);
      const ours = outcomeOf(() => parseXml(decodeUtf8(bytes)));
      if (ours instanceof ObservationError) return;
      const reference = parseWithLibxml2(bytes);
      if (reference !== undefined) assert.deepStrictEqual(plainElement(ours), reference);
    }),
  );
});

const numbersIn = (value: unknown): readonly number[] => {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
};
const isWhole = (number: number): boolean => Number.isSafeInteger(number) || Math.abs(number) === Infinity;

test('whatever is done to its bytes, a status reads as a status or is a typed error that says what next', () => {
  holds(
    fc.property(fc.oneof(recorded, drawn), damages, (bytes, damages) => {
      const outcome = read(damageAll(bytes, damages));
      if (outcome instanceof ObservationError) assert.match(outcome.message, /\nNext: /);
      else for (const number of numbersIn(outcome)) assert.ok(isWhole(number), `${number} is no number to read`);
    }),
  );
});

test('what is no status at all is a typed error', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('<', '>', '<a>', '</a>', '<!--', '&', '"', ' b='),
    ),
  );
  holds(
    fc.property(
      fc.oneof(
        pieces.map((all) => all.join('')),
        fc.uint8Array(),
      ),
      (given) => {
        const outcome = read(Buffer.from(given));
        assert.ok(outcome instanceof ObservationError);
      },
    ),
  );
});
