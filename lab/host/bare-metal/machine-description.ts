/** What `describe.sh` said of a machine at one moment, by the kind of the thing and its name. */
export type MachineDescription = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads what `describe.sh` printed. */
export const readDescription = (printed: string): MachineDescription => {
  const kinds = new Map<string, Map<string, string>>();
  for (const line of printed.split('\n').filter((each) => each !== '')) {
    const [kind = '', ...words] = line.split(' ');
    const named = kind === 'table' ? words.join(' ') : (words[0] ?? '');
    const things = kinds.get(kind) ?? new Map<string, string>();
    things.set(named, kind === 'table' ? '' : words.slice(1).join(' '));
    kinds.set(kind, things);
  }
  return kinds;
};

/** The names of the things of a kind. */
export const namesOf = (machine: MachineDescription, kind: string): readonly string[] => [
  ...(machine.get(kind)?.keys() ?? []),
];

/** In words, what is on a machine that was not there before, what is missing, and what is otherwise. */
export const compareMachines = (before: MachineDescription, now: MachineDescription): readonly string[] => {
  const kinds = [...new Set([...before.keys(), ...now.keys()])].sort();
  return kinds.flatMap((kind) => {
    const was = before.get(kind) ?? new Map<string, string>();
    const is = now.get(kind) ?? new Map<string, string>();
    return [
      ...[...is].flatMap(([name, value]) => {
        const past = was.get(name);
        if (past === undefined) return [`${kind} ${name} was not there before`];
        return past === value ? [] : [`${kind} ${name} was ${past} and is ${value}`];
      }),
      ...[...was.keys()].flatMap((name) => (is.has(name) ? [] : [`${kind} ${name} is gone`])),
    ];
  });
};
