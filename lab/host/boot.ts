import type { HostShell } from '../transport/host-shell.ts';

/** How long {@link untilBooted} may take. */
export const bootTimeoutMs = 90_000;

/**
 * Shell commands that end when a host's systemd has started everything that it is to start at boot. Right after its start it can't be asked
 * yet. A unit that failed ("degraded") is for others to find out.
 */
export const untilBooted = `until systemctl list-jobs >/dev/null 2>&1; do sleep 0.1; done
systemctl is-system-running --wait >/dev/null`;

/** Waits until a host has booted: its systemd has started everything that it is to start at boot, the cluster included. */
export const waitForBoot = async (shell: HostShell, signal?: AbortSignal): Promise<void> => {
  await shell.run(untilBooted, { accept: [0, 1], timeoutMs: bootTimeoutMs, ...(signal && { signal }) });
};
