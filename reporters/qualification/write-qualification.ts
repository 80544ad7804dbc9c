import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { replaceFile } from '../drills-file.ts';
import { qualificationText } from './markdown.ts';
import { qualificationPage } from './page.ts';
import { qualificationDocument, type Qualification } from './qualification.ts';

/** The documents of a qualification, in the folder of the results. */
export const qualificationFiles = {
  json: 'qualification.json',
  markdown: 'qualification.md',
  page: 'qualification.html',
} as const;

/**
 * Writes a qualification as JSON, Markdown and HTML into the folder of the results, and appends the Markdown to the file that
 * `jobSummary` names (GitHub shows it on the job's page), if it names any. Throws if the document does not fit the schema
 * or a file can't be written.
 */
export async function writeQualification(
  folder: string,
  qualification: Qualification,
  jobSummary: string | undefined,
): Promise<void> {
  const text = qualificationText(qualification);
  const json = `${JSON.stringify(qualificationDocument.parse(qualification), null, 2)}\n`;
  replaceFile(path.join(folder, qualificationFiles.json), json);
  replaceFile(path.join(folder, qualificationFiles.markdown), text);
  replaceFile(path.join(folder, qualificationFiles.page), await qualificationPage(qualification));
  if (jobSummary !== undefined && jobSummary !== '') appendFileSync(jobSummary, text);
}
