/** Whether a text may carry colour codes. */
export type Colour = 'colour' | 'plain';

/** What of a terminal matters here. */
export interface Terminal {
  readonly isTTY?: boolean;
  hasColors?(environment?: object): boolean;
}

/** Says whether colours may be written to a stream: to a terminal that has them, unless NO_COLOR (https://no-color.org) says no. */
export function colourFor(stream: Terminal, environment: Readonly<Record<string, string | undefined>>): Colour {
  const noColour = environment.NO_COLOR !== undefined && environment.NO_COLOR !== '';
  return !noColour && stream.isTTY === true && stream.hasColors?.(environment) === true ? 'colour' : 'plain';
}
