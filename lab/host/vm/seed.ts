import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { HostPlan, Plan } from '../../plan.ts';
import type { KeyPair } from '../../transport/lab-keys.ts';

/** The address that QEMU's user networking gives to the one machine that it serves. */
const address = '10.0.2.15/24';

/** What makes the shared disk this host: put into its root at each boot, from a tar that is its second disk. */
export const packSeed = async (host: HostPlan, plan: Plan, loginKey: KeyPair, hostKey: KeyPair): Promise<Buffer> => {
  const files = pack();
  const put = (name: string, mode: number, content: string): void => {
    files.entry({ name, mode }, content);
  };
  files.entry({ name: 'root', type: 'directory', mode: 0o700 });
  files.entry({ name: 'root/.ssh', type: 'directory', mode: 0o700 });
  put('root/.ssh/authorized_keys', 0o600, `${loginKey.publicKey}\n`);
  put('etc/ssh/ssh_host_ed25519_key', 0o600, hostKey.privateKey);
  put('etc/ssh/ssh_host_ed25519_key.pub', 0o644, `${hostKey.publicKey}\n`);
  put('etc/hostname', 0o644, `${host.name}\n`);
  put('etc/hosts', 0o644, hostsFile(host, plan));
  put('etc/lab-network', 0o644, `address add ${address} dev eth0\nlink set eth0 up\n`);
  files.finalize();
  return await buffer(files);
};

const hostsFile = (host: HostPlan, plan: Plan): string =>
  [
    '127.0.0.1 localhost',
    `${host.address} ${host.name}`,
    ...plan.guests.map((guest) => `${guest.address} ${guest.name}`),
    '',
  ].join('\n');
