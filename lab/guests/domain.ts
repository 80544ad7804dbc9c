import { parseXml, type XmlElement } from '../observation/xml.ts';
import type { GuestPlan } from '../plan.ts';
import { quote, type HostShell } from '../transport/host-shell.ts';

/** What a libvirt domain is made of, as far as both its generated XML and libvirt tell. */
export interface DomainParts {
  readonly name: string;
  readonly memoryKiB: number;
  readonly vcpus: number;
  /** Directories of the host that the guest mounts, as `source on target`. */
  readonly fileSystems: readonly string[];
  /** Disks of the guest, as `source on target`. */
  readonly disks: readonly string[];
  /** The guest's interfaces, as `MAC on network`. */
  readonly interfaces: readonly string[];
}

/** A guest's domain as the cluster has it configured and as libvirt runs it. */
export interface DomainView {
  readonly configured: DomainParts;
  readonly running: DomainParts;
  /** Whether libvirt would start it by itself, and whether it knows it while it does not run. */
  readonly autostart: boolean;
  readonly persistent: boolean;
}

const kibibytes: Readonly<Record<string, number>> = { KiB: 1, MiB: 1024, GiB: 1024 * 1024 };

const at = (element: XmlElement, ...path: readonly string[]): XmlElement[] =>
  path.reduce<XmlElement[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    [element],
  );

/** Reads the parts of a domain from libvirt's XML. Throws an ObservationError if it is no XML. */
export const readDomainParts = (xml: string): DomainParts => {
  const domain = parseXml(xml);
  const [memory] = at(domain, 'memory');
  const attribute = (element: XmlElement, child: string, ...names: readonly string[]): string => {
    const [found] = at(element, child);
    return names.map((name) => found?.attributes.get(name)).find((value) => value !== undefined) ?? '';
  };
  const joined = (device: XmlElement, ...sourceNames: readonly string[]): string =>
    `${attribute(device, 'source', ...sourceNames)} on ${attribute(device, 'target', 'dir', 'dev')}`;
  return {
    name: at(domain, 'name')[0]?.text.trim() ?? '',
    memoryKiB: Number(memory?.text) * (kibibytes[memory?.attributes.get('unit') ?? 'KiB'] ?? NaN),
    vcpus: Number(at(domain, 'vcpu')[0]?.text),
    fileSystems: at(domain, 'devices', 'filesystem').map((device) => joined(device, 'dir')),
    disks: at(domain, 'devices', 'disk').map((device) => joined(device, 'file', 'dev')),
    interfaces: at(domain, 'devices', 'interface').map(
      (device) => `${attribute(device, 'mac', 'address')} on ${attribute(device, 'source', 'network')}`,
    ),
  };
};

/**
 * Reads the XML that the guest's resource is configured with, and what libvirt says of the domain that it runs.
 * Throws a CommandError if the guest does not run.
 */
export const readDomain = async (shell: HostShell, guest: GuestPlan): Promise<DomainView> => {
  const parameter = (name: string): string =>
    `$(crm_resource --resource ${quote(guest.resource)} --get-parameter ${name})`;
  const { stdout } = await shell.run(
    `set -e
    hypervisor=${parameter('hypervisor')}
    cat "${parameter('config')}"
    printf '\\0'
    virsh -c "$hypervisor" dumpxml ${quote(guest.name)}
    printf '\\0'
    LC_ALL=C virsh -c "$hypervisor" dominfo ${quote(guest.name)}`,
  );
  const [configured = '', running = '', info = ''] = stdout.split('\0');
  return {
    configured: readDomainParts(configured),
    running: readDomainParts(running),
    autostart: !/^Autostart:\s+disable$/m.test(info),
    persistent: !/^Persistent:\s+no$/m.test(info),
  };
};
