import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drillsDocument } from './drill-record.ts';
import type { DrillsDocument } from './drill-record.ts';

/**
 * Writes a file, in a folder that is made where it is missing, in one step, so that a reader never sees half of it. Throws if it
 * cannot be written; the file that was there before then stays.
 */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Writes a run's results as `drills.json` into the folder `outputDir`, as {@link replaceFile} does. Returns its path. Throws
 * also if the document does not fit the schema.
 */
export function writeDrillsFile(outputDir: string, document: DrillsDocument): string {
  const file = path.join(outputDir, 'drills.json');
  replaceFile(file, `${JSON.stringify(drillsDocument.parse(document), null, 2)}\n`);
  return file;
}
