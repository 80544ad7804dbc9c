import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { pictureFile } from '../../../../reporters/picture/picture-of-drill.ts';
import { inlineProject, recordOf } from '../inline-run.ts';
import { drawnPicture } from './picture-samples.ts';

test('a picture is named after its drill, shortly, and repeats and namesakes keep apart', () => {
  const drill = { id: 'a.spec.ts › lxc1', title: 'lxc1 is “back”, /etc/../passwd and all', repeat: 0 };
  expect(pictureFile(drill)).toMatch(/^timelines\/lxc1-is-back-etc-passwd-and-all-[0-9a-f]{8}\.svg$/);
  const names = [drill, { ...drill, repeat: 1 }, { ...drill, id: 'b.spec.ts › lxc1' }].map(pictureFile);
  expect(new Set(names).size).toBe(3);
  expect(pictureFile({ ...drill, title: '…' })).toMatch(/^timelines\/drill-[0-9a-f]{8}\.svg$/);
  expect(pictureFile({ ...drill, title: 'x'.repeat(200) }).length).toBeLessThan(90);
});

test('a run draws what its drills attached, names it in the results, and tells what could not be drawn', async ({}, testInfo) => {
  const attach = (body: string) =>
    `await testInfo.attach('timeline picture', { body: ${JSON.stringify(body)}, contentType: 'application/json' });`;
  const spec = `
    test('good', async ({ drill }, testInfo) => { ${attach(JSON.stringify(drawnPicture()))} });
    test('bad', async ({ drill }, testInfo) => { drill.verdict = 'failed'; drill.reason = 'twice'; ${attach(JSON.stringify(drawnPicture()))} expect(1).toBe(2); });
    test('odd', async ({ drill }, testInfo) => { ${attach('{"lanes":1}')} });
    test('none', async ({ drill }) => {});
  `;
  const project = inlineProject(testInfo, spec);
  const stale = path.join(project.folder, 'results/timelines/stale.svg');
  mkdirSync(path.dirname(stale), { recursive: true });
  writeFileSync(stale, '');
  const { stdout, exitCode } = await project.start();
  const document = project.document();
  const { picture } = recordOf(document, 'bad');
  expect(picture).toMatch(/^timelines\/bad-[0-9a-f]{8}\.svg$/);
  expect(readFileSync(path.join(project.folder, 'results', picture ?? ''), 'utf8')).toContain(
    '<title>bad: failed</title>',
  );
  expect(stdout).toContain(`failed: bad\n  twice\n  Timeline: results/${picture ?? ''}\n`);
  expect(recordOf(document, 'good').picture).not.toBeNull();
  expect(recordOf(document, 'odd')).toMatchObject({ verdict: 'passed', picture: null });
  expect(recordOf(document, 'none').picture).toBeNull();
  expect(document.errors).toHaveLength(1);
  expect(document.errors[0]).toContain('The timeline picture of "odd" could not be drawn');
  expect(existsSync(stale)).toBe(false);
  expect(exitCode).toBe(1);
});
