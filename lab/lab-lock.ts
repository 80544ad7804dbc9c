import { join } from 'node:path';
import { acquireLock, type ProcessLock } from './process-lock.ts';
import type { Settings } from './settings.ts';

/**
 * Takes the lock of a lab, for everything that changes it. It lies beside the lab's folder, which comes and goes.
 * Throws a LockError that says who holds it.
 */
export const lockLab = (settings: Settings, purpose: string): Promise<ProcessLock> =>
  acquireLock(join(settings.cacheDir, 'labs', `${settings.labName}.lock`), { purpose });
