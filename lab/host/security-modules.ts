import type { HostShell } from '../transport/host-shell.ts';

/** What a host's kernel confines by a security module (AppArmor, SELinux), as far as the lab is concerned. */
export interface SecurityState {
  /** AppArmor's and SELinux's state in the kernel. */
  readonly appArmor: 'absent' | 'off' | 'on';
  readonly seLinux: 'absent' | 'permissive' | 'enforcing';
  /** The model by which libvirt confines guests: `none`, `apparmor`, `selinux`. */
  readonly libvirtModel: string;
  /** The label of each daemon of the cluster, such as `unconfined`; null where the kernel has none. */
  readonly labels: Readonly<Record<string, string | null>>;
}

/** Asks a host what its kernel confines. */
export const readSecurityState = async (shell: HostShell): Promise<SecurityState> => {
  const { stdout } = await shell.run(
    `cat /sys/module/apparmor/parameters/enabled 2>/dev/null || echo absent
    cat /sys/fs/selinux/enforce 2>/dev/null || echo absent
    virsh -c lxc:/// capabilities | sed -n '/<secmodel>/,/<\\/secmodel>/s/.*<model>\\(.*\\)<\\/model>.*/\\1/p' | head -n 1
    for daemon in corosync pacemakerd pacemaker-execd libvirtd; do
      echo "$daemon=$({ tr -d '\\0' <"/proc/$(pidof -s "$daemon")/attr/current"; } 2>/dev/null)"
    done`,
  );
  const [appArmor, enforce, libvirtModel = '', ...labels] = stdout.trimEnd().split('\n');
  return {
    appArmor: appArmor === 'Y' ? 'on' : appArmor === 'N' ? 'off' : 'absent',
    seLinux: enforce === '1' ? 'enforcing' : enforce === '0' ? 'permissive' : 'absent',
    libvirtModel,
    labels: Object.fromEntries(
      labels.map((line) => {
        const [daemon = '', label = ''] = line.split('=');
        return [daemon, label === '' ? null : label];
      }),
    ),
  };
};
