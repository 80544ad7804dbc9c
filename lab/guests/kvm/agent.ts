import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CommandError, LabError } from '../../errors.ts';
import type { GuestPlan } from '../../plan.ts';
import { quote, type CommandResult, type HostShell, type RunOptions } from '../../transport/host-shell.ts';
import { pause } from '../../pause.ts';
import type { GuestClock } from '../guest-kind.ts';
import { consoleLog } from './domain-xml.ts';

const defaultTimeoutMs = 30_000;
const pollMs = 30;
/** How long the agent itself may take for one answer: in seconds, for virsh. */
const answerTimeoutSeconds = 5;

/**
 * Asks QEMU's guest agent, over the machine's own serial channel and so on no network. Takes a command of its protocol
 * and the arguments; returns what stands under `return`. Throws a CommandError if the guest does not run or its agent
 * does not answer. See https://qemu.readthedocs.io/en/latest/interop/qemu-ga-ref.html.
 */
export const askAgent = async <Answer>(
  shell: HostShell,
  guest: GuestPlan,
  command: string,
  shape: z.ZodType<Answer>,
  given?: Readonly<Record<string, unknown>>,
): Promise<Answer> => {
  const request = JSON.stringify({ execute: command, arguments: given });
  const { stdout } = await shell.run(
    `virsh -c qemu:///system qemu-agent-command --timeout ${answerTimeoutSeconds} ${guest.name} "$(cat)"`,
    { input: request, timeoutMs: (answerTimeoutSeconds + 5) * 1000 },
  );
  const answer = z.object({ return: shape }).safeParse(JSON.parse(stdout));
  if (!answer.success)
    throw new LabError(`The agent of ${guest.name} answers ${command} with what can't be understood: ${stdout.trim()}`);
  return answer.data.return;
};

const consolePollMs = 50;
const endMark = '-- end';

const started = z.object({ pid: z.number() });
const ended = z.object({
  exited: z.boolean(),
  exitcode: z.number().optional(),
  signal: z.number().optional(),
  'out-data': z.string().optional(),
  'err-data': z.string().optional(),
});

const text = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString();

/** Runs a bash script in a KVM guest through its agent; see `runInGuest`. The limit is kept in the guest. */
export const runByAgent = async (
  shell: HostShell,
  guest: GuestPlan,
  script: string,
  { timeoutMs = defaultTimeoutMs, input, accept = [0], signal }: RunOptions = {},
): Promise<CommandResult> => {
  const { pid } = await askAgent(shell, guest, 'guest-exec', started, {
    path: '/usr/bin/timeout',
    arg: ['--kill-after=1', String(timeoutMs / 1000), '/bin/bash', '-c', script],
    'capture-output': true,
    ...(input !== undefined && { 'input-data': Buffer.from(input).toString('base64') }),
  });
  const until = performance.now() + timeoutMs + 10_000;
  for (;;) {
    const status = await askAgent(shell, guest, 'guest-exec-status', ended, { pid });
    if (status.exited) {
      const result = {
        stdout: text(status['out-data']),
        stderr: text(status['err-data']),
        exitCode: status.exitcode ?? -1,
      };
      if (accept.includes(result.exitCode)) return result;
      throw new CommandError(
        `A command in ${guest.name} ended with ${status.exitcode ?? `signal ${status.signal ?? '?'}`}: ` +
          `${script.trim()}\n${result.stderr.trim() || result.stdout.trim()}`,
      );
    }
    if (performance.now() > until)
      throw new CommandError(`A command in ${guest.name} did not end within ${timeoutMs} ms: ${script.trim()}`);
    await pause(pollMs, signal);
  }
};

/**
 * Runs a bash script of which the guest may not survive the end; see `runLastInGuest`. What it prints comes over the
 * serial console, which the host keeps in a file, since the agent can't be asked any more.
 */
