import type { MachineView, Strain } from './sample.ts';

/** What the first line of a frame says; sampler.sh documents the format. */
export type FrameHeader =
  | {
      readonly kind: 'sample';
      readonly number: number;
      /** Milliseconds since the epoch on the host's clock, with a fraction. */
      readonly askedMs: number;
      readonly answeredMs: number;
      readonly content: 'status' | 'same' | 'error';
      readonly payloadBytes: number;
      readonly machine: ReadonlyMap<string, MachineView>;
      /** Null in recordings of before it was measured. */
      readonly strain: Strain | null;
      /** How long the host had been up when it answered, by a clock that nobody sets; null in recordings of before it was measured. */
      readonly uptimeMs: number | null;
    }
  | { readonly kind: 'end'; readonly cpuMs: number; readonly wallMs: number };

function parseMachine(text: string): ReadonlyMap<string, MachineView> | undefined {
  const machine = new Map<string, MachineView>();
  if (text === '-') return machine;
  for (const entry of text.split(';')) {
    const [, name, processId, files] = /^([^=:;]+)=(\d{1,10}):(.*)$/.exec(entry) ?? [];
    if (name === undefined || files === undefined || machine.has(name)) return undefined;
    const stateFiles = files === '?' ? null : files === '' ? [] : files.split(',');
    machine.set(name, { processId: Number(processId), stateFiles });
  }
  return machine;
}

function parseStrain(text: string): Strain | undefined {
  const fields = /^(\d{1,9})\/(\d{1,9})\/(\d{1,9})\/(\d{1,15})\/(\d{1,15})\/(\d{1,15})\/(\d{1,6}\.\d\d)$/.exec(text);
  if (!fields) return undefined;
  const [lateMs = 0, tookMs = 0, neededMs = 0, idleTicks = 0, stolenTicks = 0, allTicks = 0, load = 0] = fields
    .slice(1)
    .map(Number);
  return { lateMs, tookMs, neededMs, idleTicks, stolenTicks, allTicks, load };
}

/** Parses a frame's first line, without its newline. Returns undefined for anything that sampler.sh does not write. */
export function parseFrameHeader(line: string): FrameHeader | undefined {
  const end = /^END (\d{1,16}) (\d{1,16})$/.exec(line);
  if (end) return { kind: 'end', cpuMs: Number(end[1]) / 1000, wallMs: Number(end[2]) / 1000 };
  const fields =
    /^SAMPLE (\d{1,12}) (\d{16}) (\d{16}) (status|same|error) (\d{1,12}) (\S+)(?: (\S+)(?: (\d{1,16}))?)?$/.exec(line);
  if (!fields) return undefined;
  const machine = parseMachine(fields[6] ?? '');
  const strain = fields[7] === undefined ? null : parseStrain(fields[7]);
  const content = fields[4] as 'status' | 'same' | 'error';
  const payloadBytes = Number(fields[5]);
  if (!machine || strain === undefined || (content === 'same' && payloadBytes > 0)) return undefined;
  return {
    kind: 'sample',
    number: Number(fields[1]),
    askedMs: Number(fields[2]) / 1000,
    answeredMs: Number(fields[3]) / 1000,
    content,
    payloadBytes,
    machine,
    strain,
    uptimeMs: fields[8] === undefined ? null : Number(fields[8]),
  };
}
