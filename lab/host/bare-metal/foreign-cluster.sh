# Prints what there is on a machine that is not a lab's and that a lab would take over, a finding a line; nothing if there is nothing.
# Arguments: the marker's name; `recorded` if this machine keeps a lab's record, else `new`; libvirt's network; the remote daemon's package; then the guests, `--`, and a lab's places.
marker=$1 recorded=$2 network=$3 remote=$4
shift 4
guests=()
while [ "$1" != -- ]; do guests+=("$1"); shift; done
shift
cib=/var/lib/pacemaker/cib/cib.xml
if [ -s "$cib" ] && ! grep -q "name=\"$marker\"" "$cib"; then
  sed -n '/<resources>/,/<\/resources>/s/.*<\(primitive\|group\|clone\|master\|bundle\|template\) id="\([^"]*\)".*/the resource \2 (\1)/p' "$cib"
  sed -n '/<constraints>/,/<\/constraints>/s/.*<\(rsc_[a-z]*\) id="\([^"]*\)".*/the constraint \2 (\1)/p' "$cib"
  sed -n 's/.*<fencing-level id="\([^"]*\)".*/the fencing level \1/p' "$cib"
  nodes=$(sed -n '/<nodes>/,/<\/nodes>/s/.*<node .*uname="\([^"]*\)".*/\1/p' "$cib" | sort -u)
  [ "$(wc -w <<<"$nodes")" -lt 2 ] || sed 's/^/the cluster node /' <<<"$nodes"
fi
corosync=/etc/corosync/corosync.conf
if [ "$recorded" = new ] && [ -s "$corosync" ]; then
  shipped=$(dpkg-query -W -f '${Conffiles}\n' corosync 2>/dev/null | awk -v f="$corosync" '$1 == f { print $2 }')
  [ "$(md5sum <"$corosync" | cut -d' ' -f1)" = "$shipped" ] ||
    echo "$corosync, of the cluster $(sed -n 's/^[[:space:]]*cluster_name:[[:space:]]*//p' "$corosync" | head -n 1) with $(sed -n 's/^[[:space:]]*\(name\|ring0_addr\):[[:space:]]*//p' "$corosync" | paste -sd' ')"
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
