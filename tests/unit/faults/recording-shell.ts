import { z } from 'zod';
import type { FaultSite } from '../../../lab/faults/fault.ts';
import type { HostShell } from '../../../lab/transport/host-shell.ts';

/** What a fault's script prints when its proof holds: stamp, target, proof. */
const proven = '1795312531650509|a target|a proof';

const agentRequest = z.object({
  execute: z.string(),
  arguments: z.object({ arg: z.array(z.string()).optional() }).optional(),
});

/** What QEMU's guest agent would say; the scripts that it is given count as run. */
const answerOfAgent = (request: string, scripts: string[]): string => {
  const { execute, arguments: given } = agentRequest.parse(JSON.parse(request));
  const script = given?.arg?.at(-1);
  if (script !== undefined) scripts.push(script);
  return JSON.stringify({ return: execute === 'guest-exec' ? { pid: 1 } : { exited: true, exitcode: 0 } });
};

/**
 * A shell that runs nothing and believes everything, and the scripts that it was given: for the host, for the inside of a
 * guest where it can be told, and those that leases keep.
 */
export const recordingShell = (): { readonly shell: HostShell; readonly scripts: readonly string[] } => {
  const scripts: string[] = [];
  const answer = (script: string, input: string | undefined): string => {
    if (script.includes('qemu-agent-command') && input?.startsWith('{')) return answerOfAgent(input, scripts);
    scripts.push(script);
    if (input !== undefined) scripts.push(input);
    const [, mark] = /grep -a -m1 '\^(\S+) /.exec(script) ?? [];
    if (mark !== undefined) return `${mark} 0 ${proven} -- end`;
    if (script.includes('guest-get-time')) return '1 3 2000';
    return proven;
  };
  return {
    scripts,
    shell: {
      hostName: 'host',
      run: (script, options) =>
        Promise.resolve({ stdout: answer(script, options?.input?.toString()), stderr: '', exitCode: 0 }),
      stream: () => Promise.reject(new Error('no fault streams')),
      lost: new Promise(() => undefined),
      close: () => Promise.resolve(),
    },
  };
};

/** A host of which the lab has the kernel, and neither the console nor the power switch. */
export const recordedHost: FaultSite['host'] = {
  name: 'host',
  can: { ownKernel: true },
  timeFactor: 1,
  losePower: null,
  reset: null,
  standStill: null,
  crash: null,
};
