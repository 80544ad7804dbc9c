import { ObservationError } from '../../../lab/errors.ts';

/** What reading gives, or the typed error that it throws. Whatever else it throws goes on: that is a crash. */
export function outcomeOf<Value>(read: () => Value): Value | ObservationError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ObservationError) return error;
    throw error;
  }
}
