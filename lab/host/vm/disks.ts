import { rm } from 'node:fs/promises';
import { runLocal } from '../../engine/local-command.ts';

const timeoutMs = 60_000;

/**
 * Makes a throw-away disk: a qcow2 that holds what its machine changes of another image, which stays as it is and may be
 * shared by many. One that is there is replaced by a new one, which makes its machine as new.
 */
export const makeOverlay = async (
  overlay: string,
  base: { readonly file: string; readonly format: 'raw' | 'qcow2' },
  signal: AbortSignal,
): Promise<void> => {
  await rm(overlay, { force: true });
  await runLocal('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', base.file, '-F', base.format, overlay], {
    timeoutMs,
    signal,
  });
};
