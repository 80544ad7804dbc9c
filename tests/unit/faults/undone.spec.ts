import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { markerName } from '../../../lab/cluster/marker.ts';
import { scriptedFault, type FaultScripts } from '../../../lab/faults/scripted-fault.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';
import { parsePlan } from '../../../lab/plan.ts';
import { recordedHost, recordingShell } from './recording-shell.ts';

/** A shell on this machine, which passes for the host of a lab. */
const shell: HostShell = {
  ...recordingShell().shell,
  run: async (script) => {
    if (script.includes(markerName)) return { stdout: '', stderr: '', exitCode: 0 };
    const { stdout, stderr, exitCode } = await execa('bash', ['-c', script], { reject: false });
    return { stdout, stderr, exitCode: exitCode ?? -1 };
  },
};
const plan = parsePlan(
  {
    name: 'one',
    hosts: [{ name: 'host', address: '127.0.0.1' }],
    network: {},
    guests: [{ name: 'lxc1', kind: 'lxc', resource: 'container1', address: '192.168.122.11' }],
    resources: [],
    properties: {},
  },
  'one',
);
const [guest] = plan.guests;
if (!guest) throw new Error('the plan has no guest');
const fileIsThere: FaultScripts = {
  name: 'file-is-there',
  family: 'host',
  description: 'a file is there',
  place: 'host',
  inject: () => 'target=file',
  proof: () => 'proof=there',
};

test('a fault tells whether somebody has undone it, and one without such a check that nobody has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'undone-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  try {
    const checked = scriptedFault({ ...fileIsThere, healed: () => `[ ! -e ${file} ] || { echo there; exit 1; }` });
    const [injection, unchecked] = [
      await checked.inject({ guest, plan, host: recordedHost, shell }),
      await scriptedFault(fileIsThere).inject({ guest, plan, host: recordedHost, shell }),
    ];
    expect(await injection.isUndone()).toBe(false);
    rmSync(file);
    expect(await injection.isUndone()).toBe(true);
    expect(await unchecked.isUndone()).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
