import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drillPictureAttachment } from '../picture/drill-picture.ts';
import type { DrawnPicture } from '../picture/picture-of-drill.ts';
import { takeOut, type Stage } from './take-out.ts';

/**
 * Puts the pictures into Allure's results: each in place of what it was drawn from, as the first of what the drill did, where
 * a report shows it above the steps. What no picture was drawn from stays as it is.
 *
 * @param allureResults Allure's folder of results; nothing is done where it is missing
 * @param outputDir the folder that the pictures' files are relative to
 */
export function placeInAllure(allureResults: string, outputDir: string, pictures: readonly DrawnPicture[]): void {
  if (pictures.length === 0 || !existsSync(allureResults)) return;
  const files = new Map(pictures.map(({ source, file }) => [source, path.join(outputDir, file)]));
  for (const name of readdirSync(allureResults).filter((each) => each.endsWith('-result.json'))) {
    const resultFile = path.join(allureResults, name);
    const result = JSON.parse(readFileSync(resultFile, 'utf8')) as Stage & { start?: number };
    const taken = takeOut(result, drillPictureAttachment).flatMap(({ source }) => {
      const drawn = files.get(readFileSync(path.join(allureResults, source), 'utf8'));
      return drawn === undefined ? [] : [{ source, drawn }];
    });
    if (taken.length === 0) continue;
    const pictureSteps = taken.map(({ source, drawn }) => {
      const svg = `${path.parse(source).name}.svg`;
      copyFileSync(drawn, path.join(allureResults, svg));
      rmSync(path.join(allureResults, source));
      const attachments = [{ name: drillPictureAttachment, type: 'image/svg+xml', source: svg }];
      const { start } = result;
      // A step of no status that only attaches is shown as what it attaches.
      return { name: drillPictureAttachment, stage: 'finished', start, stop: start, attachments, steps: [] };
    });
    result.steps = [...pictureSteps, ...(result.steps ?? [])];
    writeFileSync(resultFile, JSON.stringify(result));
  }
}
