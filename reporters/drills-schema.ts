import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { drillsDocument } from './drill-record.ts';

/** The committed JSON Schema of `results/drills.json`. */
export const drillsSchemaFile = path.join(import.meta.dirname, 'drills.schema.json');

/** Returns the text of that file as it has to be: the JSON Schema of {@link drillsDocument}, formatted like the rest. */
export async function drillsSchemaText(): Promise<string> {
  const { $schema, ...rest } = z.toJSONSchema(drillsDocument);
  const schema = { $schema, title: 'Results of a run of drills (results/drills.json)', ...rest };
  const options = await resolveConfig(drillsSchemaFile);
  return format(JSON.stringify(schema, null, 2), { ...options, parser: 'json' });
}
