import { startOfFunction } from '../../lab/guests/guest-truth.ts';
import { lxcProcessFunctions } from '../../lab/guests/lxc/processes.ts';
import type { Plan } from '../../lab/plan.ts';

/** Where a sabotage keeps its scripts, and the originals of what it took the place of. */
const folder = '/var/lib/sabotage';
/** Under a guest's root, what lies there counts how often an agent has lied. */
const guestRoots = '/root/lxc/*-filesystem';

/** Guests' agents source this; their own files are compared before each run of drills. */
export const shellFunctions = 'usr/lib/ocf/lib/heartbeat/ocf-shellfuncs';

/**
 * For scripts that lie in wait. `broken SECONDS` ends with 0 once lxc1 has lost the daemon that it had when the sabotage was
 * brought about, or a fault with a lease is there; and for so many seconds from then on, so that the lab can be put right afterwards.
 */
const brokenFunction = `
broken() {
  [ -e ${folder}/since ] || {
    [ ! -e "/proc/$(<${folder}/daemon)" ] || [ "$(ls /var/lib/guest-drills/leases 2>/dev/null | grep -v 'new$')" ] || return 1
    : >${folder}/since
  }
  (($(date +%s) - $(stat -c %Y ${folder}/since) < $1))
}`;

/**
 * The script of a sabotage, with the words that it may use. They read standard input:
 * `substitute FILE` puts it in place of a file; `append FILE` at its end; `wrap COMMAND` in place of a command, as a bash script that
 * knows `broken` and calls what was there with `original`; `meanwhile` has it go on in the background once the fault is there.
 */
export const hostScript = (apply: string): string => `set -e
${lxcProcessFunctions}
${startOfFunction}
mkdir -p ${folder}
daemon_of "$(init_of lxc1)" >${folder}/daemon
cat >${folder}/broken <<'END_OF_FUNCTION'
${lxcProcessFunctions}
${brokenFunction}
END_OF_FUNCTION
substitute() {
  mkdir -p "${folder}/originals\${1%/*}"
  cp -p "$1" "${folder}/originals$1"
  cp -p "$1" "$1.sabotage"
  cat >"$1.sabotage"
  mv "$1.sabotage" "$1"
}
append() { { cat "$1" -; } | substitute "$1"; }
wrap() {
  {
    printf '#!/bin/bash\\n. ${folder}/broken\\noriginal() { (exec -a %s ${folder}/originals%s "$@"); }\\n' "\${1##*/}" "$1"
    cat
  } | substitute "$1"
}
meanwhile() {
  { printf '. ${folder}/broken\\nuntil broken 600; do sleep 0.02; done\\n'; cat; } >${folder}/meanwhile
  systemd-run --quiet --collect --unit=sabotage-meanwhile bash ${folder}/meanwhile
}
${apply}`;

/** Undoes every sabotage; may be run twice. */
export const undoScript = `
systemctl stop 'sabotage-*' 2>/dev/null
if cd ${folder}/originals 2>/dev/null; then
  find . -type f | while read -r file; do mv -f "$file" "/$file" || exit; done || exit
fi
rm -rf ${folder} ${guestRoots}/var/lib/sabotage-*
exit 0`;

/** Prints what sabotages touch, and what they leave, in a form that is the same before and after. */
export const tracesScript = ({ guests }: Plan): string => `
dpkg --verify pacemaker pacemaker-cli-utils pacemaker-resource-agents resource-agents nftables 2>/dev/null | grep -v ^missing
sha256sum /root/.bashrc
for guest in ${guests.flatMap(({ name, kind }) => (kind === 'lxc' ? [name] : [])).join(' ')}; do
  (cd /root/lxc/$guest-filesystem && echo "$guest $(sha256sum lab-init ${shellFunctions} | sha256sum)" && ls -d var/lib/sabotage-* 2>/dev/null)
done
ls -d ${folder} /run/systemd/transient/sabotage-* 2>/dev/null
nft list tables | grep sabotage
:`;
