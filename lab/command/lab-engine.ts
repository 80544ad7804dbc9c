import type Docker from 'dockerode';
import { findRunningEngine } from '../engine/find-engine.ts';
import { LabError } from '../errors.ts';
import { labCommand, readLabState } from '../lab-state.ts';
import type { Settings } from '../settings.ts';

/**
 * Finds the engine on which the lab of these settings is up, for commands that only use a lab: nothing is started.
 * Throws a LabError if there is no such lab, or no engine runs that it could be on.
 */
export const findLabEngine = async (settings: Settings, signal: AbortSignal): Promise<Docker> => {
  const up = labCommand(settings, 'up');
  if (!(await readLabState(settings)))
    throw new LabError(`There is no lab "${settings.labName}".`, { next: `bring it up: ${up}` });
  const engine = await findRunningEngine(settings, signal);
  if (engine) return engine.docker;
  throw new LabError(`The lab "${settings.labName}" was up, but the engine that it was on does not run any more.`, {
    next: `bring both up again: ${up}`,
  });
};
