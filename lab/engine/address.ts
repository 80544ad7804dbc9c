import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';
import { UsageError } from '../errors.ts';
import type { Environment } from '../settings.ts';

/** Where an engine may answer: as people write it, and as dockerode wants it. */
export interface EngineAddress {
  readonly text: string;
  readonly options: DockerOptions;
}

/** Address of an engine behind a Unix socket. */
export const socketAddress = (path: string): EngineAddress => ({
  text: `unix://${path}`,
  // Given as undefined, these win over what dockerode would read from the environment by itself.
  options: { socketPath: path, host: undefined, port: undefined, protocol: 'http' },
});

/** The sockets an engine usually listens on: the machine's, a rootless one, Docker Desktop's. */
export const usualSockets = (environment: Environment): readonly EngineAddress[] => {
  const runtime = environment.XDG_RUNTIME_DIR;
  const home = nonEmpty(environment.HOME) ?? homedir();
  return [
    '/var/run/docker.sock',
    ...(runtime === undefined || runtime === '' ? [] : [join(runtime, 'docker.sock')]),
    join(home, '.docker/run/docker.sock'),
  ].map(socketAddress);
};

/**
 * Reads the address that DOCKER_HOST names, with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH as the docker command takes them.
 * @returns The address, or null where DOCKER_HOST is not set.
 * @throws UsageError for an address that cannot be used, saying what can.
 */
export const addressFromEnvironment = (environment: Environment): EngineAddress | null => {
  const text = environment.DOCKER_HOST;
  if (text === undefined || text === '') return null;
  if (text.startsWith('unix://')) return socketAddress(text.slice('unix://'.length) || '/var/run/docker.sock');
  const spelled = text.includes('://') ? text : `tcp://${text}`;
  const url = URL.canParse(spelled) ? new URL(spelled) : null;
  if (url?.protocol === 'ssh:') {
    // dockerode would take any host key, and a lab does not trust blindly.
    throw new UsageError(`DOCKER_HOST is "${text}": engines over SSH are not offered.`, {
      next: `Forward the socket (ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock ${url.host}) and set DOCKER_HOST=unix:///tmp/engine.sock.`,
    });
  }
  if (url === null || !['tcp:', 'http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new UsageError(`DOCKER_HOST is "${text}", which is not the address of an engine.`, {
      next: 'Set it to unix:///path/to/socket or tcp://host:port, or leave it out.',
    });
  }
  const encrypted = Boolean(environment.DOCKER_TLS_VERIFY) || url.protocol === 'https:';
  return {
    text,
    options: {
      host: url.hostname,
      port: Number(url.port || (encrypted ? 2376 : 2375)),
      protocol: encrypted ? 'https' : 'http',
      ...(encrypted ? certificates(environment) : {}),
    },
  };
};

/** A variable set to nothing counts as not set. */
const nonEmpty = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

const certificates = (environment: Environment): DockerOptions => {
  const folder = nonEmpty(environment.DOCKER_CERT_PATH) ?? join(nonEmpty(environment.HOME) ?? homedir(), '.docker');
  const read = (name: string): Buffer => {
    try {
      return readFileSync(join(folder, name));
    } catch (error) {
      throw new UsageError(`DOCKER_TLS_VERIFY is set, but ${join(folder, name)} cannot be read.`, {
        cause: error,
        next: 'Set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem.',
      });
    }
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
};
