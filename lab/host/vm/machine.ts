import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runLocal } from '../../engine/local-command.ts';
import { LabError } from '../../errors.ts';
import { pause } from '../../pause.ts';
import { startTicksOf } from '../../process-lock.ts';
import { connectQmp } from './qmp.ts';

/** What runs a machine's instructions: the processor, or QEMU's own translator. */
export type MachineAccelerator = 'kvm' | 'tcg';

/** A disk of a machine; the first is `/dev/vda`, the next `/dev/vdb`, and so on. */
export interface MachineDisk {
  /** Absolute path of the image. */
  readonly file: string;
  readonly format: 'raw' | 'qcow2';
  readonly access: 'read-write' | 'read-only';
}

/** A machine of its own under QEMU, booted from a kernel and an initrd. Nothing in here knows what it is for. */
export interface MachineSpec {
  /** What it is called in messages and in QEMU's own name. */
  readonly name: string;
  /** Absolute path of the machine's own folder: control socket, console log, process id. Short, for the sake of the socket. */
  readonly folder: string;
  readonly disks: readonly MachineDisk[];
  readonly kernel: string;
  readonly initrd: string;
  /** The kernel's command line. */
  readonly kernelArguments: string;
  readonly accelerator: MachineAccelerator;
  readonly memoryMiB: number;
  readonly processors: number;
}

const runningSchema = z.object({ processId: z.number().int(), startTicks: z.string(), sshPort: z.number().int() });

/** A machine that runs: the process that is it, and the port of the loopback interface that leads to its port 22. */
export type RunningMachine = Readonly<z.infer<typeof runningSchema>>;

const machineSocket = (folder: string): string => join(folder, 'qmp.sock');
/** What the machine's kernel and init say on the serial console, from all its boots. */
const machineConsole = (folder: string): string => join(folder, 'console.log');
/** Reads it. A byte is a character: what a kernel says is cut anywhere when it ends. */
export const readConsole = (folder: string): Promise<string> => readFile(machineConsole(folder), 'latin1');
const runningFile = (folder: string): string => join(folder, 'machine.json');
const processIdFile = (folder: string): string => join(folder, 'qemu.pid');

/** A path of a Unix socket is 107 bytes at most. */
const longestSocketPath = 107;
const startTimeoutMs = 30_000;
const endTimeoutMs = 10_000;

/**
 * An emulated processor is quicker with less to emulate; the kernel trusts its random numbers from the start. QEMU 7.2 leaves
 * the flags of the processor broken after some CMPXCHG16B, for which the kernel then stops in the middle of nowhere: without.
 */
const processorsOf: Readonly<Record<MachineAccelerator, readonly string[]>> = {
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  tcg: ['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'qemu64,+rdrand,-cx16'],
};

/**
 * The arguments of QEMU for a machine: what it has of the network is one port of the loopback interface that leads to its
 * port 22 (`restrict=on`: it reaches nobody); what its disks cache is the machine's own, as they live no longer than it.
 */
export const machineArguments = (spec: MachineSpec): readonly string[] => [
  ...['-name', spec.name, '-machine', 'q35', ...processorsOf[spec.accelerator]],
  ...['-smp', String(spec.processors), '-m', String(spec.memoryMiB)],
  ...['-nodefaults', '-no-user-config', '-display', 'none', '-daemonize', '-pidfile', processIdFile(spec.folder)],
  ...['-kernel', spec.kernel, '-initrd', spec.initrd, '-append', spec.kernelArguments],
  ...spec.disks.flatMap(({ file, format, access }) => [
    '-drive',
    // A comma in a file's name is written twice.
    `if=virtio,file=${file.replaceAll(',', ',,')},format=${format},cache=unsafe,readonly=${access === 'read-only' ? 'on' : 'off'}`,
  ]),
  ...['-netdev', 'user,id=network,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:0-:22'],
  ...['-device', 'virtio-net-pci,netdev=network,romfile='],
  ...['-chardev', `file,id=console,path=${machineConsole(spec.folder).replaceAll(',', ',,')},append=on`],
  ...['-serial', 'chardev:console'],
  ...['-qmp', `unix:${machineSocket(spec.folder).replaceAll(',', ',,')},server=on,wait=off`],
];

/**
 * Starts a machine, which outlives this process. It returns once QEMU runs it, before it has booted.
 * @throws LabError with QEMU's own words if it does not start.
 */
export const startMachine = async (spec: MachineSpec, signal: AbortSignal): Promise<RunningMachine> => {
  const socket = machineSocket(spec.folder);
  if (Buffer.byteLength(socket) > longestSocketPath)
    throw new LabError(`The path of the machine's control socket is too long: ${socket}.`, {
      next: 'set LAB_CACHE_DIR to a shorter path.',
    });
  await mkdir(spec.folder, { recursive: true, mode: 0o700 });
  await Promise.all([socket, runningFile(spec.folder)].map((path) => rm(path, { force: true })));
  // Made by QEMU itself it could be read by everybody.
  await (await open(machineConsole(spec.folder), 'a', 0o600)).close();
  await runLocal('qemu-system-x86_64', machineArguments(spec), { timeoutMs: startTimeoutMs, signal });
  const processId = Number(await readFile(processIdFile(spec.folder), 'utf8'));
  await using qmp = await connectQmp(socket);
  const network = await qmp.execute('human-monitor-command', { 'command-line': 'info usernet' });
  const port = /HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/u.exec(String(network))?.[1];
  const startTicks = await startTicksOf(processId);
  if (port === undefined || startTicks === null)
    throw new LabError(`The machine ${spec.name} has no port on the loopback interface: ${String(network)}`, {
      next: 'its console log says more, if its QEMU has ended.',
    });
  const running: RunningMachine = { processId, startTicks, sshPort: Number(port) };
  const aside = `${runningFile(spec.folder)}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(running)}\n`, { mode: 0o600 });
  await rename(aside, runningFile(spec.folder));
  return running;
};

