import path from 'node:path';
import { schemaText } from '../schema-text.ts';
import { qualificationDocument } from './qualification.ts';

/** The committed JSON Schema of `results/qualification.json`. */
export const qualificationSchemaFile = path.join(import.meta.dirname, 'qualification.schema.json');

/** Returns the text of that file as it has to be: the JSON Schema of {@link qualificationDocument}. */
export const qualificationSchemaText = (): Promise<string> =>
  schemaText(qualificationSchemaFile, 'Qualification of releases (results/qualification.json)', qualificationDocument);
