/** The sign that stands before what came of a drill. */
export const marks = { passed: '✓', failed: '✘', inconclusive: '?', 'known finding': '!', skipped: '-' } as const;

const end = new RegExp(`^\\[ *\\d+/\\d+\\] [${Object.values(marks).join('')}] `, 'u');

/** Says whether a line that the progress reporter printed, without colours, tells the end of a drill. */
export const isDrillEnd = (line: string): boolean => end.test(line);
