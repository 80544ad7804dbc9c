import { defaultTimeoutMs, type HostShell } from './host-shell.ts';

/**
 * Makes a shell that gives commands so many times longer than they ask for, on a host that is slower by that much. Scripts with limits of
 * their own find it in `TIME_FACTOR`.
 */
export const patientShell = (shell: HostShell, timeFactor: number): HostShell =>
  timeFactor === 1
    ? shell
    : {
        ...shell,
        run: (script, options = {}) =>
          shell.run(`TIME_FACTOR=${timeFactor}\n${script}`, {
            ...options,
            timeoutMs: (options.timeoutMs ?? defaultTimeoutMs) * timeFactor,
          }),
      };
