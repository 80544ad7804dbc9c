# Prints what a lab changes on a machine, a line each and in the same order each time: `package NAME VERSION`, `automatic NAME`,
# `unit NAME STATE`, `running NAME`, `user NAME`, `group NAME`, `file PATH MODE SUM`, `place PATH`, `network NAME STATE`, `table FAMILY NAME`,
# `setting NAME VALUE`. Arguments: the files and places to look at, the latter with a slash at their end.
export LC_ALL=C
sum() { sha256sum <"$1" | cut -c1-16; }
{
  if command -v dpkg-query >/dev/null; then
    dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package} ${Version}\n' | awk '$1 ~ /^[ih][iHFUWt]/ { print "package " $2 " " $3 } $1 ~ /^rc/ { print "remains " $2 }'
    apt-mark showauto | sed 's/^/automatic /'
  else
    rpm -qa --qf 'package %{NAME}.%{ARCH} %{VERSION}-%{RELEASE}\n'
  fi
  # Units that are made while the machine runs are nobody's.
  systemctl list-unit-files --no-legend --plain --type=service,socket,timer |
    awk '$2 != "transient" && $2 != "generated" && $2 != "alias" { print "unit " $1 " " $2 }'
  # What runs for as long as somebody is logged in, or for a moment, comes and goes by itself.
  systemctl list-units --no-legend --plain --type=service,socket --state=running,listening |
    awk '$1 !~ /^(user@|ssh@|sshd@|apt-|getty@|serial-getty@|systemd-(hostnamed|timedated|localed)|dpkg-)/ { print "running " $1 }'
  cut -d: -f1 /etc/passwd | sed 's/^/user /'
  cut -d: -f1 /etc/group | sed 's/^/group /'
  for path; do
    case $path in
    */) [ ! -e "${path%/}" ] || echo "place ${path%/}" ;;
    *) [ ! -f "$path" ] || echo "file $path $(stat -c %a:%U:%G "$path") $(sum "$path")" ;;
    esac
  done
  if command -v virsh >/dev/null && systemctl is-active --quiet libvirtd; then
    for network in $(virsh net-list --all --name); do
      virsh net-info "$network" | awk -v n="$network" '$1 == "Active:" { a = $2 } $1 == "Autostart:" { s = $2 } END { print "network " n " active:" a ",autostart:" s }'
    done
  fi
  ! command -v nft >/dev/null || nft list tables 2>/dev/null
  echo "setting net.ipv4.ip_forward $(cat /proc/sys/net/ipv4/ip_forward)"
} | sort -u
