import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { TestResult } from '@playwright/test/reporter';
import { extract, pack } from 'tar-stream';
import type { DrillRecord } from './drill-record.ts';

/** The folder of the drills' evidence, in that of the results. */
export const evidenceFolder = 'evidence';

/** The name under which a drill of a shard attaches its evidence, so that it is in the blob. */
export const evidenceAttachment = 'evidence';
/** The type of what is attached: a tar. */
export const evidenceType = 'application/gzip';

/** Packs files, by their names in the folder of one drill's evidence. */
export async function packEvidence(files: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  return gzipSync(await buffer(tar));
}

/**
 * Unpacks the evidence that a drill of a shard attached to where its record names it. Does nothing for one that attached
 * none. Throws an Error where a name in it leads elsewhere, or a file can't be written.
 *
 * @param outputDir the folder of the results
 */
export async function unpackEvidence(record: DrillRecord, result: TestResult, outputDir: string): Promise<void> {
  const packed = result.attachments.find(({ name }) => name === evidenceAttachment)?.body;
  if (packed === undefined || record.evidence === null) return;
  const all = path.resolve(outputDir, evidenceFolder);
  const folder = path.resolve(outputDir, record.evidence);
  const within = (file: string, place: string): string => {
    if (file.startsWith(`${place}${path.sep}`)) return file;
    throw new Error(`${file} is not below ${place}`);
  };
  rmSync(within(folder, all), { recursive: true, force: true });
  const tar = extract();
  tar.end(gunzipSync(packed));
  for await (const entry of tar) {
    const file = within(path.resolve(folder, entry.header.name), folder);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, await buffer(entry));
  }
}

/**
 * Removes the evidence that none of the drills left: an earlier run did. For results that are merged where one of the
 * shards ran, and has left its own.
 *
 * @param outputDir the folder of the results
 */
export function removeOtherEvidence(outputDir: string, drills: readonly DrillRecord[]): void {
  const folder = path.join(outputDir, evidenceFolder);
  if (!existsSync(folder)) return;
  const named = new Set(drills.map(({ evidence }) => evidence));
  for (const name of readdirSync(folder))
    if (!named.has(path.posix.join(evidenceFolder, name)))
      rmSync(path.join(folder, name), { recursive: true, force: true });
}
