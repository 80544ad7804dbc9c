import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../settings.ts';
import type { HostShell } from '../../transport/host-shell.ts';
import { probeAccelerator, type Bootable } from './accelerator.ts';

/** How KVM guests are run on a machine, and why: found by booting one. */
const decision = z.object({
  accelerator: z.enum(['kvm', 'tcg']),
  /** Why not KVM, or how KVM was seen to work. */
  reason: z.string(),
  /** Names the machine's kernel, its devices and what was booted: for others the decision says nothing. */
  madeFor: z.string(),
  decidedAt: z.string(),
});
export type AcceleratorDecision = z.infer<typeof decision>;

/** What is decided about: KVM guests on a host, or hosts on this machine. */
type DecidedFor = 'guests' | 'hosts';

const decisionPath = (settings: Settings, decidedFor: DecidedFor): string =>
  join(settings.cacheDir, decidedFor === 'guests' ? 'accelerator.json' : 'accelerator-of-hosts.json');

/** Returns the decision that was made last, for whichever machine and image; null if there is none that can be read. */
export const readAcceleratorDecision = async (
  settings: Settings,
  decidedFor: DecidedFor = 'guests',
): Promise<AcceleratorDecision | null> => {
  try {
    return decision.parse(JSON.parse(await readFile(decisionPath(settings, decidedFor), 'utf8')));
  } catch {
    return null;
  }
};

/**
 * Decides how machines are run: with KVM if one that boots with it reaches user space, else with TCG. Probes once for a
 * machine, its kernel and the image (`image` names it), and remembers that in the cache folder.
 * @param host What is booted of a host, on this machine, where it is not KVM guests on a host that is decided about.
 */
export const decideAccelerator = async (
  shell: Pick<HostShell, 'run'>,
  settings: Settings,
  image: string,
  signal: AbortSignal,
  host?: Bootable,
): Promise<AcceleratorDecision> => {
  const { stdout } = await shell.run(
    'cat /proc/sys/kernel/osrelease /proc/version; grep -m1 "^model name" /proc/cpuinfo; ls -l /dev/kvm 2>&1 | cut -c1-10',
  );
  const madeFor = createHash('sha256').update(`${stdout}${image}`).digest('hex').slice(0, 16);
  const decidedFor = host ? 'hosts' : 'guests';
  const known = await readAcceleratorDecision(settings, decidedFor);
  if (known?.madeFor === madeFor) return known;
  const made: AcceleratorDecision = {
    ...(await probeAccelerator(shell, signal, host)),
    madeFor,
    decidedAt: new Date().toISOString(),
  };
  await mkdir(settings.cacheDir, { recursive: true, mode: 0o700 });
  const path = decisionPath(settings, decidedFor);
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify(made, null, 2)}\n`);
  await rename(`${path}.${process.pid}`, path);
  return made;
};
