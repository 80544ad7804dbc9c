import type Docker from 'dockerode';
import type { EngineAddress } from './address.ts';

/** A Docker Engine that answers. */
export interface Engine {
  readonly docker: Docker;
  /** Its address, as DOCKER_HOST would name it. */
  readonly address: string;
  /** How it was found: named by DOCKER_HOST, on one of the usual sockets, or a daemon of our own. */
  readonly source: 'environment' | 'usual-socket' | 'private-daemon';
}

const pingTimeoutMs = 5000;

/** Connects to an engine without asking it anything. dockerode is heavy: it is loaded here, when it is needed. */
export const connectEngine = async (address: EngineAddress): Promise<Docker> => {
  const { default: Dockerode } = await import('dockerode');
  return new Dockerode(address.options);
};

/**
 * Asks an engine whether it is there, for at most five seconds.
 * @returns The connection, or the error that came instead of an answer.
 */
export const tryEngine = async (address: EngineAddress, signal: AbortSignal): Promise<Docker | Error> => {
  try {
    const docker = await connectEngine(address);
    // Its types do not know the options that it takes.
    const ping = docker.ping.bind(docker) as (options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;
    await ping({ abortSignal: AbortSignal.any([signal, AbortSignal.timeout(pingTimeoutMs)]) });
    return docker;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
};
