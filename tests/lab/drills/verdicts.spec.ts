import type { WatchFor } from '../../../fixtures/drill.ts';
import { FaultError } from '../../../fixtures/errors.ts';
import { expect } from '../../../fixtures/expect.ts';
import type { Fault } from '../../../fixtures/faults.ts';
import { pacemakerRemotedKilled } from '../../../fixtures/faults.ts';
import { pause } from '../../../lab/pause.ts';
import { plannedGuests } from '../../../fixtures/guests.ts';
import { test } from '../../../fixtures/test.ts';
import { hostContainerOf } from '../host-container.ts';

const [guest] = plannedGuests();
if (!guest) throw new Error('the plan has no guest');
const shortly: WatchFor = { budgets: { detected: 2_000, restarted: 6_000, recovered: 8_000 } };

test('a kill that kills nothing', async ({ drill }) => {
  const wrongSignal: Fault = {
    ...pacemakerRemotedKilled,
    name: 'nothing-killed',
    // The real fault on a shell that turns its SIGKILL into a signal that does nothing.
    inject: (site) =>
      pacemakerRemotedKilled.inject({
        ...site,
        shell: {
          ...site.shell,
          run: (script, options) => site.shell.run(script.replace('kill -KILL', 'kill -0'), options),
        },
      }),
  };
  await drill.breakAndWatch(wrongSignal, guest, shortly);
});

test('a guest without a daemon to kill', async ({ drill }) => {
  const nobody: Fault = {
    ...pacemakerRemotedKilled,
    inject: (site) => pacemakerRemotedKilled.inject({ ...site, guest: { ...guest, name: 'nobody' } }),
  };
  await drill.breakAndWatch(nobody, guest, shortly);
});

test('a guest that cannot come back', async ({ drill, labSession }) => {
  const { lab } = await labSession.ready();
  const config = `/root/lxc/${guest.name}.xml`;
  const withoutConfig: Fault = {
    ...pacemakerRemotedKilled,
    // At the last moment: the guest's own monitor, every 10 s, wants the file too.
    async inject(site) {
      await site.shell.run(`mv ${config} ${config}.away`);
      return await pacemakerRemotedKilled.inject(site);
    },
  };
  try {
    const outcome = await drill.breakAndWatch(withoutConfig, guest, shortly);
    expect(outcome).toRecoverInTime();
    expect(outcome).toHaveRestartedTheGuest();
  } finally {
    await lab.shell.run(`! [ -f ${config}.away ] || mv ${config}.away ${config}`);
  }
});

test('an agent that does not start in the guest', async ({ drill, labSession }) => {
  const { lab } = await labSession.ready();
  const agent = `/root/lxc/${guest.name}-filesystem/usr/lib/ocf/resource.d/pacemaker/Dummy`;
  await lab.shell.run(`cp ${agent} ${agent}.away && sed -i '2i [ "$1" = start ] && exit 1' ${agent}`);
  try {
    const outcome = await drill.breakAndWatch(pacemakerRemotedKilled, guest, { budgets: { recovered: 20_000 } });
    expect(outcome).toRecordOnlyTheFailedActions([
      {
        resource: guest.name,
        task: 'monitor',
        intervalMs: 30_000,
        node: outcome.hostName,
        exitCode: 1,
        status: 'error',
        reason: 'Lost connection to remote executor',
      },
    ]);
  } finally {
    await lab.shell.run(`mv ${agent}.away ${agent}`);
  }
});

test('a budget that is missed on a machine that stands still', async ({ drill, labSession }) => {
  const { lab } = await labSession.ready();
  const { container } = await hostContainerOf(lab);
  const onStandstill: Fault = {
    ...pacemakerRemotedKilled,
    async inject(site) {
      const injection = await pacemakerRemotedKilled.inject(site);
      await container.pause();
      await pause(2_500);
      await container.unpause();
      return injection;
    },
  };
  const outcome = await drill.breakAndWatch(onStandstill, guest, { budgets: { detected: 1, recovered: 60_000 } });
  expect(outcome).toRecoverInTime();
});

// The connection's own sshd is an ancestor of every command on it.
for (const [what, beforehand] of [
  ['a control channel that is cut in the middle', ''],
  [
    'a control channel that is cut in the middle and cannot be made anew',
    `systemd-run --quiet --on-active=15 mv /usr/sbin/sshd.away /usr/sbin/sshd
    mv /usr/sbin/sshd /usr/sbin/sshd.away`,
  ],
] as const)
  test(what, async ({ drill, labSession }) => {
    const { lab } = await labSession.ready();
    const killedControl: Fault = {
      ...pacemakerRemotedKilled,
      async inject(site) {
        const injection = await pacemakerRemotedKilled.inject(site);
        await lab.shell.stream(`sleep 1; ${beforehand}\nkill -KILL $(ps -o ppid= -p $$)`);
        return injection;
      },
    };
    await drill.breakAndWatch(killedControl, guest, shortly);
  });

test('an unavailable fault', async ({ drill }) => {
  const nowhere: Fault = { ...pacemakerRemotedKilled, available: () => Promise.resolve('this kernel has no netem') };
  await drill.breakAndWatch(nowhere, guest, shortly);
});

test('a fault that the lab refuses', async ({ drill }) => {
  const refused: Fault = {
    ...pacemakerRemotedKilled,
    inject: () => Promise.reject(new FaultError('refused on purpose')),
  };
  await drill.breakAndWatch(refused, guest, shortly);
});
