import type { MachineView, Strain } from './sample.ts';
import type { Observation } from './read-frames.ts';

/** What a recording keeps of a stream: its samples, and the moments at which the host had none to give. */
export type Recorded = Observation & { readonly kind: 'sample' | 'trouble' };

/** When an observation was made: milliseconds since the epoch on the host's clock. */
export const stampOf = (observation: Recorded): number =>
  observation.kind === 'sample' ? observation.sample.atMs : observation.atMs;

const machineWords = (machine: ReadonlyMap<string, MachineView>): string =>
  [...machine]
    .map(([name, { processId, stateFiles }]) => `${name}=${processId}:${stateFiles?.join(',') ?? '?'}`)
    .join(';') || '-';

/** The last words of a header, or nothing where they were not measured. */
const strainWords = (strain: Strain | undefined, uptimeMs: number | undefined): string =>
  strain === undefined
    ? ''
    : ` ${strain.lateMs}/${strain.tookMs}/${strain.neededMs}/${strain.idleTicks}/${strain.stolenTicks}/${strain.allTicks}/${strain.load.toFixed(2)}${uptimeMs === undefined ? '' : ` ${uptimeMs}`}`;

const microseconds = (ms: number): string => Math.round(ms * 1_000).toString();

/**
 * Writes observations as sampler.sh does, so that `readRecording` reads them again, and evidence and samples from a lab are
 * of one format. They are counted from 1. What has the same status as the one before says so and does not repeat it.
 *
 * @param observations in the order in which they were taken
 */
export const writeRecording = (observations: readonly Recorded[]): Buffer => {
  let previous: string | undefined;
  const frames = observations.map((observation, at) => {
    const { atMs, machine, strain, raw } =
      observation.kind === 'sample'
        ? { strain: undefined, ...observation.sample, raw: observation.xml }
        : { atMs: observation.atMs, machine: new Map<string, MachineView>(), strain: undefined, raw: observation.raw };
    const content = observation.kind === 'trouble' ? 'error' : raw === previous ? 'same' : 'status';
    previous = observation.kind === 'sample' ? raw : undefined;
    const payload = content === 'same' ? '' : raw;
    const stamp = microseconds(atMs);
    return `SAMPLE ${at + 1} ${stamp} ${stamp} ${content} ${Buffer.byteLength(payload)} ${machineWords(machine)}${strainWords(strain, observation.uptimeMs)}\n${payload}\n`;
  });
  return Buffer.from(frames.join(''));
};
