import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { timelineFile, timelineText } from '../../../docs/recorded-timeline.ts';

test('the committed picture is what the recorded drill is drawn to (npm run timeline)', async () => {
  expect(readFileSync(timelineFile, 'utf8')).toBe(await timelineText());
});
