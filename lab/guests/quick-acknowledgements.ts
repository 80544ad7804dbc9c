import { CommandError } from '../errors.ts';
import { networkPrefix, type Plan } from '../plan.ts';
import type { HostShell } from '../transport/host-shell.ts';
import { lxcProcessFunctions } from './lxc/processes.ts';

/**
 * Does some work while TCP between host and guests acknowledges at once, and puts that back as it was afterwards.
 *
 * Pacemaker sends each message to a guest in two parts and waits in between for the acknowledgement that the other side
 * delays by 40 ms (docs/findings.md). That makes three guests with five resources take 5 s longer to come up. A drill has
 * to see it, since every user does; building the lab does not.
 */
export const withQuickAcknowledgements = async <Result>(
  shell: HostShell,
  plan: Plan,
  work: () => Promise<Result>,
): Promise<Result> => {
  const network = `${networkPrefix(plan.network)}.0/24`;
  const route = (device: string, address: string): string =>
    `ip route replace ${network} dev ${device} proto kernel scope link src ${address} quickack $1`;
  // The routes inside a KVM guest are left alone: the host can't set them while it boots, which takes longer anyway.
  const lxcGuests = plan.guests.filter(({ kind }) => kind === 'lxc');
  const guests = lxcGuests.map((guest) => `in_guest ${guest.name} ${route('eth0', guest.address)}`);
  const channel = await shell.stream(
    `${lxcProcessFunctions}
    in_guest() {
      local init
      init=$(init_of "$1" 2>/dev/null) && [ "$init" ] && shift && nsenter -t "$init" -n "$@" 2>/dev/null
    }
    acknowledge() {
      ${[route(plan.network.bridge, plan.network.address), ...guests].join('\n')}
    }
    while :; do
      began=\${EPOCHREALTIME/./}
      acknowledge 1
      # On a slow host it is not to take what others need.
      rest=$((4 * (\${EPOCHREALTIME/./} - began)))
      ((rest > 200000)) || rest=200000
      printf -v rest '%d.%06d' $((rest / 1000000)) $((rest % 1000000))
      read -r -t "$rest"
      (($? > 128)) || break
    done
    acknowledge 0`,
  );
  channel.io.resume();
  let result: Result;
  try {
    result = await work();
  } finally {
    channel.io.end('done\n');
  }
  const status = await channel.ended;
  if (status !== 0)
    throw new CommandError(
      `The routes on ${shell.hostName} could not be put back as they were: ${channel.stderr().trim()}`,
    );
  return result;
};
