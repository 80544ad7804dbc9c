import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly source: string;
}

/** The part of Allure's result of a test, or of a step in it, that matters here. */
export interface Stage {
  attachments?: Attachment[];
  steps?: (Stage & { name?: string })[];
}

/** Takes the attachments of that name out of a result, with the steps that did nothing but attach one, and returns them. */
export function takeOut(stage: Stage, attachment: string): readonly Attachment[] {
  const own = (stage.attachments ?? []).filter(({ name }) => name === attachment);
  if (stage.attachments) stage.attachments = stage.attachments.filter(({ name }) => name !== attachment);
  const below = (stage.steps ?? []).flatMap((step) => takeOut(step, attachment));
  if (stage.steps) stage.steps = stage.steps.filter(({ name }) => name !== attachment);
  return [...own, ...below];
}

/** Removes the attachments of that name from Allure's results; nothing is done where the folder is missing. */
export function removeFromAllure(allureResults: string, attachment: string): void {
  if (!existsSync(allureResults)) return;
  for (const name of readdirSync(allureResults).filter((each) => each.endsWith('-result.json'))) {
    const resultFile = path.join(allureResults, name);
    const result = JSON.parse(readFileSync(resultFile, 'utf8')) as Stage;
    const taken = takeOut(result, attachment);
    for (const { source } of taken) rmSync(path.join(allureResults, source), { force: true });
    if (taken.length > 0) writeFileSync(resultFile, JSON.stringify(result));
  }
}
