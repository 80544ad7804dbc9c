import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LabError } from '../../errors.ts';
import { quote, type HostShell } from '../../transport/host-shell.ts';
import type { Distribution } from './distributions.ts';
import { emptyPlaces, markedFiles, ownPlaces, packagePlaces, recordFolder, rewrittenFiles } from './files.ts';
import { readDescription, type MachineDescription } from './machine-description.ts';

const describeScript = readFileSync(new URL('./describe.sh', import.meta.url), 'utf8');
const describeTimeoutMs = 180_000;

const claimSchema = z.object({
  labName: z.string(),
  /** Tells labs of one name in different cache folders apart. */
  owner: z.string(),
  since: z.string(),
  guests: z.array(z.string()),
  network: z.string(),
});
/** Which lab has a machine as its host, and what it calls what it brings to libvirt. */
export type Claim = Readonly<z.infer<typeof claimSchema>>;

/** What a machine keeps from before it became a lab's host. */
export interface MachineRecord {
  readonly claim: Claim;
  /** Null where an interruption came before the first change. */
  readonly before: MachineDescription | null;
  /** Packages that are, or were to be, brought. */
  readonly brought: readonly string[];
}

/** Says what there is on a machine of all that a lab changes. */
export const describeBareMetal = async (shell: HostShell, distribution: Distribution): Promise<string> => {
  const paths = [
    ...[...markedFiles(distribution), ...rewrittenFiles],
    ...[...ownPlaces, ...packagePlaces, ...emptyPlaces].map((place) => `${place}/`),
  ];
  const { stdout } = await shell.run(`set -- ${paths.join(' ')}\n${describeScript}`, { timeoutMs: describeTimeoutMs });
  return stdout;
};

/** Reads the record that a machine keeps, or null if it is no lab's host. Throws a LabError for one that can't be understood. */
export const readRecord = async (shell: HostShell): Promise<MachineRecord | null> => {
  const { stdout } = await shell.run(
    `cd ${recordFolder} 2>/dev/null && [ -e claim ] || exit 0
    for file in claim before packages; do cat $file 2>/dev/null; printf '\\0'; done`,
  );
  if (stdout === '') return null;
  const [claim = '', before = '', packages = ''] = stdout.split('\0');
  const parsed = claimSchema.safeParse(jsonOf(claim));
  if (!parsed.success)
    throw new LabError(`The record on ${shell.hostName} can't be understood (${recordFolder}/claim).`, {
      cause: parsed.error,
      next: 'use the version of this suite that made the lab to take it down.',
    });
  return {
    claim: parsed.data,
    before: before === '' ? null : readDescription(before),
    brought: packages.split('\n').filter((name) => name !== ''),
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/**
 * Writes down what there is on a machine, before the first change: the claim, the description, copies of the files that are going
 * to be written anew, and libvirt's network of the plan's name. A record that is complete stays as it is.
 */
export const makeRecord = async (shell: HostShell, claim: Claim, distribution: Distribution): Promise<void> => {
  const record = await readRecord(shell);
  if (record !== null && record.before !== null) return;
  await shell.run(
    `set -e
    mkdir -p -m 0700 ${recordFolder}
    cd ${recordFolder}
    cat >claim
    tar -cf files.tar --absolute-names --ignore-failed-read ${rewrittenFiles.join(' ')} 2>/dev/null || [ -e files.tar ]
    if command -v virsh >/dev/null && virsh net-info ${quote(claim.network)} >/dev/null 2>&1; then
      virsh net-dumpxml --inactive ${quote(claim.network)} >network.xml
    fi`,
    { input: `${JSON.stringify(claim)}\n` },
  );
  const description = await describeBareMetal(shell, distribution);
  await shell.run(`cd ${recordFolder} && cat >before.new && mv before.new before`, { input: description });
};
