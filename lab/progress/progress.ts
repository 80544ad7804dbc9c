/** Adds text to a running task's output; its last line is what is shown while the task runs. */
export type Report = (text: string) => void;

/** The work of a task: it may report its output, and start tasks below itself. */
export type Work<Result> = (report: Report, below: Progress) => Promise<Result>;

/** One of several tasks that run side by side. */
export interface Part<Result> {
  readonly title: string;
  readonly run: Work<Result>;
}

/** Shows long work the whole time it takes: as a tree of tasks on a terminal, as lines with a time elsewhere. */
export interface Progress {
  /** Runs work as a task. When it fails, the end of its output is shown, once, and the error is passed on. */
  task<Result>(title: string, work: Work<Result>): Promise<Result>;
  /** Runs tasks side by side and waits for all of them, even when one fails; then the first failure is thrown. */
  together<Results extends readonly unknown[]>(parts: {
    readonly [Key in keyof Results]: Part<Results[Key]>;
  }): Promise<Results>;
  /** Says one line that stays. */
  note(line: string): void;
}

/** What a way of showing progress has to offer; the rest of {@link Progress} follows from it. */
export interface Display {
  /** Runs all parts at once and settles when all have. */
  readonly runAll: (parts: readonly Part<unknown>[]) => Promise<readonly PromiseSettledResult<unknown>[]>;
  readonly note: (line: string) => void;
}

/** Makes a {@link Progress} from a way of showing it. */
export const progressOn = (display: Display): Progress => {
  const together = async (parts: readonly Part<unknown>[]): Promise<readonly unknown[]> => {
    const failures: unknown[] = [];
    const watched = parts.map(({ title, run }): Part<unknown> => ({
      title,
      run: async (report, below) => {
        try {
          return await run(report, below);
        } catch (error) {
          failures.push(error);
          throw error;
        }
      },
    }));
    const outcomes = await display.runAll(watched);
    return outcomes.map((outcome) => {
      // In the order of time, not of the list: what failed later often failed because of the first.
      if (outcome.status === 'rejected') throw failures[0];
      return outcome.value;
    });
  };
  return {
    task: async (title, work) => (await together([{ title, run: work }]))[0] as never,
    together: together as Progress['together'],
    note: display.note,
  };
};

/** Shows nothing. */
export const silentProgress: Progress = progressOn({
  runAll: (parts) => Promise.allSettled(parts.map((part) => part.run(() => undefined, silentProgress))),
  note: () => undefined,
});
