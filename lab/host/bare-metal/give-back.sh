# Takes away what a lab brought to a machine, by the record of what was there before; comes after stop-lab.sh. Every step may be done
# again. It says on standard output what it could not take away. Variables are set before it: folder (of the record), unit, activation, libvirtd,
# own_places, package_places, empty_places, marked, rewritten, tables, and the commands files, remove and mark_automatic.
begin='# >>> pacemaker-guest-drills' end='# <<< pacemaker-guest-drills'
left() { printf 'left %s\n' "$*"; }
words() { sed -n "s/^$1 \([^ ]*\).*/\1/p" "$before" | sort -u; }

# libvirt's own network.
if [ -e "$folder/network.xml" ] && there virsh; then
  quietly virsh net-define "$folder/network.xml"
  ! grep -q "^network $network .*active:yes" "$before" || quietly virsh net-start "$network"
  ! grep -q "^network $network .*autostart:yes" "$before" || quietly virsh net-autostart "$network"
fi

# The firewall, and what is added to files.
quietly systemctl disable --now "$unit"
for file in $marked; do
  [ -e "$file" ] || continue
  sed -i "/^$begin\$/,/^$end\$/d" "$file"
  was "file $file" || [ -s "$file" ] || rm -f "$file"
done
rm -rf --one-file-system $own_places

# Packages, and what they and the cluster leave behind.
if ! was 'unit libvirtd.service'; then quietly systemctl stop libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket virtlogd.service virtlogd.socket virtlockd.service virtlockd.socket; fi
was 'unit systemd-machined.service' || quietly systemctl unmask systemd-machined.service
[ ! -e "$folder/${activation##*/}" ] || mv "$folder/${activation##*/}" "$activation"
while read -r family name; do
  was "table $family $name" || quietly nft delete table "$family" "$name"
done <<<"$tables"
[ ! -e /usr/sbin/policy-rc.d ] || ! grep -q '^# pacemaker-guest-drills$' /usr/sbin/policy-rc.d || rm -f /usr/sbin/policy-rc.d
mapfile -t brought < <(cat "$folder/packages" 2>/dev/null)
if [ "${#brought[@]}" -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive HOME=/root
  set -- "${brought[@]}"
  # What each package would stop, and have systemd read its units anew for, is stopped at once here and read anew once below.
  mapfile -t units < <(eval "$files" 2>/dev/null | sed -nE 's,^(/usr)?/lib/systemd/system/([^/]*\.(service|socket|timer|path))$,\2,p')
  [ "${#units[@]}" -eq 0 ] || quietly systemctl stop "${units[@]/@./@*.}"
  SYSTEMD_OFFLINE=1 eval "$remove" >"$folder/remove.log" 2>&1 || grep -iE '(depends on|needed by|error processing)' "$folder/remove.log" | sort -u | head -n 20 | while read -r why; do left "packages: $why"; done
fi
for place in $package_places; do was "place $place" || rm -rf "$place"; done
for place in $empty_places; do was "place $place" || quietly rmdir "$place"; done
# What was written anew and was there before comes back; the rest is gone, or a package's that was there.
for file in $rewritten; do
  [ "$file" != /etc/fstab ] && was "file $file" || continue
  [ "$(sha256sum <"$file" 2>/dev/null | cut -c1-16)" = "$(awk -v f="$file" '$1 == "file" && $2 == f { print $4 }' "$before")" ] ||
    quietly tar -xf "$folder/files.tar" --absolute-names "$file" || left "$file as it is: there is no copy of it"
done

# Users and groups that the packages made, unless something is theirs still.
new() { cut -d: -f1 "/etc/$2" | while read -r name; do was "$1 $name" || echo "$name"; done; }
mapfile -t users < <(new user passwd)
mapfile -t groups < <(new group group)
theirs=(-false)
for name in "${users[@]}"; do theirs+=(-o -user "$name"); done
for name in "${groups[@]}"; do theirs+=(-o -group "$name"); done
owned=$(find / -xdev '(' "${theirs[@]}" ')' -printf 'user %u %p\ngroup %g %p\n' 2>/dev/null | awk '!seen[$1, $2]++')
owned_by() { sed -n "s/^$1 $2 //p" <<<"$owned"; }
for name in "${users[@]}"; do
  [ "$(id -u "$name")" -lt 1000 ] || [ "$(id -u "$name")" -ge 60000 ] || { left "the user $name, who is no package's"; continue; }
  if [ "$(owned_by user "$name")" ]; then left "the user $name, whose $(owned_by user "$name") is"; else quietly userdel "$name" || left "the user $name"; fi
done
for name in "${groups[@]}"; do
  getent group "$name" >/dev/null || continue
  if [ "$(owned_by group "$name")" ]; then left "the group $name, whose $(owned_by group "$name") is"; else quietly groupdel "$name" || left "the group $name"; fi
done

# Marks of packages, units, what ran and what the kernel was told.
if there apt-mark; then
  mapfile -t automatic < <(comm -12 <(apt-mark showmanual | sort -u) <(words automatic))
  set -- "${automatic[@]}"
  [ $# -eq 0 ] || eval "$mark_automatic" >/dev/null 2>&1
fi
systemctl daemon-reload
comm -23 <(grep -E '^unit [^ ]+ (enabled|disabled|masked)' "$before" | cut -d' ' -f1-3 | sort) \
  <(systemctl list-unit-files --no-legend --plain | awk '{ print "unit " $1 " " $2 }' | sort) |
  while read -r _ name state; do
    case $state in
    enabled) quietly systemctl enable "$name" ;;
    disabled) quietly systemctl disable "$name" ;;
    masked) quietly systemctl mask "$name" ;;
    esac
  done
comm -23 <(words running) <(systemctl list-units --no-legend --plain --state=active | awk '{ print $1 }' | sort -u) | while read -r name; do
  quietly systemctl start "$name" || left "$name stopped: it does not start"
done
forward=$(sed -n 's/^setting net.ipv4.ip_forward //p' "$before")
[ -z "$forward" ] || echo "$forward" >/proc/sys/net/ipv4/ip_forward
quietly systemctl reset-failed
exit 0
