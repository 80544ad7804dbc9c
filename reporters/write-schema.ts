import { writeFileSync } from 'node:fs';
import { drillsSchemaFile, drillsSchemaText } from './drills-schema.ts';

writeFileSync(drillsSchemaFile, await drillsSchemaText());
