# Ends a lab's cluster and guests on a machine, and takes away what they were made of; packages, settings and what guests share stay. Every
# step may be done again. Variables are set before it: folder (of the record), network, guests.
export LC_ALL=C
[ -d "$folder" ] || exit 0
before=$folder/before
was() { grep -qE "^$1( |\$)" "$before"; }
there() { command -v "$1" >/dev/null; }
quietly() { "$@" >/dev/null 2>&1; }

# What an interrupted "up" was installing goes on without it, and nothing can be removed meanwhile.
while quietly systemctl is-active pacemaker-lab-install.service; do sleep 1; done

# The cluster, and with it guests and resources.
quietly timeout 600 systemctl stop pacemaker corosync
for name in corosync pacemaker; do quietly systemctl disable $name; done
systemctl list-units --all --plain --no-legend 'guest-drills-*' | awk '{ print $1 }' | while read -r one; do quietly systemctl stop "$one"; done

# Guests that still run, their roots and their network.
if there virsh && quietly systemctl is-active libvirtd; then
  for guest in $guests; do
    for connection in lxc:/// qemu:///system; do quietly timeout 30 virsh -c $connection destroy "$guest"; done
  done
  quietly timeout 30 virsh net-destroy "$network"
  quietly timeout 30 virsh net-undefine "$network"
fi
awk '{ print $2 }' /proc/mounts | grep -E '^(/root/lxc|/var/lib/guest-roots)/' | tac | while read -r mounted; do umount -l "$mounted"; done
sed -i '\|,upperdir=/var/lib/guest-roots/|d' /etc/fstab
rm -rf --one-file-system /root/lxc /var/lib/guest-roots /root/cluster-draft.xml /var/lib/pacemaker/cib/* /var/lib/corosync/*
