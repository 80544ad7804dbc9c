import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { releases } from '../observation/recorded.ts';
import { runLab } from './run-lab.ts';

const recorded = (name: string): string => path.resolve(import.meta.dirname, `../../recorded/${name}.xml`);

for (const { suite, pacemaker } of releases) {
  test(`status --from shows what crm_mon of Pacemaker ${pacemaker} printed`, async () => {
    const { stdout, stderr, exitCode } = await runLab([
      'status',
      '--from',
      recorded(`${suite}-guest-probe-notinstalled`),
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  ').trim());
    expect(lines[0]).toMatch(/^Pacemaker .*, DC h1 with quorum, \d failed actions?$/);
    expect(lines).toContain('lxc1  guest  online  1');
    expect(lines).toContain('lxc1  vm1  Started');
    expect(lines).toContain('dummy  ocf:pacemaker:Dummy  Started  lxc1');
    expect(lines).toContain('dummy_monitor_10000  lxc1  7  done  No process state file found');
    expect(lines).toContain('dummy  lxc1  2');
  });

  test(`status --json --from has the documented keys for Pacemaker ${pacemaker}`, async () => {
    const { stdout } = await runLab(['status', '--json', '--from', recorded(`${suite}-group-maint-offline`)]);
    const status = JSON.parse(stdout) as Record<string, unknown>;
    const keys = 'lab release dc quorum steady deviations nodes guests resources failedActions failCounts'.split(' ');
    expect(Object.keys(status)).toEqual(keys);
    expect(status).toMatchObject({ lab: null, dc: 'h1', quorum: true, steady: null, deviations: null });
    expect(status.guests).toEqual([
      { name: 'lxc1', resource: 'vm1', online: false, connection: 'Stopped', machine: null },
    ]);
    expect(status.resources).toMatchObject([
      { id: 'vm1', role: 'Stopped', runsOn: [] },
      { id: 'd1', parents: ['g'], managed: false },
      { id: 'd2', parents: ['g'], managed: false },
      { id: 'lxc1', agent: 'ocf:pacemaker:remote' },
    ]);
  });
}

for (const [what, xml, says] of [
  ['cut short', '<pacemaker-result api-version="2.38" request="crm_mon"><summary>', /^ObservationError: .*saved\.xml/],
  ['empty', '', /^ObservationError: /],
  ['written in Latin-1', Buffer.from('<a b="\xe9"/>', 'latin1'), /^ObservationError: .*saved\.xml.* not UTF-8/],
  ['foreign', '<html></html>', /^ObservationError: .*<html>/],
  [
    'of a host whose cluster does not run',
    '<pacemaker-result api-version="2.38" request="crm_mon -1"><status code="102" message="Not connected"/></pacemaker-result>',
    /^ObservationError: .*not running/,
  ],
] as const) {
  test(`status --from a file that is ${what} is one clear error and exit status 1`, async ({}, testInfo) => {
    const file = testInfo.outputPath('saved.xml');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, xml);
    const { stdout, stderr, exitCode } = await runLab(['status', '--from', file]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/\nNext: .+$/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
}

test('status --from a file that is not there is a wrong request', async () => {
  const { stderr, exitCode } = await runLab(['status', '--from', '/nowhere/saved.xml']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^UsageError: The file \/nowhere\/saved\.xml can't be read\.\nCause: ENOENT.*\nNext: /);
});

test('status --from needs no lab, no engine and no cache folder', async ({}, testInfo) => {
  const file = testInfo.outputPath('saved.xml');
  mkdirSync(path.dirname(file), { recursive: true });
  copyFileSync(recorded('trixie-group-maint-offline'), file);
  const { exitCode } = await runLab(['status', '--from', file], {
    LAB_CACHE_DIR: '/proc/nowhere',
    DOCKER_HOST: 'tcp://127.0.0.1:1',
  });
  expect(exitCode).toBe(0);
});
