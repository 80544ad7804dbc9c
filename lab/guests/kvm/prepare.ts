import { hostAuthkey } from '../../cluster/membership.ts';
import type { GuestPlan, Plan } from '../../plan.ts';
import { quote, type HostShell } from '../../transport/host-shell.ts';
import { guestHostsFile, guestUppers } from '../guest-files.ts';
import type { Accelerator } from './accelerator.ts';
import { stampRunsScript } from '../run-stamps/stamping.ts';
import { kvmDomainXml, kvmGuestFiles, stampsPort } from './domain-xml.ts';

/** The directory of the walk-through. */
export const kvmConfigPath = (guest: GuestPlan): string => `/etc/pacemaker/${guest.name}.xml`;

const own = (guest: GuestPlan): string => `${guestUppers}/${guest.name}`;
/** The files that make the shared disk this guest: put into its root at each boot, from a tar that is its second disk. */
const seedFolder = (guest: GuestPlan): string => `${own(guest)}/seed`;
const seedPath = (guest: GuestPlan): string => `${own(guest)}/seed.tar`;
const packSeed = (guest: GuestPlan): string =>
  `tar --create --directory ${seedFolder(guest)} --file ${seedPath(guest)}.new . && mv ${seedPath(guest)}.new ${seedPath(guest)}`;

const diskPath = (guest: GuestPlan): string => `${own(guest)}/disk.qcow2`;

/**
 * A script for the host that gives a guest that does not run a new disk. It loses nothing: what makes the disk this guest is
 * in its seed. QEMU's lock keeps it from a guest that runs.
 */
export const newDiskScript = (guest: GuestPlan): string =>
  `qemu-img create -q -f qcow2 -b ${kvmGuestFiles.disk} -F raw ${diskPath(guest)}`;

/** The host's own key for its guests; what it reads of them is checked against the keys that it gave them. */
const loginKey = '/root/.ssh/guests';
const knownGuests = '/root/.ssh/known_guests';

/** The beginning of an ssh command line from the host to a KVM guest. */
export const sshToGuest = (guestName: string): string =>
  `ssh -i ${loginKey} -o UserKnownHostsFile=${knownGuests} -o StrictHostKeyChecking=yes -o ConnectTimeout=10 $([ -t 0 ] && echo -t) root@${guestName}`;

/**
 * Makes a KVM guest's disk (its own changes over the shared one), its name, addresses and keys, and its domain XML.
 * The authkey comes later, with {@link giveAuthkey}: it is made on the host.
 */
export const prepareKvmGuest = async (
  shell: HostShell,
  plan: Plan,
  guest: GuestPlan,
  accelerator: Accelerator,
): Promise<void> => {
  const seed = seedFolder(guest);
  const disk = diskPath(guest);
  await shell.run(
    `set -e
    umask 022
    mkdir -p ${seed}/etc/ssh ${seed}/root/.ssh /root/.ssh /etc/pacemaker
    chmod 0700 ${seed}/root ${seed}/root/.ssh /root/.ssh
    exec 9>/run/guest-keys.lock && flock 9
    [ -e ${loginKey} ] || ssh-keygen -q -t ed25519 -N '' -C guests -f ${loginKey}
    cp ${loginKey}.pub ${seed}/root/.ssh/authorized_keys
    [ -e ${seed}/etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -C ${guest.name} -f ${seed}/etc/ssh/ssh_host_ed25519_key
    echo "${guest.name} $(cut -d' ' -f1,2 ${seed}/etc/ssh/ssh_host_ed25519_key.pub)" >>${knownGuests}
    flock -u 9
    echo ${guest.name} >${seed}/etc/hostname
    printf %s ${quote(guestHostsFile(plan))} >${seed}/etc/hosts
    printf %s ${quote(addressCommands(guest, plan))} >${seed}/etc/lab-network
    ${stampRunsScript(seed, 'pacemaker_remote', stampsPort)}
    ${newDiskScript(guest)}
    ${packSeed(guest)}
    cat >${kvmConfigPath(guest)}
    # libvirt before 8.0 refuses a feature that it does not know.
    grep -q tb-cache /usr/share/libvirt/schemas/domaincommon.rng || sed -i '/<tcg>/,/<\\/tcg>/d' ${kvmConfigPath(guest)}`,
    {
      input: kvmDomainXml(guest, plan, {
        accelerator,
        disk,
        seed: seedPath(guest),
        kernel: kvmGuestFiles.kernel,
        initrd: kvmGuestFiles.initrd,
      }),
    },
  );
};

/** Commands for "ip -batch" that give the guest its static address. */
const addressCommands = (guest: GuestPlan, plan: Plan): string =>
  [
    `address add ${guest.address}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${plan.network.address}`,
    '',
  ].join('\n');

/**
 * A script for the host that copies an authkey, the host's own unless another file is given, into the guest's seed, with
 * owner, group and modes as documented: the guest has it from its next boot on. Names of groups are kept in the tar, and
 * looked up in the guest.
 */
export const giveAuthkeyScript = (guest: GuestPlan, from = hostAuthkey): string => {
  const folder = `${seedFolder(guest)}/etc/pacemaker`;
  return `mkdir -p ${folder} &&
    cp ${from} ${folder}/authkey &&
    chgrp haclient ${folder} ${folder}/authkey &&
    chmod 0750 ${folder} &&
    chmod 0640 ${folder}/authkey &&
    ${packSeed(guest)}`;
};
