import { startOfFunction } from '../guest-truth.ts';

/**
 * Shell functions that find an LXC guest's processes from the host: `init_of NAME` prints the process id of its init,
 * `daemon_of INIT` that of its pacemaker_remoted, a child of that init (what it forks for an agent is none), found by its
 * executable and its PID namespace, and `start_of PID` a process's start time. `enter NAME COMMAND…` becomes the command inside
 * the guest: in all its namespaces, and in the cgroup of its init so that it ends with the guest.
 */
export const lxcProcessFunctions = `
init_of() {
  local pid init
  pid=$(cat "/run/libvirt/lxc/$1.pid" 2>/dev/null) && read -r init _ <"/proc/$pid/task/$pid/children" || [ "$init" ]
  echo "$init"
}
daemon_of() {
  local pid namespace
  namespace=$(readlink "/proc/$1/ns/pid") || return 1
  for pid in $(pgrep -P "$1" pacemaker-remot); do
    [ "$(readlink "/proc/$pid/ns/pid")" = "$namespace" ] && [ "$(readlink "/proc/$pid/exe")" = /usr/sbin/pacemaker-remoted ] &&
      echo "$pid" && return
  done
  return 1
}
enter() {
  local init group
  init=$(init_of "$1")
  [ "$init" ] || { echo "The guest $1 does not run." >&2; exit 1; }
  shift
  group=$(sed -n 's/^0:://p' "/proc/$init/cgroup")
  { echo $BASHPID >"/sys/fs/cgroup$group/cgroup.procs"; } 2>/dev/null
  exec nsenter --target "$init" --all -- env -i HOME=/root USER=root \${TERM:+TERM="$TERM"} \\
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
${startOfFunction}`;