/** Returns the machine that runs from this folder, or null if none does. */
export const findMachine = async (folder: string): Promise<RunningMachine | null> => {
  const text = await readFile(runningFile(folder), 'utf8').catch(() => 'null');
  const running = runningSchema.safeParse(JSON.parse(text));
  if (!running.success) return null;
  // The id alone may be another process's by now.
  return (await startTicksOf(running.data.processId)) === running.data.startTicks ? running.data : null;
};

/**
 * Cuts a machine's power: QEMU ends at once, and with it all that the machine has not written to its disks.
 * @returns Whether there was one that ran.
 */
export const cutPower = async (folder: string): Promise<boolean> => {
  const running = await findMachine(folder);
  if (running === null) return await endHalfStarted(folder);
  await tell(folder, 'quit').catch(() => undefined);
  await endProcess(running.processId, running.startTicks);
  return true;
};

/**
 * Waits until a QEMU that was told to end has, and kills it only if it does not: what it has not written of a qcow2 by then
 * breaks what is on it.
 */
const endProcess = async (processId: number, startTicks: string | null): Promise<void> => {
  if (await hasEnded(processId, startTicks)) return;
  end(processId);
  if (await hasEnded(processId, startTicks)) return;
  throw new LabError(`The machine's QEMU (process ${processId}) does not end.`, {
    next: `end it by hand: kill -9 ${processId}`,
  });
};

/** Ends a QEMU that was cut off between its start and the moment when it was written down. */
const endHalfStarted = async (folder: string): Promise<boolean> => {
  const processId = Number(await readFile(processIdFile(folder), 'utf8').catch(() => '0'));
  const commandLine = processId > 0 ? await readFile(`/proc/${processId}/cmdline`, 'utf8').catch(() => '') : '';
  if (!commandLine.includes(`\0${processIdFile(folder)}\0`)) return false;
  const startTicks = await startTicksOf(processId);
  end(processId);
  await endProcess(processId, startTicks);
  return true;
};

const end = (processId: number): void => {
  try {
    process.kill(processId, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/**
 * Presses the power button and waits until the machine has shut down by itself; its power is cut if it has not in time.
 * @param limitMs How long it may take, in milliseconds.
 */
export const shutDown = async (folder: string, limitMs: number, signal?: AbortSignal): Promise<void> => {
  const running = await findMachine(folder);
  if (running === null) return;
  await using qmp = await connectQmp(machineSocket(folder));
  await qmp.execute('system_powerdown');
  const limit = new AbortController();
  await Promise.race([
    qmp.closed,
    pause(limitMs, signal ? AbortSignal.any([signal, limit.signal]) : limit.signal),
  ]).finally(() => {
    limit.abort();
  });
  await qmp.close();
  await cutPower(folder);
};

const tell = async (folder: string, command: string): Promise<unknown> => {
  await using qmp = await connectQmp(machineSocket(folder));
  return await qmp.execute(command);
};

/** Presses the reset button: the machine boots at once, in the same QEMU. */
export const resetMachine = async (folder: string): Promise<void> => {
  await tell(folder, 'system_reset');
};

/** Has a machine that stands still go on; nothing for one that does. */
export const goOn = async (folder: string): Promise<void> => {
  await tell(folder, 'cont');
};

const statusSchema = z.object({ status: z.string() });

/**
 * Has a machine stand still, its processors and its clocks, and go on again, also when the signal aborts.
 * @param forMs For how long, in milliseconds.
 * @returns What QEMU said that it was meanwhile: "paused".
 */
export const standStill = async (folder: string, forMs: number, signal?: AbortSignal): Promise<string> => {
  await tell(folder, 'stop');
  try {
    const { status } = statusSchema.parse(await tell(folder, 'query-status'));
    await pause(forMs, signal);
    return status;
  } finally {
    await goOn(folder);
  }
};

/** Says whether a process has ended within the time that it has for that. */
const hasEnded = async (processId: number, startTicks: string | null): Promise<boolean> => {
  const until = performance.now() + endTimeoutMs;
  while (startTicks !== null && (await startTicksOf(processId)) === startTicks) {
    if (performance.now() > until) return false;
    await pause(20);
  }
  return true;
};
