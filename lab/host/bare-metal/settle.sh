# Makes a machine that has the packages a lab's host: what is started at boot, libvirt's settings, names, the firewall of the
# walk-throughs. What is added to a file stands between marks. Variables are set before it: folder (of the record), unit (of the firewall),
# modules (a file), activation (machined's, by D-Bus), libvirtd (its settings), hosts (lines), bridge, kvm (yes or no).
set -e
begin='# >>> pacemaker-guest-drills' end='# <<< pacemaker-guest-drills'
mark() { # FILE: puts what stands on standard input between marks at its end, in place of what stood there
  local text
  text=$(cat)
  [ ! -e "$1" ] || sed -i "/^$begin\$/,/^$end\$/d" "$1"
  [ ! -s "$1" ] || [ -z "$(tail -c 1 "$1")" ] || echo >>"$1"
  printf '%s\n' "$begin" "$text" "$end" >>"$1"
}
was_there() { grep -qF "unit $1 " "$folder/before"; }

# The lab starts the cluster itself; pcsd is for hosts that speak to each other's pcs. libvirt's daemons of one driver each, which Fedora starts
# at boot, would end libvirtd. What was there before stays as it was.
mapfile -t brought < <(
  systemctl list-unit-files --no-legend --plain {corosync,pacemaker,pcsd,pcsd-ruby,logd,libvirt-guests,virtlogd}.service virtlogd{,-admin}.socket \
    virt{qemu,lxc,network,interface,nodedev,nwfilter,secret,storage,proxy}d{.service,.socket,-ro.socket,-admin.socket} |
    while read -r name _; do was_there "$name" || echo "$name"; done
)
# Nothing is read anew yet: that is done once, below.
[ "${#brought[@]}" -eq 0 ] || SYSTEMD_OFFLINE=1 systemctl disable -q "${brought[@]}"
# Here too libvirt_lxc can ask machined for its container before that knows of it. A mask alone makes that no better: D-Bus starts it by another
# name of it, for which systemd has one of two errors then, and with one of them no guest starts.
if ! was_there systemd-machined.service; then
  SYSTEMD_OFFLINE=1 systemctl mask -q systemd-machined.service
  [ ! -e "$activation" ] || mv "$activation" "$folder/"
  systemctl reload dbus
fi

printf '%s\n' fuse tun overlay >"$modules"
modprobe -a fuse tun overlay
# libvirtd is not to leave after two idle minutes; a drill must not wait for it to come back.
echo 'LIBVIRTD_ARGS=' | mark "$libvirtd"
# A security driver would confine a guest's init, which mounts its own cgroups.
echo 'security_driver = "none"' | mark /etc/libvirt/lxc.conf
if [ "$kvm" = yes ]; then
  mark /etc/libvirt/qemu.conf <<'END'
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
namespaces = []
stdio_handler = "file"
END
fi
mark /etc/hosts <<<"$hosts"

# Closed but for what clustering needs on the bridge of the guests alone: what else this machine serves is none of a lab's business.
cat >"$folder/nftables.conf" <<END
table inet lab_firewall
delete table inet lab_firewall
table inet lab_firewall {
  chain input {
    type filter hook input priority filter; policy drop;
    iifname != "$bridge" accept
    ct state established,related accept
    ct state invalid drop
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport { 2224, 3121, 21064 } accept comment "pcsd, pacemaker_remote, dlm"
    udp dport 5405 accept comment "corosync"
    udp dport { 53, 67 } accept comment "names and addresses for libvirt's guests"
    tcp dport 53 accept
  }
}
END
cat >"/etc/systemd/system/$unit" <<END
[Unit]
Description=Firewall of the guest-node lab
After=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f $folder/nftables.conf
ExecStop=/usr/sbin/nft delete table inet lab_firewall

[Install]
WantedBy=multi-user.target
END
# The suite reads pacemaker.log as one of a machine whose zone is UTC.
mkdir -p /etc/systemd/system/pacemaker.service.d
printf '[Service]\nEnvironment=TZ=UTC\n' >/etc/systemd/system/pacemaker.service.d/pacemaker-lab.conf
systemctl daemon-reload
systemctl enable -q --now "$unit"
systemctl enable -q libvirtd.service
systemctl restart libvirtd.service
