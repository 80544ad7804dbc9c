/** Where progress is written. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A terminal with lines that last, and below them some that are redrawn. */
export interface Screen {
  /** Writes text that stays; a line's end is added where there is none. */
  print(text: string): void;
  /** Replaces the lines at the bottom. */
  live(lines: readonly string[]): void;
}

const widthWithoutTerminal = 100;

/** Cuts a line to what fits, so that the terminal does not break it. */
const fit = (line: string, columns: number): string =>
  line.length < columns ? line : `${line.slice(0, Math.max(columns - 2, 0))}…`;

/** Makes a screen of a terminal. Lines that are redrawn must not carry colour codes. */
export function openScreen(output: Output): Screen {
  let shown: readonly string[] = [];
  const erase = (): string => (shown.length === 0 ? '' : `\u001b[${shown.length}A\r\u001b[0J`);
  const draw = (): string => shown.map((line) => `${line}\n`).join('');
  return {
    print(text) {
      output.write(`${erase()}${text.endsWith('\n') ? text : `${text}\n`}${draw()}`);
    },
    live(lines) {
      const before = erase();
      shown = lines.map((line) => fit(line, output.columns ?? widthWithoutTerminal));
      if (before !== '' || shown.length > 0) output.write(`${before}${draw()}`);
    },
  };
}
