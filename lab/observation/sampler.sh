# Streams samples of the cluster's status from its host, each stamped with the host's clock.
#
# It asks the CIB (cibadmin) and renders the answer offline (CIB_file=… crm_mon): a live crm_mon hangs while the
# controller is busy probing a guest that came back (1.7 s, seen with 3.0.0), and that is the moment a drill wants to
# see. A CIB that did not change since the last sample is not rendered again.
#
# Standard input, one command a line: "every MILLISECONDS" sets the pace, "stop" ends it. End of input ends it too.
# Standard output, a frame a sample: a header line, then that many bytes, then a newline:
#   SAMPLE <number> <asked, epoch µs> <answered, epoch µs> <status|same|error> <bytes> <machine> <strain> <uptime, ms>
# <machine> is what the machine itself shows at that moment, entries joined by ";", or "-" if there is none:
#   <host or domain>=<process id of the domain, 1 for the host>:<resources with an agent's state file there, joined by ",">
# An entry whose files cannot be seen from the host (a KVM guest, a container that is just being started) has "?" for the resources.
# <strain> is how hard it was for a process of the host to get a processor since the last status:
#   <late>/<took>/<needed>/<idle>/<stolen>/<all>/<load>
# late: by how many ms at most a process that wakes ten times a second woke too late; took, needed: how long crm_mon took to
# render, and the processor time it used, ms (0 if nothing was rendered); idle, stolen, all: ticks of the machine's
# processors since its boot; load: its load average of the last minute.
# <uptime> is how long the machine had been up when the CIB answered. It also sets the pace: nobody can set it, as they can the clock.
# After "stop": END <CPU used by the sampler and its children, µs> <wall time, µs>
set -u
LC_ALL=C
TIMEFORMAT='%U %S'
shopt -s nullglob
pace_ms=${1:-1000}
# How many seconds one question may take.
limit=${2:-5}
# The number of the last sample of the stream that this one goes on with.
number=${3:-0}
# So many times as long as a sample took it rests at least, whatever the pace.
rest=${4:-0}
work=$(mktemp -d /run/guest-drills-sampler.XXXXXX) || exit 1
waker=''
trap '[[ ! $waker ]] || kill "$waker" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 0' HUP TERM INT PIPE
previous='' rendered=0
late=0 took=0 needed=0

state_files() { # of the root directory $1, into $files
  local file
  files=''
  for file in "$1"/run/*-*.state; do
    file=${file##*/} file=${file#*-}
    files+=${files:+,}${file%.state}
  done
}

first_word() { # of the file $1, which may lack a last newline, into $word
  word=''
  { read -r word _ <"$1"; } 2>/dev/null
  [[ $word ]]
}

look_at_machine() { # into $machine
  local file pid name
  state_files ''
  machine="$HOSTNAME=1:$files"
  for file in /run/libvirt/lxc/*.pid /run/libvirt/qemu/*.pid; do
    [[ $file != */driver.pid ]] && first_word "$file" || continue
    pid=$word name=${file##*/}
    files='?'
    if [[ $file == */lxc/* ]]; then
      first_word "/proc/$pid/task/$pid/children" || continue
      # The first process of a container that is being started still has the host's root for a moment.
      [[ /proc/$word/root -ef / ]] || state_files "/proc/$word/root"
    fi
    machine+=";${name%.pid}=$pid:$files"
  done
}

uptime_ms() { # into $uptime; no set clock changes it
  read -r uptime _ </proc/uptime
  uptime=$((10#${uptime/./} * 10))
}

wake_often() { # and write down by how many ms too late, if it is worth a word; ends with the sampler
  local due uptime
  while uptime_ms && due=$((uptime + 100)); do
    read -r -t 0.1 -u "$never"
    uptime_ms
    kill -0 $$ 2>/dev/null || return
    ((uptime - due < 20)) || echo $((uptime - due)) >>"$work/lateness"
  done
}
uptime_ms
started=$uptime
mkfifo "$work/never" && exec {never}<>"$work/never"
: >"$work/lateness"
exec {lateness}<"$work/lateness"
wake_often </dev/null &
waker=$!

feel_strain() { # into $strain
  local ms idle iowait user nice system irq softirq stolen load
  while read -r -u "$lateness" ms; do ((ms <= late)) || late=$ms; done
  read -r _ user nice system idle iowait irq softirq stolen _ </proc/stat
  read -r load _ </proc/loadavg
  strain="$late/$took/$needed/$((idle + iowait))/$stolen/$((user + nice + system + idle + iowait + irq + softirq + stolen))/$load"
}

render() { # $work/cib, into $status
  local code user system uptime began
  uptime_ms
  began=$uptime
  { time status=$(CIB_file="$work/cib" timeout -k 1 "$limit" crm_mon -1 --output-as=xml 2>"$work/problem"); } 2>"$work/time"
  code=$?
  uptime_ms
  took=$((uptime - began))
  # The shell may have something to say of a crm_mon that was killed.
  while read -r user system; do
    [[ $system && $user$system =~ ^[0-9.]+$ ]] || continue
    needed=$((10#${user/./} + 10#${system/./}))
  done <"$work/time"
  return $code
}

frame() { # kind, payload
  feel_strain
  printf 'SAMPLE %d %s %s %s %d %s %s %d\n%s\n' \
    "$number" "$asked" "$answered" "$1" "${#2}" "$machine" "$strain" "$answered_up" "$2"
  took=0 needed=0
  # What nobody could be told with a status is told with the next.
  [[ $1 == error ]] || late=0
}

stamp_answer() { # into $answered, and the uptime of that moment into $answered_up
  local uptime
  answered=${EPOCHREALTIME/./}
  uptime_ms
  answered_up=$uptime
}

while :; do
  number=$((number + 1))
  uptime_ms
  asked=${EPOCHREALTIME/./} asked_up=$uptime
  if timeout -k 1 "$limit" cibadmin --query >"$work/cib" 2>"$work/problem"; then
    stamp_answer
    look_at_machine
    read -r version <"$work/cib"
    # What crm_mon shows can also change with the passing of time alone (a failure that expires): render at least once a second.
    if [[ $version == "$previous" ]] && ((answered_up - rendered < 1000)); then
      frame same ''
    elif render; then
      previous=$version rendered=$answered_up
      frame status "$status"
    else
      previous=''
      frame error "$(<"$work/problem")"
    fi
  else
    stamp_answer
    previous=''
    look_at_machine
    # No CIB to be had: crm_mon says why in its own words and format.
    status=$(timeout -k 1 "$limit" crm_mon -1 --output-as=xml 2>"$work/problem")
    if [[ $status ]]; then frame status "$status"; else frame error "$(<"$work/problem")"; fi
  fi
  uptime_ms
  rested=$((uptime + rest * (uptime - asked_up)))
  while :; do
    uptime_ms
    due=$((asked_up + pace_ms))
    left=$(((due > rested ? due : rested) - uptime))
    ((left > 0)) || left=1
    printf -v wait '%d.%03d' $((left / 1000)) $((left % 1000))
    if read -r -t "$wait" command value; then
      case $command in
        every) pace_ms=$value ;;
        stop)
          kill "$waker" && wait "$waker"
          read -r cpu_us < <(
            read -r -a stat <"/proc/$$/stat"
            echo $(((stat[13] + stat[14] + stat[15] + stat[16]) * 10000))
          )
          uptime_ms
          printf 'END %s %s\n' "$cpu_us" $(((uptime - started) * 1000))
          exit 0
          ;;
      esac
    elif (($? > 128)); then
      break # the pace's time is over
    else
      exit 0 # nobody listens any more
    fi
  done
done
