import { authkeyDirectory, authkeyMode, hostAuthkey } from '../../cluster/membership.ts';
import type { GuestPlan, Plan } from '../../plan.ts';
import type { Accelerator } from '../kvm/accelerator.ts';
import { quote, type HostShell } from '../../transport/host-shell.ts';
import { guestHostsFile, guestUppers, sharedGuestRoot } from '../guest-files.ts';
import { stampRunsScript } from '../run-stamps/stamping.ts';
import { lxcDomainXml } from './domain-xml.ts';

/** The directory of the walk-through: domain XML and root of each LXC guest. */
const lxcDirectory = '/root/lxc';

/** The guest's root on the host, mounted also while the guest does not run. */
export const guestRoot = (guest: GuestPlan): string => `${lxcDirectory}/${guest.name}-filesystem`;
export const lxcConfigPath = (guest: GuestPlan): string => `${lxcDirectory}/${guest.name}.xml`;

/**
 * Makes the guest's root (its own changes over the shared root, mounted again at every boot of the host), its name,
 * its view of /etc/hosts, what has its agents leave stamps, and its domain XML. The authkey comes later, with {@link giveAuthkey}: it is made on the host.
 * @param hostAccelerator What runs the host's instructions, and so the guest's; null where nothing stands between them and a processor.
 */
export const prepareLxcGuest = async (
  shell: HostShell,
  plan: Plan,
  guest: GuestPlan,
  hostAccelerator: Accelerator | null,
): Promise<void> => {
  const root = guestRoot(guest);
  const own = `${guestUppers}/${guest.name}`;
  const mount = `overlay ${root} overlay lowerdir=${sharedGuestRoot},upperdir=${own}/upper,workdir=${own}/work 0 0`;
  await shell.run(
    `set -e
    mkdir -p ${root} ${own}/upper ${own}/work
    grep -qxF ${quote(mount)} /etc/fstab || echo ${quote(mount)} >>/etc/fstab
    mountpoint -q ${root} || mount ${root}
    echo ${guest.name} >${root}/etc/hostname
    printf %s ${quote(guestHostsFile(plan))} >${root}/etc/hosts
    ${stampRunsScript(root, 'pacemaker_remote')}
    ${hostAccelerator === 'tcg' ? shortPrimeScript(root) : ''}
    cat >${lxcConfigPath(guest)}`,
    { input: lxcDomainXml(guest, plan, root) },
  );
};

/** On an emulated processor pacemaker_remoted looks for a short prime, as in an emulated guest; see its kernel's arguments. */
const shortPrimeScript = (root: string): string =>
  `printf '[Service]\\nEnvironment=PCMK_dh_max_bits=1024\\n' >${root}/etc/systemd/system/pacemaker_remote.service.d/emulated.conf`;

/**
 * A script for the host that copies an authkey, the host's own unless another file is given, into the guest, with owner,
 * group and modes as documented.
 */
export const giveAuthkeyScript = (guest: GuestPlan, from = hostAuthkey): string => {
  const root = guestRoot(guest);
  return `chroot ${root} sh -c ${quote(authkeyDirectory)} &&
    cp ${from} ${root}/etc/pacemaker/authkey &&
    chroot ${root} sh -c ${quote(authkeyMode)}`;
};
