import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import type { Qualification } from '../../../../reporters/qualification/qualification.ts';
import {
  qualificationSchemaFile,
  qualificationSchemaText,
} from '../../../../reporters/qualification/qualification-schema.ts';
import { judge } from '../../../../reporters/qualification/judge.ts';
import { qualificationText } from '../../../../reporters/qualification/markdown.ts';
import { qualificationPage } from '../../../../reporters/qualification/page.ts';
import { readQualification, testedIn } from '../../../../reporters/qualification/read-qualification.ts';
import { writeQualification } from '../../../../reporters/qualification/write-qualification.ts';
import { failed, findings, known, laterBy, passed, repeatsOf } from './qualification-samples.ts';

const round1 = 'qualification/3.0.1/round-1';
const evidence = { evidence: `${round1}/evidence/it`, picture: `${round1}/timelines/it.svg` };
const time = {
  wallMs: 600_000,
  labs: 2,
  spentMs: {
    building: 60_000,
    bringingUp: 100_000,
    drills: 500_000,
    resets: 200_000,
    betweenDrills: 100_000,
    startingAndReporting: 50_000,
    takingDown: 10_000,
    lost: 0,
    idle: 40_000,
  },
};

const sample = (): Qualification =>
  judge(
    findings(
      [
        ...repeatsOf('broken | <b>', '3.0.0', [passed]),
        ...repeatsOf('broken | <b>', '3.0.1', [{ ...failed, ...evidence }]),
        ...repeatsOf('slow', '3.0.0', laterBy(0, 8)),
        ...repeatsOf('slow', '3.0.1', laterBy(4_000, 8)),
        ...repeatsOf('known', '3.0.0', [known]),
        ...repeatsOf('known', '3.0.1', [known]),
        ...repeatsOf('newly known', '3.0.0', [passed]),
        ...repeatsOf('newly known', '3.0.1', [known]),
        ...repeatsOf('now and then', '3.0.0', [passed, failed, passed]),
        ...repeatsOf('now and then', '3.0.1', [passed, passed, passed]),
        ...repeatsOf('gone', '3.0.0', [failed]),
        ...repeatsOf('gone', '3.0.1', [passed]),
      ],
      { time, notes: ['The baseline was run earlier.'] },
    ),
  );

const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(qualificationSchemaFile, 'utf8')) as Parameters<typeof z.fromJSONSchema>[0],
);

test('the committed schema is the one that the types give (else: npm run schema)', async () => {
  expect(readFileSync(qualificationSchemaFile, 'utf8')).toBe(await qualificationSchemaText());
});

test('what is written is valid by the committed schema, and read back as it was', async ({}, testInfo) => {
  const folder = testInfo.outputPath('results');
  const jobSummary = testInfo.outputPath('summary.md');
  mkdirSync(folder, { recursive: true });
  const qualification = sample();
  await writeQualification(folder, qualification, jobSummary);
  const file = path.join(folder, 'qualification.json');
  const written = JSON.parse(readFileSync(file, 'utf8')) as Qualification;
  expect(schema.safeParse(written)).toMatchObject({ success: true });
  for (const broken of [
    { ...written, version: 2 },
    { ...written, verdict: { ...written.verdict, outcome: 'fine' } },
    { ...written, drills: [{ ...written.drills[0], releases: [{ standing: 'good' }] }] },
  ])
    expect(schema.safeParse(broken)).toMatchObject({ success: false });
  expect(readQualification(file)).toEqual(qualification);
  expect(readFileSync(jobSummary, 'utf8')).toBe(readFileSync(path.join(folder, 'qualification.md'), 'utf8'));
  expect(existsSync(path.join(folder, 'qualification.html'))).toBe(true);
});

test('the Markdown says the verdict first, then why, what differs with its evidence, and the table', () => {
  const text = qualificationText(sample());
  expect(text).toMatch(/^# ❌ 3\.0\.1 is worse than 3\.0\.0\n\n--grep=\\@quick · 3 rounds · plan lxc on a container/);
  expect(text).toContain('\n- broke: broken \\| &lt;b> (passed before)\n');
  expect(text).toContain('\n_The baseline was run earlier._\n');
  const broke = text.slice(text.indexOf('### What broke'));
  expect(broke).toMatch(
    /^### What broke\n\n- \*\*broken .*\*\*: passed before: ran twice \[evidence, round 1\]\(<qualification\/3\.0\.1\/round-1\/evidence\/it>\), \[timeline, round 1\]/,
  );
  expect(text).toMatch(
    /### What got slower\n\n- \*\*slow\*\*: stopped \(since detected\) \+4\.00 s \(95 %: .*, p = 0\.005; restarted \+4\.00 s;/,
  );
  expect(text).toMatch(/### What was mended\n\n- \*\*gone\*\*: failed before\n/);
  expect(text).toMatch(
    /### Known findings\n\n- \*\*newly known\*\*: passed before; .*\(known: docs\/findings\.md, 8\)\n\n##/,
  );
  expect(text).toContain('- now and then, on 3.0.0: 2 passed, 1 failed');
  expect(text).toContain('| broken \\| &lt;b> | ✅ 7.64 s | ❌ 7.64 s |');
  expect(text).toContain('| now and then | 🎲 2 of 3 passed 7.64 s | ✅ 7.64 s |');
  expect(text).toMatch(/10\.0 min in all, of which 1\.0 min for images; then 2 side by side: .*drills 50 %.*idle 4 %/);
});

test('the page needs no other file and calls nobody, and has a small picture of each drill, slower ones first', async () => {
  const page = await qualificationPage(sample());
  expect(page).toContain('<title>3.0.1 is worse than 3.0.0</title>');
  expect(page).toContain('broken | &lt;b&gt;');
  expect(page).not.toContain('<b> ');
  expect(page.match(/<figure class="[a-z]+">/g)).toEqual([
    '<figure class="slower">',
    ...Array.from({ length: 5 }, () => '<figure class="alike">'),
  ]);
  expect(page).toContain('<title>3.0.1, recovered: median 11650 ms, quartiles ');
  expect(page).toContain(`<a href="${round1}/evidence/it">✘ failed</a>`);
  expect(page).not.toMatch(/<script|<link|@import|url\(http|src="http/);
  expect(page).toMatch(/prefers-color-scheme:dark/);
});

test('a release is taken out of a saved qualification with its links, under another name', async ({}, testInfo) => {
  const folder = testInfo.outputPath('saved');
  await writeQualification(folder, sample(), undefined);
  const file = path.join(folder, 'qualification.json');
  const { release, results } = testedIn(readQualification(file), file, '3.0.1', {
    to: testInfo.outputPath('results'),
    name: '3.0.1 (saved)',
  });
  expect(release).toMatchObject({ name: '3.0.1 (saved)', reported: '3.0.1-1' });
  expect(results).toHaveLength(15);
  expect(new Set(results.map(({ result }) => result.release))).toEqual(new Set(['3.0.1 (saved)']));
  expect(results[0]?.result.evidence).toBe(`../saved/${round1}/evidence/it`);
  expect(() => testedIn(sample(), 'it.json', '9', { to: '.' })).toThrow(
    /it\.json has no release "9"\.\nNext: choose one of: 3\.0\.0, 3\.0\.1\./,
  );
});

test('a file that is no qualification is refused with what is wrong', ({}, testInfo) => {
  expect(() => readQualification('none.json')).toThrow(
    /^none\.json can't be read: ENOENT.*\nNext: name the qualification/,
  );
  expect(() => readQualification(path.join(testInfo.config.rootDir, '../package.json'))).toThrow(
    /is no qualification: ✖/,
  );
});
