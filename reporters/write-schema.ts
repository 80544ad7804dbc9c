import { writeFileSync } from 'node:fs';
import { drillsSchemaFile, drillsSchemaText } from './drills-schema.ts';
import { qualificationSchemaFile, qualificationSchemaText } from './qualification/qualification-schema.ts';

writeFileSync(drillsSchemaFile, await drillsSchemaText());
writeFileSync(qualificationSchemaFile, await qualificationSchemaText());
