import path from 'node:path';
import { expect, test } from '@playwright/test';
import { inlineProject } from '../reporters/inline-run.ts';

const fixture = path.resolve(import.meta.dirname, '../../../fixtures/tell-phases.ts');

const spec = `
  import { tellPhases } from '${fixture}';
  const none = { injected: null, detected: null, stopped: null, restarted: null, reconnected: null, recovered: null };
  test('drill', async ({ drill }) => {
    // As a stream does, it speaks up from where it was opened, which is no step.
    let sample = (phases) => {};
    const samples = (async () => { for (const more of [{ injected: 5_000 }, { injected: 5_000, detected: 5_040.4 }, { injected: 5_000, detected: 5_040.4, recovered: 9_000 }]) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      sample({ ...none, ...more });
    } })();
    await test.step('watch', async () => {
      const teller = tellPhases({ detected: 2_000 });
      sample = (phases) => { if (teller.tell(phases) !== phases) throw new Error('other phases'); };
      await samples;
      await teller.written();
    });
  });
`;

const listSteps = `
  export default class {
    onStepBegin(test, result, step) { if (step.category === 'test.step') console.log(step.titlePath().join(' > ')); }
  }
`;

test('each phase is told once, as a step of the watch, with its milliseconds and its budget', async ({}, testInfo) => {
  const project = inlineProject(testInfo, spec, { files: { 'list-steps.ts': listSteps } });
  const { stdout } = await project.start(['--reporter=./list-steps.ts']);
  expect(stdout.split('\n').filter((line) => line.includes('watch'))).toEqual([
    'watch',
    'watch > injected',
    'watch > detected after 40 ms (2000 ms allowed)',
    'watch > recovered after 4000 ms',
  ]);
});
