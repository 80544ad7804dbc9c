import type { DrillRecord } from '../../reporters/drill-record.ts';

/** What a verdict comes to where nothing is wrong with Pacemaker. */
export type Outcome = 'as it should' | 'could not tell' | 'false alarm';

/** Whether a verdict is what a good release on a good lab has to get: passed, skipped, or a failure that is known. */
export const outcomeOf = ({ verdict, finding }: Pick<DrillRecord, 'verdict' | 'finding'>): Outcome =>
  verdict === 'passed' || verdict === 'skipped' || finding !== null
    ? 'as it should'
    : verdict === 'inconclusive'
      ? 'could not tell'
      : 'false alarm';
