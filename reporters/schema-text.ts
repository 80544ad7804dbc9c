import { format, resolveConfig } from 'prettier';
import { z } from 'zod';

/** Returns the JSON Schema of a type as the text of a committed file, formatted like the rest. */
export async function schemaText(file: string, title: string, type: z.ZodType): Promise<string> {
  const { $schema, ...rest } = z.toJSONSchema(type);
  const options = await resolveConfig(file);
  return format(JSON.stringify({ $schema, title, ...rest }, null, 2), { ...options, parser: 'json' });
}
