import { requireMarker } from '../cluster/marker.ts';
import { CommandError, FaultError } from '../errors.ts';
import { kindOf, readGuestClock, runInGuest, runLastInGuest } from '../guests/guest-kinds.ts';
import type { GuestPlan } from '../plan.ts';
import type { CommandResult } from '../transport/host-shell.ts';
import type { Fault, FaultSite, Injection } from './fault.ts';
import { takeLease } from './lease.ts';

type Script = (site: FaultSite) => string;

/** A fault as bash scripts. All of one fault share their functions and variables, and run in one place. */
export interface FaultScripts extends Pick<Fault, 'name' | 'family' | 'description'> {
  /** Where they run: on the host, or inside the guest. */
  readonly place: 'host' | 'guest';
  /** Kinds of guests to which it can be done; all of them if not given. */
  readonly kinds?: readonly GuestPlan['kind'][];
  /** Ends with 0 if the fault can be had here; otherwise says on standard output why not. */
  readonly needs?: Script;
  /** Breaks it and sets `target` to what was broken, in words. Ends with another status if it can't, and says why on standard output. */
  readonly inject: Script;
  /**
   * Ends with 0 as soon as the fault has taken effect, having set `proof` to what it saw. Asked again and again until then.
   * Where the whole of it shows only later, it sets `since` to `$(now_us)` when it first saw the beginning.
   */
  readonly proof: Script;
  /** How long the proof may take on a host with a processor of its own, in milliseconds; 2 s if not given. */
  readonly proofTimeoutMs?: number;
  /**
   * Undoes it, whether or not it was injected whole, and may be run twice. A fault without one leaves nothing to undo.
   * Runs where the others run.
   */
  readonly heal?: Script;
  /**
   * How much of a guest healing has to reach. The current boot, if not given: a guest that does not run has nothing left of
   * the fault. The disk, if no boot undoes it: then a guest that does not run is healed as well, without a systemd that could
   * be asked (see `GuestKind.onItsDisk`).
   */
  readonly healReaches?: 'the boot' | 'the disk';
  /** Ends with 0 when it is undone, and otherwise says what is left. Asked again for some seconds. */
  readonly healed?: Script;
}

const defaultProofTimeoutMs = 2_000;
/** An emulated host takes longer for what a fault does, and for seeing it. */
const proofTimeoutOf = ({ proofTimeoutMs = defaultProofTimeoutMs }: FaultScripts, { host }: FaultSite): number =>
  proofTimeoutMs * host.timeFactor;
const injectTimeoutMs = 30_000;
/** How long healing a guest is tried, which may be on its way down or up meanwhile, and how long until it has to show. */
export const healTrySeconds = 45;
const healedTrySeconds = 15;
/** Exit statuses of the script: it could not be injected, and it did not take effect. */
const notInjected = 3;
const notProven = 4;

/**
 * Injects and waits for the proof. A guest may have 100 ms left when the fault has taken effect, and the start of a process
 * takes an emulated one 20 ms: from the injection on this starts none of its own.
 */
const timed = (scripts: FaultScripts, site: FaultSite): string => `
now_us() { printf '%s' "\${EPOCHREALTIME/[.,]/}"; }
inject() {
:
${scripts.inject(site)}
}
proof() {
:
${scripts.proof(site)}
}
target= proof= since= problem=$(mktemp /dev/shm/fault.XXXXXX)
exec {said}>"$problem" {saying}<"$problem" {never}<> <(:)
rm -f "$problem"
inject >&$said || { tr '\\n' ' ' <&$saying; exit ${notInjected}; }
injected=\${EPOCHREALTIME/[.,]/}
until proof >/dev/null 2>&1; do
  ((\${EPOCHREALTIME/[.,]/} - injected < ${proofTimeoutOf(scripts, site) * 1000})) || { echo "$target"; exit ${notProven}; }
  read -r -t 0.002 -u $never
done
echo "\${since:-\${EPOCHREALTIME/[.,]/}}|$target|$proof"`;

const run = (
  { place }: FaultScripts,
  { guest, shell }: FaultSite,
  script: string,
  timeoutMs: number,
): Promise<CommandResult> => {
  const options = { timeoutMs, accept: [0, notInjected, notProven] };
  return place === 'host' ? shell.run(script, options) : runLastInGuest(shell, guest, script, options);
};

