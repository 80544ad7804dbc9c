import { ObservationError } from '../errors.ts';

/**
 * Decodes what a host sent, as UTF-8.
 *
 * @param bytes all of it
 * @throws ObservationError `broken` where it is not UTF-8; nothing is replaced by something that looks like it
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ObservationError('The status is not UTF-8.', {
      kind: 'broken',
      cause,
      next: 'Look at the raw sample; if it was cut short, look for a full disk or a killed process on the host.',
    });
  }
}
