import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { guestSources, hostSources } from '../../../lab/evidence/log-sources.ts';
import { gatherEvidence, readCib } from '../../../lab/evidence/gather.ts';
import { lastBytes } from '../../../lab/evidence/printing.ts';
import { withoutSecrets } from '../../../lab/evidence/secrets.ts';
import { loadPlan } from '../../../lab/plan.ts';
import { recordingShell } from '../faults/recording-shell.ts';

const bash = (script: string, input: string): string => execFileSync('bash', ['-c', script], { input }).toString();

const change = "+  /cib/configuration/nvpair[@id='f-passwd']:  @value=";
const texts = [
  ['an option of the CIB', '<nvpair name="passwd" value="', 'geheim', '"/><nvpair name="login" value="kept"/>'],
  ['one whose value comes first', '<nvpair value="', 'geheim', '" name="API_KEY" id="x"/>'],
  ['a change of the CIB in the log', change, 'geheim, all of it', ''],
  ['one of an id too', "+  /cib/nvpair[@id='f-passwd']:  @id=f-passwd, @name=passwd, @value=", 'geheim', ''],
  ['one of a name alone', "+  /cib/nvpair[@id='f-1']:  @name=passwd, @value=", 'geheim', ''],
  ['an attribute of a node', '    * api_token                       \t: ', 'geheim 1', ''],
  ['an option as pcs shows it', '  Attributes: login=kept passwd=', 'geheim,1', ' ip=10.0.0.1'],
  ['a quoted option', '  ssl_private_key="', 'geheim \\" und mehr', '" login=kept'],
  ['an attribute in single quotes', "<graphics type='vnc' passwd='", 'geheim "1"', "'/>"],
] as const;

for (const [what, before, secret, after] of texts)
  test(`of ${what} the value is taken out`, () => {
    expect(bash(withoutSecrets, `${before}${secret}${after}\n`)).toBe(`${before}(removed)${after}\n`);
  });

test('what is no value of a secret stays as it is', () => {
  const text = 'token: 1000\n<nvpair id="x" name="ip" value="1"/>\ntoken timeout 1000 ms, value="2"\n';
  expect(bash(withoutSecrets, text)).toBe(text);
});

test('what is longer is cut after secrets are taken out, and the status of the command stays', () => {
  const text = `passwd=${'x'.repeat(50)}\n${'y'.repeat(20)}\n`;
  expect(bash(lastBytes('cat', 30), text)).toBe(`(removed)\n${'y'.repeat(20)}\n`.slice(-30));
  expect(bash(`${lastBytes('cat; exit 3', 30)} || echo $?`, text)).toMatch(/\n3\n$/);
});

/** However often it was quoted. */
const unquoted = (script: string): string => script.replaceAll(/['\\]/g, '');

test('all that is gathered as logs goes through it', () => {
  const guests = (['lxc', 'kvm'] as const).map((kind) => guestSources({ kind, name: 'one' }));
  for (const { file, script } of [...hostSources, ...guests.flat()])
    expect(unquoted(script), file).toContain(unquoted(withoutSecrets));
});

test('all that is gathered as evidence goes through it', async () => {
  const { shell, scripts } = recordingShell();
  const files = await gatherEvidence(shell, await loadPlan('default'), { fromMs: 0, untilMs: 60_000 });
  await readCib(shell);
  // Those of KVM guests are asked through their agent, in more than one step.
  const printing = scripts.filter((script) => /tail -c|tar |cibadmin/.test(script));
  expect(printing.length).toBeGreaterThan(files.length);
  for (const script of printing) expect(unquoted(script)).toContain(unquoted(withoutSecrets));
});
