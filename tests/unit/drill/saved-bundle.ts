import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBundle, type Bundle } from '../../../fixtures/evidence/bundle.ts';
import { readRecording } from '../../../lab/observation/read-frames.ts';
import { stampOf, type Recorded } from '../../../lab/observation/write-frames.ts';
import { recordedDrill } from '../observation/recorded.ts';
import { recordedOutcome } from './recorded-outcome.ts';

/** The samples of the recorded drill, from before the fault on. */
export const recordedSamples = readRecording(recordedDrill.frames)
  .filter((each): each is Recorded => each.kind === 'sample' || each.kind === 'trouble')
  .filter((each) => stampOf(each) >= recordedOutcome.before.atMs);

/** Saves the recorded drill to a folder as evidence of a drill is kept, with what is given in place of its own. */
export const saveBundle = async (
  folder: string,
  change: Partial<Bundle>,
  samples: readonly Recorded[] = recordedSamples,
): Promise<void> => {
  const bundle: Bundle = {
    title: 'lxc2 is recovered',
    verdict: 'passed',
    reason: '',
    outcome: recordedOutcome,
    expectations: [],
    others: [],
    ...change,
  };
  for (const [name, content] of Object.entries(writeBundle(bundle, samples)))
    await writeFile(join(folder, name), content);
};
