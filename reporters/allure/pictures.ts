import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drillPictureAttachment } from '../picture/drill-picture.ts';
import type { DrawnPicture } from '../picture/picture-of-drill.ts';

interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly source: string;
}

/** The part of Allure's result of a test, or of a step in it, that matters here. */
interface Stage {
  attachments?: Attachment[];
  steps?: (Stage & { name?: string })[];
}

const isPicture = ({ name }: Pick<Attachment, 'name'>): boolean => name === drillPictureAttachment;

/** Takes what pictures are drawn from out of a result, with the steps that did nothing but attach it, and returns it. */
function takePictures(stage: Stage): readonly Attachment[] {
  const own = (stage.attachments ?? []).filter(isPicture);
  if (stage.attachments) stage.attachments = stage.attachments.filter((each) => !isPicture(each));
  const below = (stage.steps ?? []).flatMap(takePictures);
  if (stage.steps) stage.steps = stage.steps.filter(({ name }) => name !== drillPictureAttachment);
  return [...own, ...below];
}

/**
 * Puts the pictures into Allure's results: each in place of what it was drawn from, as an attachment of the test itself,
 * where a report shows it beside the steps. What no picture was drawn from stays as it is.
 *
 * @param allureResults Allure's folder of results; nothing is done where it is missing
 * @param outputDir the folder that the pictures' files are relative to
 */
export function placeInAllure(allureResults: string, outputDir: string, pictures: readonly DrawnPicture[]): void {
  if (pictures.length === 0 || !existsSync(allureResults)) return;
  const files = new Map(pictures.map(({ source, file }) => [source, path.join(outputDir, file)]));
  for (const name of readdirSync(allureResults).filter((each) => each.endsWith('-result.json'))) {
    const resultFile = path.join(allureResults, name);
    const result = JSON.parse(readFileSync(resultFile, 'utf8')) as Stage;
    const taken = takePictures(result).flatMap(({ source }) => {
      const drawn = files.get(readFileSync(path.join(allureResults, source), 'utf8'));
      return drawn === undefined ? [] : [{ source, drawn }];
    });
    if (taken.length === 0) continue;
    const attachments = taken.map(({ source, drawn }) => {
      const svg = `${path.parse(source).name}.svg`;
      copyFileSync(drawn, path.join(allureResults, svg));
      rmSync(path.join(allureResults, source));
      return { name: drillPictureAttachment, type: 'image/svg+xml', source: svg };
    });
    result.attachments = [...attachments, ...(result.attachments ?? [])];
    writeFileSync(resultFile, JSON.stringify(result));
  }
}
