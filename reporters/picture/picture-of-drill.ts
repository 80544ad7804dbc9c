import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TestResult } from '@playwright/test/reporter';
import type { DrillRecord } from '../drill-record.ts';
import { drillPicture, drillPictureAttachment } from './drill-picture.ts';
import { drawPicture } from './draw-picture.ts';

/** The folder of the pictures, in that of the results. */
export const pictureFolder = 'timelines';

/** A picture that has been drawn: its file, relative to the folder of the results, and the text of what it was drawn from. */
export interface DrawnPicture {
  readonly file: string;
  readonly source: string;
}

const longestName = 60;

/** Names a picture after its drill, for people; what its id and repeat hash to keeps alike titles apart. */
export function pictureFile({ id, title, repeat }: Pick<DrillRecord, 'id' | 'title' | 'repeat'>): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longestName)
    .replaceAll(/^-+|-+$/g, '');
  const hash = createHash('sha256').update(`${id} ${repeat}`).digest('hex').slice(0, 8);
  return path.posix.join(pictureFolder, `${words === '' ? 'drill' : words}-${hash}.svg`);
}

/**
 * Draws the picture of a drill that has ended into the folder of the results. Returns null for one that attached none: it
 * has tried no fault. Throws where what it attached does not fit the schema, or the file can't be written.
 */
export async function pictureOfDrill(
  record: DrillRecord,
  result: TestResult,
  outputDir: string,
): Promise<DrawnPicture | null> {
  const attachment = result.attachments.findLast(({ name }) => name === drillPictureAttachment);
  if (attachment === undefined) return null;
  // The next drill is to be under way before this one is drawn.
  await setImmediate();
  const source = (attachment.body ?? readFileSync(attachment.path ?? '')).toString('utf8');
  const svg = await drawPicture(record, drillPicture.parse(JSON.parse(source)));
  const file = pictureFile(record);
  mkdirSync(path.join(outputDir, pictureFolder), { recursive: true });
  writeFileSync(path.join(outputDir, file), svg);
  return { file, source };
}
