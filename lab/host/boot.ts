import type { HostShell } from '../transport/host-shell.ts';

const bootTimeoutMs = 90_000;

/** Waits until a host has booted: its systemd has started everything that it is to start at boot, the cluster included. */
export const waitForBoot = async (shell: HostShell, signal?: AbortSignal): Promise<void> => {
  await shell.run(
    // Right after its start systemd can't be asked yet. A unit that failed ("degraded") is for others to find out.
    `until systemctl list-jobs >/dev/null 2>&1; do sleep 0.1; done
    systemctl is-system-running --wait >/dev/null`,
    { accept: [0, 1], timeoutMs: bootTimeoutMs, ...(signal && { signal }) },
  );
};
