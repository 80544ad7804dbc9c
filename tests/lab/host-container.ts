import type Docker from 'dockerode';
import { findRunningEngine } from '../../lab/engine/find-engine.ts';
import { LabError } from '../../lab/errors.ts';
import type { Lab } from '../../lab/lab.ts';

/** The container that is a lab's host, for what is done to it from outside, and its engine. Throws a LabError if there is none. */
export const hostContainerOf = async ({
  settings,
  state,
}: Lab): Promise<{ readonly docker: Docker; readonly container: Docker.Container }> => {
  const docker = (await findRunningEngine(settings, new AbortController().signal))?.docker;
  const [host] = state.hosts;
  if (!docker || !host)
    throw new LabError(`The lab "${settings.labName}" has no container as its host.`, {
      next: 'bring it up with LAB_HOST=container.',
    });
  return { docker, container: docker.getContainer(host.at) };
};
