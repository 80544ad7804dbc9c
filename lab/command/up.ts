import type { Command } from 'commander';
import { labCommand } from '../lab-state.ts';
import { lockLab } from '../lab-lock.ts';
import { bringUp } from '../up.ts';
import { runs, type Ending, type Run } from './run-command.ts';

const examples = `  npm run lab up
  LAB_PLAN=single npm run lab up
  npm run lab -- up --name second`;

/** Adds `lab up`. */
export const upCommand = (program: Command, ending: Ending): Command =>
  runs(
    program.command('up').description('Brings the lab up, or makes sure that it is up and in its steady state.'),
    ending,
    { examples, whenInterrupted: 'clean-up' },
    up,
  );

const up = async ({ settings, progress, signal, say }: Run): Promise<number> => {
  await using _lock = await lockLab(settings, '"lab up"');
  const { lab, created, done } = await bringUp(settings, progress, signal);
  await lab.close();
  const hosts = lab.plan.hosts.map((host) => host.name).join(', ');
  const guests = lab.plan.guests.map((guest) => guest.name).join(', ');
  say(
    `The lab "${settings.labName}" is up${created ? '' : done.length === 0 ? ', and nothing was changed' : ' again'}: Pacemaker ${settings.release} on ${hosts} ` +
      `with ${guests}${settings.guestRelease === settings.release ? '' : ` of ${settings.guestRelease}`}. Next: ${labCommand(settings, 'status')}, ${labCommand(settings, 'shell')}, ` +
      `${drillCommand(settings.labName)}; ${labCommand(settings, 'down')}`,
  );
  return 0;
};

const drillCommand = (labName: string): string =>
  `${labName === 'default' ? '' : `LAB_NAME=${labName} `}npx playwright test`;
