import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { catalogue } from '../../../lab/faults/catalogue.ts';
import type { Fault } from '../../../lab/faults/fault.ts';
import { defaultRelease } from '../../../lab/releases.ts';

/** A scenario as `playwright test --list --reporter=json` lists it, in the parts that are looked at. */
interface Scenario {
  readonly title: string;
  readonly tags: readonly string[];
  readonly tests: readonly {
    readonly annotations: readonly { readonly type: string; readonly description?: string }[];
  }[];
}

interface Suite {
  readonly specs?: readonly Scenario[];
  readonly suites?: readonly Suite[];
}

const scenariosOf = ({ specs = [], suites = [] }: Suite): readonly Scenario[] => [
  ...specs,
  ...suites.flatMap(scenariosOf),
];

/** Every scenario for the default plan, which has guests of all kinds, on a release. No lab is brought up for a list. */
const listScenarios = (outputFolder: string, release = defaultRelease, guestRelease = release): readonly Scenario[] => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', '--list', '--reporter=json', '--output', outputFolder],
    {
      encoding: 'utf8',
      env: { ...process.env, LAB_PLAN: 'default', LAB_RELEASE: release, LAB_GUEST_RELEASE: guestRelease },
      maxBuffer: 64 * 1024 * 1024,
    },
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

/** The titles of the scenarios that are marked to fail for a finding, which they name. */
const knownToFail = (scenarios: readonly Scenario[], finding: string): readonly string[] =>
  scenarios
    .filter(({ tests }) =>
      tests.some(
        ({ annotations }) =>
          annotations.some(({ type }) => type === 'fail') &&
          annotations.some(({ type, description }) => type === 'known finding' && description?.endsWith(finding)),
      ),
    )
    .map(({ title }) => title);

test('a promise that a release is known to break is marked to fail on that release, and on no other', ({}, testInfo) => {
  const on = (release: string) =>
    knownToFail(listScenarios(testInfo.outputPath(release), release), 'docs/findings.md, 25');
  expect(on('2.1.5')).toContain('pacemaker-remote-stopped: lxc1 leaves and is not called again');
  expect(on('2.1.5')).toContain('an orderly stop of pacemaker_remote, after which its port 3121 refuses');
  expect(on('3.0.0')).toEqual([]);
});

test('what pacemaker_remoted is known to break is marked by the release of the guests, whatever the host is', ({}, testInfo) => {
  const on = (host: string, guests: string, finding: string) =>
    knownToFail(listScenarios(testInfo.outputPath(`${host}-${guests}`), host, guests), `docs/findings.md, ${finding}`);
  expect(on('3.0.0', 'debs:/none/2.1.5', '25')).toEqual([]);
  expect(on('3.0.0', '2.1.5', '25')).not.toEqual([]);
  expect(on('src:/none/pacemaker-2.1.5.tar.gz', '3.0.0', '25')).toEqual([]);
  expect(on('src:/none/pacemaker-2.1.5.tar.gz', '3.0.0', '26')).not.toEqual([]);
});
