/** The last lines of something that talks, for the moment it fails. */
export interface OutputTail {
  /** Adds text as it comes, in pieces of any size; calls back for each line that is complete. */
  add(text: string, onLine?: (line: string) => void): void;
  /** The last lines, oldest first, with what has no line end yet. */
  lines(): readonly string[];
}

const longestLine = 2000;

/** Starts an empty tail that keeps at most `limit` lines. */
export const outputTail = (limit = 60): OutputTail => {
  const kept: string[] = [];
  let rest = '';
  const keep = (line: string): void => {
    kept.push(line.slice(0, longestLine));
    if (kept.length > limit) kept.shift();
  };
  return {
    add: (text, onLine) => {
      // A carriage return alone redraws a line: only what it ends as counts.
      const parts = (rest + text).split(/\r?\n|\r/u);
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const line = part.replace(/\u001B\[[0-9;?]*[A-Za-z]/gu, '').trimEnd();
        if (line === '') continue;
        keep(line);
        onLine?.(line);
      }
    },
    lines: () => (rest.trim() === '' ? [...kept] : [...kept, rest.trimEnd().slice(0, longestLine)].slice(-limit)),
  };
};

const shown = new WeakSet<object>();

/** Says whether the output behind an error has been shown before, and takes it as shown from now on. */
export const wasShown = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  if (shown.has(error)) return true;
  shown.add(error);
  return false;
};
