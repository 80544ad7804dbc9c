import type { DefaultRenderer, ListrTaskWrapper, SimpleRenderer } from 'listr2';
import { outputTail, wasShown } from './output-tail.ts';
import { progressOn, type Part, type Progress } from './progress.ts';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** Progress as a tree of tasks that is redrawn in place. */
export const terminalProgress = (): Progress =>
  progressOn({
    runAll: async (parts) => {
      // Loaded late: most commands never show a tree.
      const { Listr, PRESET_TIMER } = await import('listr2');
      const failures: string[] = [];
      const { items, settled } = listItems(parts, failures);
      const list = new Listr<unknown, 'default', 'simple'>([...items], {
        concurrent: true,
        exitOnError: false,
        // Its own handler would end the process before anything is cleaned up.
        registerSignalListeners: false,
        renderer: 'default',
        rendererOptions: {
          timer: PRESET_TIMER,
          collapseSubtasks: false,
          showErrorMessage: false,
          collapseErrors: false,
        },
      });
      await list.run();
      for (const line of failures) process.stdout.write(`    ${line}\n`);
      return await settled;
    },
    note: (line) => {
      process.stdout.write(`${line}\n`);
    },
  });

/** The tree below a task. */
const belowTask = (wrapper: Wrapper, failures: string[]): Progress => {
  const runAll = (parts: readonly Part<unknown>[]): Promise<readonly PromiseSettledResult<unknown>[]> => {
    const { items, settled } = listItems(parts, failures);
    const list = wrapper.newListr([...items], {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: 'silent',
    } as never);
    // listr2 does this for a list that a task returns; a task here may start several, one after another or at once.
    const { task } = wrapper;
    task.subtasks = [
      ...((task.subtasks as typeof task.subtasks | undefined) ?? []),
      ...(list.tasks as typeof task.subtasks),
    ];
    task.emit('SUBTASK' as never, task.subtasks as never);
    void list.run();
    return settled;
  };
  return progressOn({
    runAll,
    note: (line) => {
      void runAll([{ title: line, run: () => Promise.resolve() }]);
    },
  });
};

interface ListItem {
  readonly title: string;
  readonly task: (context: unknown, wrapper: Wrapper) => Promise<void>;
}

/** Parts as listr2 wants them, and what their work comes to. */
const listItems = (
  parts: readonly Part<unknown>[],
  failures: string[],
): { readonly items: readonly ListItem[]; readonly settled: Promise<readonly PromiseSettledResult<unknown>[]> } => {
  const outcomes: Promise<unknown>[] = [];
  const items = parts.map((part): ListItem => {
    let start: (outcome: Promise<unknown>) => void;
    outcomes.push(
      new Promise((resolve) => {
        start = resolve;
      }),
    );
    return {
      title: part.title,
      task: async (_context, wrapper) => {
        const tail = outputTail();
        const report = (text: string): void => {
          tail.add(text.endsWith('\n') ? text : `${text}\n`, (line) => {
            wrapper.output = line;
          });
        };
        const outcome = part.run(report, belowTask(wrapper, failures));
        outcome.catch((error: unknown) => {
          if (!wasShown(error)) failures.push(...tail.lines());
        });
        start(outcome);
        await outcome;
      },
    };
  });
  return { items, settled: Promise.allSettled(outcomes) };
};
