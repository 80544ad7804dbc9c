import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drillsDocument } from './drill-record.ts';
import type { DrillsDocument } from './drill-record.ts';

/**
 * Writes a run's results as `drills.json` into the folder `outputDir`, which is made where it is missing. The file is
 * replaced in one step, so a reader never sees half of it. Returns its path. Throws if the document does not fit the
 * schema or the file cannot be written; the file that was there before then stays.
 */
export function writeDrillsFile(outputDir: string, document: DrillsDocument): string {
  const file = path.join(outputDir, 'drills.json');
  const draft = `${file}.${process.pid}.tmp`;
  const text = `${JSON.stringify(drillsDocument.parse(document), null, 2)}\n`;
  mkdirSync(outputDir, { recursive: true });
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return file;
}
