/** What the parts of one run tell each other: all of it lives in Playwright's main process. */
interface RunState {
  /** Drills so far that did not pass: decides what becomes of the lab under LAB_KEEP=failed. */
  badDrills: number;
  /** Work that an interrupted run has to finish before its process ends, such as removing a half-made lab. */
  unfinished: Promise<unknown> | null;
}

export const runState: RunState = { badDrills: 0, unfinished: null };
