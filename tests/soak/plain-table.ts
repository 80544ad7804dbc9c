import Table from 'cli-table3';

const lines = ['top', 'bottom', 'left', 'right', 'mid', 'left-mid', 'mid-mid', 'right-mid', 'middle'];
const corners = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'];

/** Renders a table without lines. Takes the head and the rows. */
export const plainTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const made = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    chars: Object.fromEntries([...lines, ...corners].map((name) => [name, ''])),
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};
