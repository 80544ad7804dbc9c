import { startOfFunction } from '../guests/guest-truth.ts';

/**
 * Shell functions for faults that hit a process of the host. `watch_process PID WHAT` chooses it, so that `is_gone` and
 * `is_stopped` tell what became of that very process (its id and start time), whoever has its id later. `processes_of NAME`
 * prints the ids of the host's own processes with that executable: an LXC guest's have another PID namespace.
 */
export const processFunctions = `${startOfFunction}
watch_process() {
  process=$1
  [ "$process" ] && start=$(start_of "$process") && return
  echo "$2 does not run"
  return 1
}
is_gone() { [ "$(start_of "$process")" != "$start" ]; }
stopped() { [[ $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) == [Tt]\\ * ]]; }
is_stopped() { stopped "$process" && ! is_gone; }
processes_of() {
  local pid
  for pid in $(pgrep --ns $$ --nslist pid "^\${1:0:15}$"); do
    [[ $(readlink "/proc/$pid/exe") == */$1 ]] && echo "$pid"
  done
  return 0
}
`;
