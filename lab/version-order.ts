/** Says whether a version such as `2.1.10` comes before another one. */
export const isBefore = (version: string, other: string): boolean =>
  version.localeCompare(other, 'en', { numeric: true }) < 0;
