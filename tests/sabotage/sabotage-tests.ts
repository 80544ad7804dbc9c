import { expect, labEnvironment, test as base } from '../lab/suite.ts';
import { families } from './catalogue.ts';
import { trialAttachment, type TrialRecord } from './trial-record.ts';
import { drills, type DrillName } from './sabotage.ts';
import { runDrill, trySabotage } from './try-sabotage.ts';
import { missing, type Said } from './verdict.ts';

/** Longer than the longest drill with two repeats, and a lab that is built anew. */
const timeoutMs = 900_000;

const test = base.extend<object, { unharmed: (drill: DrillName) => Promise<Said> }>({
  /** What a drill says on the lab without any sabotage; each is run once. */
  unharmed: [
    async ({ labIsUp: _ }, use) => {
      const runs = new Map<DrillName, Promise<Said>>();
      await use((drill) => {
        const run = runs.get(drill) ?? runDrill(drill, `none-${drill.replaceAll(' ', '-')}-${labEnvironment.LAB_NAME}`);
        runs.set(drill, run);
        return run;
      });
    },
    { scope: 'worker' },
  ],
});

/** Defines a test of each sabotage: its drill passes without it, and catches it. */
export const testSabotages = (which: 'all' | 'quick'): void => {
  for (const { family, sabotages } of families)
    for (const sabotage of sabotages.filter(({ quick }) => which === 'all' || quick))
      test(
        `${sabotage.name}: ${sabotage.description}`,
        { tag: [...(sabotage.quick ? ['@quick'] : [])] },
        async ({ unharmed }, testInfo) => {
          test.setTimeout(timeoutMs);
          const { name, description, drill } = sabotage;
          const without = await unharmed(drill);
          expect(without.verdict, `without any sabotage: ${without.output}`).toBe('passed');

          const startedAt = performance.now();
          const said = await trySabotage(sabotage);
          const notSaid = missing(sabotage, said);
          const record: TrialRecord = {
            name,
            family,
            description,
            drill: drills[drill],
            caught: notSaid.length === 0,
            expected: { verdict: sabotage.verdict, words: sabotage.words.map(String) },
            said: { verdict: said.verdict, reason: said.reason },
            missing: notSaid,
            durationMs: Math.round(performance.now() - startedAt),
          };
          await testInfo.attach(trialAttachment, { body: JSON.stringify(record), contentType: 'application/json' });
          expect(notSaid, said.output).toEqual([]);
        },
      );
};
