import { ObservationError } from '../errors.ts';
import type { ClusterStatus } from './cluster-status.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { readCrmMon } from './read-crm-mon.ts';
import { createRepeatCheck } from './repeat-check.ts';
import { createFrameReader } from './frame-reader.ts';
import type { Frame } from './frame-reader.ts';
import type { Sample } from './sample.ts';

/** How long the host had been up at that moment, in milliseconds. Missing in recordings of before it was measured. */
interface Uptime {
  readonly uptimeMs?: number;
}

/** What a stream of sampler.sh tells, in the order in which it tells it. */
export type Observation =
  | ({
      readonly kind: 'sample';
      readonly sample: Sample;
      /** What crm_mon wrote, for evidence. While the status stays the same this is the same string, held once. */
      readonly xml: string;
    } & Uptime)
  /** The host had no status to give, or one that cannot be read; the stream goes on. */
  | ({
      readonly kind: 'trouble';
      readonly number: number;
      /** Milliseconds since the epoch on the host's clock. */
      readonly atMs: number;
      readonly error: ObservationError;
      /** What the host sent in place of a status, for evidence. */
      readonly raw: string;
    } & Uptime)
  /** The sampler ended as it was told to, and says what it cost the host. */
  | { readonly kind: 'end'; readonly cpuMs: number; readonly wallMs: number }
  /** The stream itself cannot be followed: nothing more comes. */
  | { readonly kind: 'broken'; readonly error: ObservationError };

export interface SampleReader {
  /** Takes what arrived, cut anywhere, and returns what it tells. Never throws: trouble is an observation like others. */
  push(chunk: Buffer): readonly Observation[];
  /** Takes note that nothing more arrives. */
  end(): readonly Observation[];
}

type SampleFrame = Frame & { readonly kind: 'sample' };
type Reading = { readonly raw: string } & (
  | { readonly status: ClusterStatus; readonly error?: never }
  | { readonly error: ObservationError; readonly status?: never }
);

function read(frame: SampleFrame, repeatedForMs: ReturnType<typeof createRepeatCheck>): Reading {
  const raw = frame.payload.toString('utf8');
  if (frame.content === 'error') {
    const said =
      raw.trim() === '' ? 'and did not say why (it may have taken too long)' : `and said: ${raw.trim().slice(0, 500)}`;
    const error = new ObservationError(`The host could not tell the cluster's status, ${said}`, {
      kind: 'broken',
      next: 'Run cibadmin --query and crm_mon -1 on the host and look at its pacemaker.log.',
    });
    return { raw, error };
  }
  const repeatedMs = repeatedForMs(raw, frame.answeredMs);
  if (repeatedMs !== null) {
    const error = new ObservationError(
      `crm_mon repeats itself: for ${Math.round(repeatedMs)} ms it has been telling the same moment as that of its answer.`,
      {
        kind: 'broken',
        next: 'See what answers in its place on the host (command -v crm_mon), and whether its clock goes on.',
      },
    );
    return { raw, error };
  }
  try {
    return { raw, status: readCrmMon(decodeUtf8(frame.payload)) };
  } catch (error) {
    if (error instanceof ObservationError) return { raw, error };
    throw error;
  }
}

const nothingYet: Reading = {
  raw: '',
  error: new ObservationError('The sample repeats the one before, and there was none.', {
    kind: 'broken',
    next: 'Open the stream anew; a recording has to be kept from its beginning.',
  }),
};

/**
 * Makes a decoder from the bytes of sampler.sh to samples. A frame that repeats the status before it yields a sample
 * with the very same status object.
 */
export function createSampleReader(): SampleReader {
  const frames = createFrameReader();
  const repeatedForMs = createRepeatCheck();
  let reading = nothingYet;

  const observe = (frame: Frame): Observation => {
    if (frame.kind !== 'sample') return frame;
    if (frame.content !== 'same') reading = read(frame, repeatedForMs);
    const { number, answeredMs: atMs, machine, strain } = frame;
    const uptime = frame.uptimeMs === null ? {} : { uptimeMs: frame.uptimeMs };
    if (reading.error) return { kind: 'trouble', number, atMs, error: reading.error, raw: reading.raw, ...uptime };
    const sample = { number, atMs, status: reading.status, machine, ...(strain && { strain }) };
    return { kind: 'sample', sample, xml: reading.raw, ...uptime };
  };

  return {
    push: (chunk) => frames.push(chunk).map(observe),
    end: () => frames.end().map(observe),
  };
}

/** Reads a whole recording of sampler.sh's stream, as it was kept for evidence. */
export function readRecording(recording: Buffer): readonly Observation[] {
  const reader = createSampleReader();
  return [...reader.push(recording), ...reader.end()];
}

/** The samples among observations, in their order. */
export function samplesOf(observations: readonly Observation[]): readonly Sample[] {
  return observations.flatMap((observation) => (observation.kind === 'sample' ? [observation.sample] : []));
}
