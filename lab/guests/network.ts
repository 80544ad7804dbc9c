import { LabError } from '../errors.ts';
import { networkPrefix, type Plan } from '../plan.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';
import { guestMac } from './mac.ts';

/**
 * libvirt's network with the plan's guests. The spanning tree is off, unlike in libvirt's own definition: with it the
 * bridge passes nothing to a new guest for its first 3.5 s ("No route to host"), which is none of Pacemaker's doing.
 */
const networkXml = (plan: Plan): string => {
  const base = networkPrefix(plan.network);
  const hosts = plan.guests.map(
    (guest) => `      <host mac='${guestMac(guest)}' name='${guest.name}' ip='${guest.address}'/>`,
  );
  return `<network>
  <name>${plan.network.name}</name>
  <forward mode='nat'/>
  <bridge name='${plan.network.bridge}' stp='off' delay='0'/>
  <ip address='${plan.network.address}' netmask='255.255.255.0'>
    <dhcp>
      <range start='${base}.200' end='${base}.254'/>
${hosts.join('\n')}
    </dhcp>
  </ip>
</network>
`;
};

/**
 * Defines libvirt's network anew from the plan, starts it, and checks it as the walk-through does: active, started at
 * boot, and with the expected address. Throws a LabError that shows what libvirt says instead.
 */
export const startNetwork = async (shell: HostShell, plan: Plan): Promise<void> => {
  const name = quote(plan.network.name);
  const { stdout: description, stderr } = await shell.run(
    `set -e
    systemctl start libvirtd
    xml=$(mktemp /run/network.XXXXXX) && trap 'rm "$xml"' EXIT
    cat >"$xml"
    # The one of the package, or of an attempt before; a virsh for each step would take an emulated host many seconds.
    virsh "net-destroy ${name}; net-undefine ${name}" >/dev/null 2>&1 || true
    virsh "net-define $xml; net-start ${name}; net-autostart ${name}" >&2
    ${describe(name)}`,
    { input: networkXml(plan), timeoutMs: 60_000 },
  );
  const wanted = [/^Active:\s+yes$/m, /^Autostart:\s+yes$/m, new RegExp(`ip address='${plan.network.address}'`)];
  if (!wanted.every((line) => line.test(description)))
    throw new LabError(
      `libvirt's network ${plan.network.name} on ${shell.hostName} is not as planned:\n${stderr}${description}`,
      {
        next: '"npm run lab logs" gathers libvirt\'s log.',
      },
    );
};

/** What libvirt says of its network on the host: `virsh net-info` and `virsh net-dumpxml`. */
export const describeNetwork = async (shell: HostShell, plan: Plan): Promise<string> =>
  (await shell.run(describe(quote(plan.network.name)))).stdout.trim();

const describe = (name: string): string => `virsh "net-info ${name}; net-dumpxml ${name}"`;
