import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { gatherEvidence, readCib } from '../../lab/evidence/gather.ts';
import { expect, labCommand, test } from './suite.ts';

/** Sets what nobody is to read: options of a resource, one of them changed, and an attribute of a node. */
const setSecrets = `pcs resource create HOLDER ocf:pacemaker:Dummy passwd="hush-1 hush-2" fake=told --disabled
pcs resource update HOLDER passwd=hush-3
crm_attribute --node example-host --name api_token --update hush-4`;
const secret = /hush-\d/;

test('what is named like a secret is in no log and in no evidence', async ({ lab }, testInfo) => {
  const { shell, plan } = lab;
  const nowMs = async (): Promise<number> => Number((await shell.run('date +%s%3N')).stdout);
  const fromMs = await nowMs();
  await shell.run(setSecrets);
  // All of it is there to be found.
  for (const place of ['pcs config', 'crm_mon -1 -A', 'cat /var/log/pacemaker/pacemaker.log'])
    expect((await shell.run(place)).stdout, place).toMatch(secret);

  const out = testInfo.outputPath('logs');
  expect((await labCommand('logs', '--out', out)).exitCode).toBe(0);
  const names = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(names.length).toBeGreaterThan(20);
  for (const { parentPath, name } of names)
    expect(readFileSync(join(parentPath, name), 'utf8'), name).not.toMatch(secret);

  const evidence = await gatherEvidence(shell, plan, { fromMs, untilMs: await nowMs() });
  for (const { path, content } of evidence) expect(content?.toString() ?? '', path).not.toMatch(secret);
  const inputs = evidence.find(({ path }) => path.endsWith('scheduler-inputs.tar.gz'))?.content ?? Buffer.alloc(0);
  const tar = gunzipSync(inputs).toString('base64');
  const unpack = 'work=$(mktemp -d); cd "$work"; base64 -d | tar -x; bzcat pe-*.bz2; rm -r "$work"';
  const { stdout } = await shell.run(unpack, { input: tar });
  expect(stdout).toContain('(removed)');
  expect(stdout).not.toMatch(secret);
  expect(await readCib(shell)).not.toMatch(secret);
  expect((await labCommand('reset')).exitCode).toBe(0);
});
