import type { Settings } from '../settings.ts';
import { readFrom, writeTo } from '../transport/files.ts';
import { patientShell } from '../transport/patient-shell.ts';
import { reconnectingShell } from '../transport/reconnecting-shell.ts';
import { whenReachable } from '../transport/when-reachable.ts';
import { waitForBoot } from './boot.ts';
import { beginCrash, waitForCrash } from './crash.ts';
import type { Host } from './host.ts';
import type { HostKind, HostState } from './host-kind.ts';

/**
 * Opens a host of any kind. Throws a LabError if it is gone, and a TransportError if it does not answer.
 * @param patience `booting` for a host that was just started: it gets the time that its kind takes to answer.
 */
export const openHost = async (
  kind: HostKind,
  settings: Settings,
  state: HostState,
  privateKey: string,
  patience: 'none' | 'booting' = 'none',
  signal?: AbortSignal,
): Promise<Host> => {
  const connect = async () => patientShell(await kind.connect(settings, state, privateKey), state.timeFactor);
  const connectAfterBoot = (cut?: AbortSignal) => whenReachable(connect, kind.reachableWithinMs, cut);
  const shell = reconnectingShell(patience === 'booting' ? await connectAfterBoot(signal) : await connect(), connect);
  const power = kind.power(settings, state);
  const throughBoot =
    (work: (cut?: AbortSignal) => Promise<void>) =>
    async (cut?: AbortSignal): Promise<void> => {
      await shell.replaceAfter(async () => {
        await work(cut);
        cut?.throwIfAborted();
        return await connectAfterBoot(cut);
      });
      await waitForBoot(shell, cut);
    };
  const { cut: cutPower, console } = power;
  const crash =
    kind.can.ownKernel && cutPower && console
      ? async (cut?: AbortSignal): Promise<string> => {
          let words = '';
          const saidBefore = (await console()).length;
          await beginCrash(shell);
          await throughBoot(async () => {
            words = await waitForCrash({ console, cut: cutPower, timeFactor: state.timeFactor }, saidBefore, cut);
          })(cut);
          return words;
        }
      : null;
  return {
    name: state.name,
    can: kind.can,
    timeFactor: state.timeFactor,
    shell,
    put: (path, content, mode) => writeTo(shell, path, content, mode),
    get: (path) => readFrom(shell, path),
    reboot: throughBoot((cut) => power.restart(cut)),
    losePower: cutPower && throughBoot(cutPower),
    reset: power.reset && throughBoot(power.reset),
    standStill: power.standStill,
    crash,
    close: () => shell.close(),
  };
};
