import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { placeInAllure } from '../../../reporters/allure/pictures.ts';

/** Lays Allure's results of two drills into a folder, as its reporter for Playwright does, and a picture beside them. */
function folders(outputPath: (name: string) => string) {
  const outputDir = outputPath('results');
  const allure = path.join(outputDir, 'allure-results');
  mkdirSync(allure, { recursive: true });
  mkdirSync(path.join(outputDir, 'timelines'));
  writeFileSync(path.join(outputDir, 'timelines/a.svg'), '<svg/>');
  for (const name of ['a', 'b']) {
    const attached = (what: string, type: string) => ({
      name: what,
      steps: [],
      attachments: [{ name: what, type, source: `${name}-${what.slice(0, 4)}-attachment.json` }],
    });
    const hooks = {
      name: 'After Hooks',
      steps: [attached('timeline picture', 'application/json'), attached('drill-record', 'application/json')],
      attachments: [],
    };
    const result = { name, attachments: [], steps: [{ name: 'watch', steps: [], attachments: [] }, hooks] };
    writeFileSync(path.join(allure, `${name}-result.json`), JSON.stringify(result));
    writeFileSync(path.join(allure, `${name}-time-attachment.json`), `{"of":"${name}"}`);
    writeFileSync(path.join(allure, `${name}-dril-attachment.json`), '{}');
  }
  return { outputDir, allure, text: (name: string) => readFileSync(path.join(allure, name), 'utf8') };
}

test('the picture takes the place of what it was drawn from, and comes first', ({}, testInfo) => {
  const { outputDir, allure, text } = folders((name) => testInfo.outputPath(name));
  placeInAllure(allure, outputDir, [{ file: 'timelines/a.svg', source: '{"of":"a"}' }]);
  const result = JSON.parse(text('a-result.json')) as { steps: { attachments: unknown; steps: { name: string }[] }[] };
  expect(result.steps[0]?.attachments).toEqual([
    { name: 'timeline picture', type: 'image/svg+xml', source: 'a-time-attachment.svg' },
  ]);
  expect(result.steps[2]?.steps.map(({ name }) => name)).toEqual(['drill-record']);
  expect(text('a-time-attachment.svg')).toBe('<svg/>');
  expect(existsSync(path.join(allure, 'a-time-attachment.json'))).toBe(false);
});

test('a drill of which there is no picture keeps what it attached', ({}, testInfo) => {
  const { outputDir, allure, text } = folders((name) => testInfo.outputPath(name));
  const before = text('b-result.json');
  placeInAllure(allure, outputDir, [{ file: 'timelines/a.svg', source: '{"of":"a"}' }]);
  expect(text('b-result.json')).toBe(before);
  expect(text('b-time-attachment.json')).toBe('{"of":"b"}');
});

test('where Allure left no results, or nothing was drawn, nothing happens', ({}, testInfo) => {
  const { outputDir, allure } = folders((name) => testInfo.outputPath(name));
  const files = readdirSync(allure);
  placeInAllure(path.join(outputDir, 'elsewhere'), outputDir, [{ file: 'timelines/a.svg', source: '{"of":"a"}' }]);
  placeInAllure(allure, outputDir, []);
  expect(readdirSync(allure)).toEqual(files);
});
