# Prints what there is on a machine that is not a lab's and that a lab would take over, a finding a line; nothing if there is nothing.
# Arguments: `recorded` if this machine keeps a lab's record, else `new`; libvirt's network; the remote daemon's package; then the guests, `--`, and a
# lab's places. The function list_unmarked is defined before it.
recorded=$1 network=$2 remote=$3
shift 3
guests=()
while [ "$1" != -- ]; do guests+=("$1"); shift; done
shift
list_unmarked
corosync=/etc/corosync/corosync.conf
value_of() { sed -n "s/^[[:space:]]*$1:[[:space:]]*//p" "$corosync" | paste -sd' '; }
if [ "$recorded" = new ] && [ -s "$corosync" ]; then
  shipped=$(dpkg-query -W -f '${Conffiles}\n' corosync 2>/dev/null | awk -v f="$corosync" '$1 == f { print $2 }')
  if [ "$(md5sum <"$corosync" | cut -d' ' -f1)" != "$shipped" ]; then
    nodes=$(value_of name)
    echo "$corosync, of the cluster $(value_of cluster_name) with ${nodes:-$(value_of ring0_addr)}"
  fi
fi
! systemctl is-active --quiet pacemaker_remote || echo 'pacemaker_remote, by which this machine is a node of a cluster'
! { dpkg-query -W -f '${db:Status-Status}' "$remote" 2>/dev/null | grep -qx installed || rpm -q "$remote" >/dev/null 2>&1; } || echo "the package $remote, which can't be there beside a cluster's"
if [ "$recorded" = new ]; then
  for place; do [ ! -e "$place" ] || echo "$place, where a lab would put its own"; done
  if command -v virsh >/dev/null; then
    for connection in lxc:/// qemu:///system; do
      for domain in $(timeout 20 virsh -c "$connection" list --all --name 2>/dev/null); do
        for guest in "${guests[@]}"; do [ "$domain" != "$guest" ] || echo "the domain $domain (libvirt, $connection)"; done
        ! timeout 20 virsh -c "$connection" domiflist "$domain" 2>/dev/null | awk -v n="$network" '$3 == n { f = 1 } END { exit !f }' ||
          echo "the domain $domain on libvirt's network $network, which a lab would define anew"
      done
    done
  fi
fi
exit 0
