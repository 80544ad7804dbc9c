import path from 'node:path';
import { drillsDocument } from './drill-record.ts';
import { schemaText } from './schema-text.ts';

/** The committed JSON Schema of `results/drills.json`. */
export const drillsSchemaFile = path.join(import.meta.dirname, 'drills.schema.json');

/** Returns the text of that file as it has to be: the JSON Schema of {@link drillsDocument}. */
export const drillsSchemaText = (): Promise<string> =>
  schemaText(drillsSchemaFile, 'Results of a run of drills (results/drills.json)', drillsDocument);
