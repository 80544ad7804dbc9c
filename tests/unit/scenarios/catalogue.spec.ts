import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { catalogue } from '../../../lab/faults/catalogue.ts';
import type { Fault } from '../../../lab/faults/fault.ts';

/** A scenario as `playwright test --list --reporter=json` lists it, in the parts that are looked at. */
interface Scenario {
  readonly title: string;
  readonly tags: readonly string[];
}

interface Suite {
  readonly specs?: readonly Scenario[];
  readonly suites?: readonly Suite[];
}

const scenariosOf = ({ specs = [], suites = [] }: Suite): readonly Scenario[] => [
  ...specs,
  ...suites.flatMap(scenariosOf),
];

/** Every scenario for the default plan, which has guests of all kinds. No lab is brought up for a list. */
const listScenarios = (outputFolder: string): readonly Scenario[] => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', '--list', '--reporter=json', '--output', outputFolder],
    { encoding: 'utf8', env: { ...process.env, LAB_PLAN: 'default' }, maxBuffer: 64 * 1024 * 1024 },
  );
  expect(status, stderr).toBe(0);
  return scenariosOf(JSON.parse(stdout) as Suite);
};

/** The main drill, which is not made by the catalogue and named in other words. */
const mainDrill = { fault: 'pacemaker-remoted-killed', tag: 'guest-failure' } as const;

const isDrillOf = ({ name }: Fault, { title, tags }: Scenario): boolean =>
  title.startsWith(`${name}: `) || (name === mainDrill.fault && tags.includes(mainDrill.tag));

/** The kinds of guests that need a drill each: one stands for all where the fault hits the host. */
const groupsOf = ({ family, kinds }: Fault): readonly (readonly string[])[] =>
  family === 'host' ? [kinds] : kinds.map((kind) => [kind]);

test('every fault has a drill for each kind of guest to which it can be done', ({}, testInfo) => {
  const scenarios = listScenarios(testInfo.outputPath('list'));
  const missing = catalogue.flatMap((fault) =>
    groupsOf(fault)
      .filter(
        (kinds) =>
          !scenarios.some(
            (scenario) => isDrillOf(fault, scenario) && kinds.some((kind) => scenario.tags.includes(kind)),
          ),
      )
      .map((kinds) => `${fault.name} (${kinds.join(' or ')})`),
  );
  expect(missing, 'faults without a drill').toEqual([]);
});
