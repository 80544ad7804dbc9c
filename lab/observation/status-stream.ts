import { readFileSync } from 'node:fs';
import { ObservationError, TransportError } from '../errors.ts';
import type { CommandStream, HostShell } from '../transport/host-shell.ts';
import { createSampleReader } from './read-frames.ts';
import type { Sample } from './sample.ts';
import { createStampCheck } from './stamp-check.ts';
import { stampOf, type Recorded } from './write-frames.ts';

const samplerScript = readFileSync(new URL('./sampler.sh', import.meta.url), 'utf8');

/** A host that sends no sample for this long beyond its pace has stalled. The sampler's own commands end after 5 s each. */
const stallGraceMs = 12_000;
const questionLimitSeconds = 5;
/** On an emulated host a sample can take a second of a processor: sampling is to leave most of it to the cluster. */
const restOnSlowHosts = 1;
/** Samples kept: at the fastest pace those of twenty minutes. */
const keptSamples = 12_000;

/** The samples of one host as they come, and those that came. */
export interface StatusStream {
  /**
   * Sets the pace in milliseconds from one sample to the next and returns a function that sets back the pace before.
   */
  setPace(paceMs: number): () => void;
  /** Waits for the next sample that the host takes from now on. */
  next(signal?: AbortSignal): Promise<Sample>;
  /**
   * Waits until a sample, the latest one or a coming one, satisfies the predicate, and returns it. Throws an ObservationError
   * when the time is over or the stream can't be read, and a TransportError when the way to the host breaks.
   */
  until(predicate: (sample: Sample) => boolean, options: UntilOptions): Promise<Sample>;
  /**
   * Lets the host's clock be set by so many milliseconds, and back, by a fault: stamps go on as if it had not been. Where it jumps
   * otherwise, the stream ends with an ObservationError.
   */
  allowClockSetBy(ms: number): void;
  /** Every sample since the given stamp of the host's clock (milliseconds), oldest first. */
  since(hostTimeMs: number): readonly Sample[];
  /** The same, with what the host sent: also the moments at which it had no status to give. For evidence. */
  recorded(hostTimeMs: number): readonly Recorded[];
  /** Ends the stream and returns what it cost the host, or undefined if it could not say. */
  close(): Promise<SamplingCost | undefined>;
}

export interface UntilOptions {
  /** How long it may take on a host with a processor of its own; a slower one is given so many times longer. */
  readonly timeoutMs: number;
  /** What is waited for, for the message: `the steady state`. */
  readonly what: string;
  readonly signal?: AbortSignal;
}

