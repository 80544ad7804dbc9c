import { findRelease } from '../../../lab/find-release.ts';
import { defaultRelease } from '../../../lab/releases.ts';
import { makeDebianImage, startDebianMachine, type DebianMachine } from '../debian-machine.ts';

const user = 'ops';

const withUser = `set -e
root=$1
chroot "$root" useradd --create-home --shell /bin/bash ${user}
cp -a "$root/root/.ssh" "$root/home/${user}/"
chroot "$root" chown -R ${user}: /home/${user}/.ssh
echo '${user} ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/${user}"
`;

/** The machine reaches nobody, so it has the packages that a lab brings on its own disk, as an archive of its own. */
const archive = (packages: readonly string[]) => `set -e
root=$1
chroot "$root" apt-get -q install -y --download-only --no-install-recommends ${packages.join(' ')}
mkdir -p "$root/srv/packages"
mv "$root"/var/cache/apt/archives/*.deb "$root/srv/packages/"
cd "$root/srv/packages"
for deb in *.deb; do
  dpkg-deb -f "$deb"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d' ' -f1)"
done >Packages
rm -f "$root"/etc/apt/sources.list.d/* "$root"/etc/apt/apt.conf.d/99mmdebstrap
echo 'deb [trusted=yes] file:/srv/packages ./' >"$root/etc/apt/sources.list"
`;

/** A machine that was never a lab's, with what opens it as root and as a user with sudo. */
export interface PlainMachine extends DebianMachine {
  readonly user: string;
  readonly loginKey: string;
}

/** Starts a plain machine from its image; what it changes is thrown away. */
export const startPlainMachine = async (cacheDir: string): Promise<PlainMachine> => {
  const name = 'plain';
  const image = await makeDebianImage(cacheDir, {
    name,
    packages: ['sudo'],
    hooks: [withUser, archive(findRelease(defaultRelease).hostPackages)],
  });
  const machine = await startDebianMachine(cacheDir, name, image);
  return { ...machine, user, loginKey: image.loginKey };
};