/** A bash script that runs another one until it ends with 0, for some seconds. */
export const tried = (script: string, seconds: number): string => `
until_seconds=$((SECONDS + ${seconds}))
until (
${script}
); do
  ((SECONDS < until_seconds)) || exit 1
  sleep 0.5
done`;

/** A host's bash script that runs one of the fault's own where the fault was injected. */
const onHost = ({ place, healReaches }: FaultScripts, { guest }: FaultSite, script: string): string => {
  if (place === 'host') return script;
  const kind = kindOf(guest);
  return healReaches === 'the disk' ? kind.onItsDisk(guest, script) : kind.ifItRuns(guest, script);
};

/** A host's bash script that undoes a fault, wherever it was injected. */
const healOnHost = (scripts: FaultScripts, site: FaultSite): string | null => {
  if (!scripts.heal) return null;
  const healing = onHost(scripts, site, scripts.heal(site));
  return scripts.place === 'host' ? healing : tried(healing, healTrySeconds);
};

/** Makes a fault of its scripts: its lease first, then the injection, then the proof; all stamps on the host's clock. */
export const scriptedFault = (scripts: FaultScripts): Fault => ({
  name: scripts.name,
  family: scripts.family,
  description: scripts.description,
  kinds: scripts.kinds ?? ['lxc', 'kvm'],

  async available(site) {
    const { guest, shell } = site;
    if (scripts.kinds && !scripts.kinds.includes(guest.kind))
      return `not to be had with ${guest.kind.toUpperCase()} guests`;
    if (!scripts.needs) return null;
    const accept = Array.from({ length: 256 }, (_, status) => status);
    const { stdout, exitCode } =
      scripts.place === 'host'
        ? await shell.run(scripts.needs(site), { accept })
        : await runInGuest(shell, guest, scripts.needs(site), { accept });
    return exitCode === 0 ? null : stdout.trim() || `its check ended with ${exitCode}`;
  },

  async inject(site, leaseSeconds): Promise<Injection> {
    const { guest, shell } = site;
    await requireMarker(shell);
    const healing = healOnHost(scripts, site);
    const proofTimeoutMs = proofTimeoutOf(scripts, site);
    // The host is not to undo it while its proof is waited for.
    const beginsInSeconds = Math.ceil(proofTimeoutMs / 1000);
    const lease =
      healing === null ? null : await takeLease(shell, scripts.name, healing, leaseSeconds, beginsInSeconds);
    const left = scripts.healed?.(site);
    const untilHealed =
      left === undefined ? undefined : scripts.place === 'host' ? left : kindOf(guest).ifItRuns(guest, left);
    const isUndone = async (): Promise<boolean> => {
      if (untilHealed === undefined) return false;
      const { stdout } = await shell.run(`(\n${untilHealed}\n) >/dev/null 2>&1 && echo undone || echo there`);
      return stdout.trim() === 'undone';
    };
    const heal = async (): Promise<void> => {
      await lease?.heal();
      if (untilHealed === undefined) return;
      try {
        await shell.run(tried(untilHealed, healedTrySeconds));
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        throw new FaultError(`The fault ${scripts.name} is not undone in ${guest.name}.`, { cause: error });
      }
    };
    try {
      const clock = scripts.place === 'host' ? { aheadMs: 0, errorMs: 0 } : await readGuestClock(shell, guest);
      const timeoutMs = injectTimeoutMs + proofTimeoutMs;
      const { stdout, exitCode } = await run(scripts, site, timed(scripts, site), timeoutMs);
      const said = stdout.trim();
      if (exitCode === notInjected)
        throw new FaultError(`The fault ${scripts.name} could not be injected in ${guest.name}: ${said}`);
      if (exitCode === notProven)
        throw new FaultError(
          `The fault ${scripts.name} did not take effect in ${guest.name} within ${proofTimeoutMs} ms (${said}).`,
        );
      await lease?.renew();
      const [atUs, target, proof] = said.split('|');
      if (!atUs || !target || !proof || !Number(atUs))
        throw new FaultError(`The proof of the fault ${scripts.name} in ${guest.name} can't be read: ${said}`);
      const precision = clock.errorMs === 0 ? '' : ` (by the guest's clock, known to ${clock.errorMs.toFixed(0)} ms)`;
      return {
        atMs: Number(atUs) / 1000 - clock.aheadMs,
        target,
        proof: `${proof}${precision}`,
        leaseId: lease?.id ?? null,
        renew: async () => lease?.renew(),
        isUndone,
        heal,
      };
    } catch (error) {
      await lease?.heal();
      throw error;
    }
  },
});
