/** Drills that have to catch a sabotage, by what chooses each of them (`--grep`). All are of the guest lxc1. */
export const drills = {
  'guest failure': 'lxc1 is recovered when',
  'frozen daemon': 'pacemaker-remoted-frozen: lxc1 is recovered once',
  'frozen for some seconds': 'pacemaker-remoted-frozen: lxc1 is left alone',
  'domain destroyed': 'domain-destroyed: lxc1 leaves',
  'new connections rejected': 'port-3121-new-rejected: lxc1 is left alone',
  'state file removed': 'resource-state-file-removed: lxc1 keeps the resource',
  'resource banned': 'resource-banned: lxc1 loses the resource',
} as const;

export type DrillName = keyof typeof drills;

/** One way to make the cluster, or what observes it, lie or misbehave, and how a drill has to tell it. */
export interface Sabotage {
  /** In kebab case. */
  readonly name: string;
  /** One line: who does or says what, and it is wrong. */
  readonly description: string;
  /** A bash script for the host, in the words of {@link hostScript}, that brings it about. It touches nothing of the suite. */
  readonly apply: string;
  /** What else than {@link undoScript} has to be undone, as a bash script for the host that may be run twice. */
  readonly undo?: string;
  readonly drill: DrillName;
  /** A drill passes only where the lab was put right before it began, and says so. */
  readonly verdict: 'failed' | 'inconclusive' | 'passed';
  /** What the run of the drill has to say, each of them. */
  readonly words: readonly (string | RegExp)[];
  /** Whether it belongs to those that are tried with every `npm test`: on the default plan, so it must not ask where a resource is. */
  readonly quick?: true;
}

/** Sabotages of one kind; each family has a file of its own. */
export interface SabotageFamily {
  readonly family: string;
  readonly sabotages: readonly Sabotage[];
}
