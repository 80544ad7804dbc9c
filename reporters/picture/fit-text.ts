/** How wide a character is on average, by its size; a little more than most fonts need. */
const widthOfCharacter = 0.6;

/** Estimates how wide a text of that size in pixels is drawn. */
export const textWidth = (text: string, size: number): number => text.length * size * widthOfCharacter;

/** Shortens a text in its middle, where names that are long differ least, until it fits into the width in pixels. */
export function shortened(text: string, size: number, width: number): string {
  const most = Math.max(3, Math.floor(width / (size * widthOfCharacter)));
  if (text.length <= most) return text;
  const tail = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Returns the first of the texts that fits into the width in pixels, or an empty one. */
export const fitting = (texts: readonly string[], size: number, width: number): string =>
  texts.find((text) => textWidth(text, size) <= width) ?? '';

/** Breaks a text into lines of at most that width in pixels, at its spaces. */
export function wrapped(text: string, size: number, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(shortened(word, size, width));
  }
  return lines;
}
