import type { DrillsDocument } from '../drill-record.ts';

const distinct = (values: readonly (string | null | undefined)[]): string =>
  [...new Set(values.filter((value) => value !== null && value !== undefined))].sort().join(', ');

/**
 * Returns what Allure shows as the environment of a run, in the format of its `environment.properties`: what was under
 * test, on what, by which plan and seed, as its drills recorded it. What no drill recorded is left out.
 */
export function allureEnvironment({ drills }: DrillsDocument): string {
  const entries = {
    pacemaker: distinct(drills.map(({ release }) => release)),
    'pacemaker in the guests': distinct(drills.map(({ lab }) => lab?.guestRelease)),
    corosync: distinct(drills.map(({ lab }) => lab?.corosync)),
    libvirt: distinct(drills.map(({ lab }) => lab?.libvirt)),
    'resource-agents': distinct(drills.map(({ lab }) => lab?.resourceAgents)),
    'host kind': distinct(drills.map(({ lab }) => lab?.hostKind)),
    os: distinct(drills.map(({ lab }) => lab?.os)),
    kernel: distinct(drills.map(({ lab }) => lab?.kernel)),
    accelerator: distinct(drills.map(({ lab }) => lab?.accelerator)),
    plan: distinct(drills.map(({ lab }) => lab?.plan)),
    seed: distinct(drills.map(({ seed }) => seed?.toString())),
  };
  return Object.entries(entries)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.replaceAll(' ', '\\ ')} = ${value.replaceAll(/\s+/g, ' ')}\n`)
    .join('');
}
