import { readFileSync, rmSync } from 'node:fs';
import { forgottenFencing } from '../../fixtures/findings/forgotten-fencing.ts';
import { LabError } from '../../lab/errors.ts';
import type { Lab } from '../../lab/lab.ts';
import { drillsDocument, type DrillRecord } from '../../reporters/drill-record.ts';
import { labCommand, runDrills, withLab } from '../lab/suite.ts';
import { hostScript, tracesScript, undoScript } from './host-script.ts';
import { drills, type DrillName, type Sabotage } from './sabotage.ts';
import type { Said } from './verdict.ts';

/** Where the drills that are run here leave their results, a folder each. */
const folderOf = (name: string): string => `results/sabotage/${name}`;
/** A drill that hits a known finding shows nothing else, and is run again so many times. */
const runsAllowed = 3;
const scriptTimeoutMs = 90_000;
const resetPaceMs = 100;

/** Runs one drill as a person would, and returns what it said. Throws if it is not one drill that runs. */
const runOnce = async (drill: DrillName, folder: string): Promise<Said & Pick<DrillRecord, 'finding'>> => {
  rmSync(folder, { recursive: true, force: true });
  const { output } = await runDrills(['--grep', drills[drill]], { DRILLS_RESULTS: folder });
  const document = drillsDocument.parse(JSON.parse(readFileSync(`${folder}/drills.json`, 'utf8')));
  const [record, another] = document.drills;
  if (!record || another) throw new Error(`"${drills[drill]}" does not choose one drill:\n${output}`);
  const { verdict, reason, finding } = record;
  return { verdict, reason, finding, output };
};

/** Runs one drill; again, where all that it shows is a restart that Pacemaker forgot (docs/findings.md, 13). */
export const runDrill = async (drill: DrillName, name: string): Promise<Said> => {
  let said = await runOnce(drill, folderOf(name));
  for (let run = 1; run < runsAllowed && said.finding === forgottenFencing.annotation.description; run++)
    said = await runOnce(drill, folderOf(name));
  return said;
};

const tracesOf = async ({ shell, plan }: Lab): Promise<string> => (await shell.run(tracesScript(plan))).stdout;

/** Undoes a sabotage and puts the lab right. Returns in words what is left all the same. */
const undoOn = async (lab: Lab, { undo = '' }: Sabotage, before: string): Promise<readonly string[]> => {
  await lab.shell.run(`${undo}\n${undoScript}`, { timeoutMs: scriptTimeoutMs });
  const stream = await lab.openStream(resetPaceMs);
  try {
    await lab.reset(stream);
  } finally {
    await stream.close();
  }
  const now = await tracesOf(lab);
  return [...(await lab.residue()), ...(now === before ? [] : [`there was\n${before}and there is\n${now}`])];
};

/** The same; a lab that can't be put right, or does not answer, is built anew. */
const undo = async (sabotage: Sabotage, before: string): Promise<readonly string[]> => {
  const attempt = () => withLab((lab) => undoOn(lab, sabotage, before));
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { exitCode, output } = await labCommand('up');
    if (exitCode !== 0) throw new Error(`The lab can't be put right:\n${output}`, { cause: error });
    return await attempt();
  }
};

/**
 * Brings a sabotage about, runs the drill that has to catch it, and undoes it, whatever came of that. Returns what the drill
 * said. Throws if something of the sabotage is left, or the lab is not in its steady state afterwards.
 */
export const trySabotage = async (sabotage: Sabotage): Promise<Said> => {
  const before = await withLab(tracesOf);
  let left: readonly string[] = [];
  let said: Said;
  try {
    await withLab(({ shell }) => shell.run(hostScript(sabotage.apply), { timeoutMs: scriptTimeoutMs }));
    said = await runDrill(sabotage.drill, sabotage.name);
  } finally {
    left = await undo(sabotage, before);
  }
  if (left.length > 0) throw new Error(`Something of ${sabotage.name} is left: ${left.join('; ')}`);
  return said;
};
