import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { drillRecord } from '../reporters/drill-record.ts';
import { drillPicture } from '../reporters/picture/drill-picture.ts';
import { drawPicture } from '../reporters/picture/draw-picture.ts';

/** The committed picture of a recorded drill, for the documentation. */
export const timelineFile = path.join(import.meta.dirname, 'timeline.svg');

const recording = path.resolve(import.meta.dirname, '../tests/recorded/picture-lxc2-pacemaker-3.0.0.json');

/** Returns the text of that file as it has to be. */
export async function timelineText(): Promise<string> {
  const { record, picture } = z
    .object({ record: drillRecord, picture: drillPicture })
    .parse(JSON.parse(readFileSync(recording, 'utf8')));
  return drawPicture(record, picture);
}
