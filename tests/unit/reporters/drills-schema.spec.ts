import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { drillsSchemaFile, drillsSchemaText } from '../../../reporters/drills-schema.ts';
import { inlineProject } from './inline-run.ts';
import { asRecorded } from './recorded-drills.ts';

const committed = readFileSync(drillsSchemaFile, 'utf8');

test('the committed schema is the one that the types give (else: npm run schema)', async () => {
  expect(committed).toBe(await drillsSchemaText());
});

test('what a run writes is valid by the committed schema, and says the version of it', async ({}, testInfo) => {
  const schema = z.fromJSONSchema(JSON.parse(committed) as Parameters<typeof z.fromJSONSchema>[0]);
  const project = inlineProject(
    testInfo,
    `test('good', async ({ drill }) => { ${asRecorded()} });
     test('bad', async ({ drill }) => { expect(1).toBe(2); });
     test('not here', async ({ drill }) => { test.skip(true, 'no netem'); });
     test('no record', async () => { throw new LabError('gone'); });`,
  );
  await project.start();
  const written = JSON.parse(project.text('results/drills.json')) as { version: unknown; drills: object[] };
  expect(written.version).toBe(1);
  expect(written.drills).toHaveLength(4);
  expect(schema.safeParse(written)).toMatchObject({ success: true });
  const [first, ...others] = written.drills;
  for (const broken of [
    { ...written, version: 2 },
    { ...written, drills: [{ ...first, verdict: 'fine' }, ...others] },
    { ...written, drills: [{ ...first, lab: {} }, ...others] },
  ])
    expect(schema.safeParse(broken)).toMatchObject({ success: false });
});