export interface SamplingCost {
  /** CPU time of the sampler and everything it started on the host. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

/**
 * Starts sampling the cluster on a host over one long-lived channel, at the given pace in milliseconds.
 * @param timeFactor How many times longer than on a processor of its own everything takes on that host: so many times slower
 * is the pace, or sampling would take all that the cluster needs, and so much longer may a sample take. Where it is more than 1
 * samples come more slowly yet if each takes long.
 *
 * A stream that is cut because the way to the host breaks goes on over the next connection, if the shell makes one: its samples are numbered
 * on, and what is missing between them shows by their stamps.
 */
export const openStatusStream = async (shell: HostShell, paceMs: number, timeFactor = 1): Promise<StatusStream> => {
  const graceMs = stallGraceMs * timeFactor;
  let lastNumber = 0;
  const open = (pace: number): Promise<CommandStream> =>
    shell.stream(samplerScript, {
      args: [pace, questionLimitSeconds * timeFactor, lastNumber, timeFactor > 1 ? restOnSlowHosts : 0].map(String),
    });
  let channel = await open(paceMs * timeFactor);
  const samples: Sample[] = [];
  const observations: Recorded[] = [];
  const listeners = new Set<(event: Sample | Error) => void>();
  let broken: Error | undefined;
  let lastProblem: ObservationError | undefined;
  let cost: SamplingCost | undefined;
  let pace = paceMs * timeFactor;
  let closing = false;

  const tell = (event: Sample | Error): void => {
    for (const listener of [...listeners]) listener(event);
  };
  const breakWith = (error: Error): void => {
    if (broken || closing) return;
    broken = error;
    clearTimeout(watchdog);
    channel.io.destroy();
    tell(error);
  };
  const stalled = (): void => {
    breakWith(
      new ObservationError(`${shell.hostName} has sent no sample for ${graceMs + pace} ms.`, {
        kind: 'stalled',
        next: 'the host hangs or the machine is overloaded; "npm run lab status" shows whether it answers at all.',
      }),
    );
  };
  let watchdog = setTimeout(stalled, graceMs + pace);

  const stamps = createStampCheck();
  /** All that is read off samples is read off the host's stamps: where they do not go on as time does, nothing can be. */
  const withSteadyStamp = (event: Recorded): Recorded => {
    if (event.uptimeMs === undefined) return event;
    const checked = stamps.read(stampOf(event), event.uptimeMs);
    if ('jumpedMs' in checked)
      throw new ObservationError(
        `The clock of ${shell.hostName} jumped ${checked.jumpedMs > 0 ? 'ahead' : 'back'} by ${Math.round(Math.abs(checked.jumpedMs))} ms between two samples.`,
        {
          kind: 'broken',
          next: 'see what sets it (chrony, a resumed machine); what was watched meanwhile has no times.',
        },
      );
    const { atMs } = checked;
    return event.kind === 'sample' ? { ...event, sample: { ...event.sample, atMs } } : { ...event, atMs };
  };

  const isOver = (): boolean => closing || broken !== undefined;
  const follow = (followed: CommandStream): void => {
    // What was cut in the middle of a sample is not the beginning of the next one.
    const reader = createSampleReader();
    stamps.beginAnew();
    followed.io.on('data', (chunk: Buffer) => {
      watchdog.refresh();
      try {
        for (const told of reader.push(chunk)) {
          const event = told.kind === 'sample' || told.kind === 'trouble' ? withSteadyStamp(told) : told;
          if (event.kind === 'sample' || event.kind === 'trouble') {
            lastNumber = event.kind === 'sample' ? event.sample.number : event.number;
            observations.push(event);
            if (observations.length > keptSamples) observations.shift();
          }
          if (event.kind === 'sample') {
            lastProblem = undefined;
            samples.push(event.sample);
            if (samples.length > keptSamples) samples.shift();
            tell(event.sample);
          } else if (event.kind === 'end') {
            cost = { cpuMs: event.cpuMs, wallMs: event.wallMs };
          } else if (event.kind === 'trouble' && event.error.kind === 'not-connected') {
            // A cluster that does not run is a state of the host, not a fault of the stream.
            lastProblem = event.error;
          } else {
            breakWith(event.error);
          }
        }
      } catch (error) {
        breakWith(error instanceof Error ? error : new Error(String(error)));
      }
    });
    followed.io.on('error', () => undefined);
    void followed.ended.then(async (exitCode) => {
      const next = 'see if the host still runs with "npm run lab status"; "npm run lab up" brings it back.';
      if (exitCode !== undefined) {
        const said = followed.stderr().trim();
        breakWith(
          new TransportError(`The sampler on ${shell.hostName} ended with exit status ${exitCode}: ${said}`, { next }),
        );
        return;
      }
      if (isOver()) return;
      try {
        channel = await open(pace);
      } catch (cause) {
        breakWith(new TransportError(`The stream of samples from ${shell.hostName} was cut.`, { cause, next }));
        return;
      }
      if (isOver()) channel.io.destroy();
      else follow(channel);
    });
  };
  follow(channel);

  const wait = (accept: (sample: Sample) => boolean, options: UntilOptions): Promise<Sample> =>
    new Promise((resolve, reject) => {
      const { signal } = options;
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        listeners.delete(listener);
        signal?.removeEventListener('abort', abort);
        finish();
      };
      const abort = (): void => {
        settle(() => {
          reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
        });
      };
      const listener = (event: Sample | Error): void => {
        if (event instanceof Error) {
          settle(() => {
            reject(event);
          });
        } else if (accept(event)) {
          settle(() => {
            resolve(event);
          });
        }
      };
      const timeoutMs = options.timeoutMs * timeFactor;
      const timer = setTimeout(() => {
        const why = lastProblem && ` The last thing ${shell.hostName} said: ${lastProblem.message}`;
        settle(() => {
          reject(
            new ObservationError(
              `Waited ${timeoutMs} ms for ${options.what} on ${shell.hostName} in vain.${why ?? ''}`,
              {
                kind: 'timeout',
                cause: lastProblem,
              },
            ),
          );
        });
      }, timeoutMs);
      if (broken) {
        listener(broken);
        return;
      }
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      listeners.add(listener);
    });

  return {
    setPace(paceMs) {
      const before = pace;
      const set = (value: number): void => {
        pace = value;
        if (!broken && !closing) channel.io.write(`every ${value}\n`);
        clearTimeout(watchdog);
        if (!broken && !closing) watchdog = setTimeout(stalled, graceMs + value);
      };
      set(paceMs * timeFactor);
      return () => {
        set(before);
      };
    },
    next: (signal) =>
      wait(() => true, { timeoutMs: (graceMs + pace) / timeFactor, what: 'a sample', ...(signal && { signal }) }),
    until(predicate, options) {
      const last = samples.at(-1);
      if (!broken && last && predicate(last)) return Promise.resolve(last);
      return wait(predicate, options);
    },
    allowClockSetBy(ms) {
      stamps.allow(ms);
    },
    since: (hostTimeMs) => samples.filter((sample) => sample.atMs >= hostTimeMs),
    recorded: (hostTimeMs) => observations.filter((observation) => stampOf(observation) >= hostTimeMs),
    async close() {
      if (closing) return cost;
      closing = true;
      clearTimeout(watchdog);
      if (broken) return undefined;
      channel.io.write('stop\n');
      const gone = new Promise((resolve) => setTimeout(resolve, 2_000).unref());
      await Promise.race([channel.ended, shell.lost, gone]);
      channel.io.destroy();
      return cost;
    },
  };
};
