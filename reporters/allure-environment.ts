import type { DrillsDocument } from './drill-record.ts';

const distinct = (values: readonly (string | null | undefined)[]): string =>
  [...new Set(values.filter((value) => value !== null && value !== undefined))].sort().join(', ');

/**
 * Returns what Allure shows as the environment of a run, in the format of its `environment.properties`: release, host
 * kind, OS, kernel and accelerator as its drills recorded them. What no drill recorded is left out.
 */
export function allureEnvironment({ drills }: DrillsDocument): string {
  const entries = {
    pacemaker: distinct(drills.map(({ release }) => release)),
    host: distinct(drills.map(({ lab }) => lab?.hostKind)),
    os: distinct(drills.map(({ lab }) => lab?.os)),
    kernel: distinct(drills.map(({ lab }) => lab?.kernel)),
    accelerator: distinct(drills.map(({ lab }) => lab?.accelerator)),
  };
  return Object.entries(entries)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} = ${value.replaceAll(/\s+/g, ' ')}\n`)
    .join('');
}
