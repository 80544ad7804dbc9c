import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { drillsSchemaFile, drillsSchemaText } from '../../../reporters/drills-schema.ts';

test('the committed schema is the one that the types give (else: npm run schema)', async () => {
  expect(readFileSync(drillsSchemaFile, 'utf8')).toBe(await drillsSchemaText());
});