export const runOverConsole = async (
  shell: HostShell,
  guest: GuestPlan,
  script: string,
  { timeoutMs = defaultTimeoutMs, accept = [0] }: Pick<RunOptions, 'timeoutMs' | 'accept'> = {},
): Promise<CommandResult> => {
  const mark = `lab-said-${randomUUID()}`;
  await askAgent(shell, guest, 'guest-exec', started, {
    path: '/bin/bash',
    // A guest that shuts down stops its agent at once, with everything that it runs.
    arg: ['-c', `trap '' TERM; said=$(${script}\n)\nprintf '\\n%s %s %s ${endMark}\\n' ${mark} $? "$said" >/dev/ttyS0`],
  });
  // A line without its end is still being written.
  const { stdout: line } = await shell.run(
    `for _ in $(seq ${Math.ceil(timeoutMs / consolePollMs)}); do
      grep -a -m1 '^${mark} .* ${endMark}' ${consoleLog(guest.name)} && exit
      sleep ${consolePollMs / 1000}
    done`,
    { timeoutMs: timeoutMs + 5_000 },
  );
  const [, status, said = ''] = new RegExp(`^\\S+ (\\d+) (.*) ${endMark}`).exec(line) ?? [];
  if (status === undefined)
    throw new CommandError(
      `A command in ${guest.name} said nothing on its console within ${timeoutMs} ms: ${script.trim()}`,
    );
  const exitCode = Number(status);
  if (!accept.includes(exitCode))
    throw new CommandError(`A command in ${guest.name} ended with ${exitCode}: ${script.trim()}\n${said}`);
  return { stdout: said, stderr: '', exitCode };
};

/** The host's own bash script for the same, if the guest runs: see `GuestKind.ifItRuns`. It waits for 30 s at most. */
export const execByAgentIfItRuns = (guest: GuestPlan, script: string): string =>
  `[ "$(virsh -c qemu:///system domstate ${guest.name} 2>/dev/null)" = running ] || exit 0
  ${execByAgent(guest, script)}`;

/** The same for a guest that has to run: the script fails with one that does not, or not yet. */
export const execByAgent = (guest: GuestPlan, script: string): string => {
  const request = { execute: 'guest-exec', arguments: { path: '/bin/bash', arg: ['-c', script] } };
  return `ask() { virsh -c qemu:///system qemu-agent-command --timeout ${answerTimeoutSeconds} ${guest.name} "$1"; }
  answer=$(ask ${quote(JSON.stringify(request))}) || exit 1
  for _ in $(seq 300); do
    status=$(ask '{"execute":"guest-exec-status","arguments":{"pid":'"\${answer//[^0-9]/}"'}}') || exit 1
    if [[ $status == *'"exited":true'* ]]; then
      status=\${status##*'"exitcode":'}
      exit "\${status%%[!0-9]*}"
    fi
    sleep 0.1
  done
  exit 1`;
};

/** Compares the guest's clock with the host's; half the time that the question takes is what that may be wrong by. */
export const readClock = async (shell: HostShell, guest: GuestPlan): Promise<GuestClock> => {
  const { stdout } = await shell.run(
    `asked=\${EPOCHREALTIME/[.,]/}
    answer=$(virsh -c qemu:///system qemu-agent-command --timeout ${answerTimeoutSeconds} ${quote(guest.name)} '{"execute":"guest-get-time"}') || exit
    echo "$asked \${EPOCHREALTIME/[.,]/} \${answer//[^0-9]/}"`,
  );
  const [askedUs, answeredUs, guestNs] = stdout.trim().split(' ').map(Number);
  if (!askedUs || !answeredUs || !guestNs)
    throw new LabError(`The clock of ${guest.name} can't be read: ${stdout.trim()}`);
  return {
    aheadMs: guestNs / 1e6 - (askedUs + answeredUs) / 2 / 1e3,
    errorMs: (answeredUs - askedUs) / 2 / 1e3,
  };
};
