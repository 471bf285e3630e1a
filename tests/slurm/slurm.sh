#!/bin/bash
# The job script of docs/bulk-migration.md on a real Slurm: four shards as a job array, one task
# killed in the middle and requeued, and the right tree at the end.
#
# munged, slurmctld and slurmd are this test's own: own key and socket, own ports on 127.0.0.1, own
# state. A Slurm or munge that runs on the machine is neither asked nor touched.
#
# Usage: slurm.sh BEATSYNC S3-TEST-SERVER BULK-MIGRATION.md. Ends with 77 ("skipped") without Slurm.
set -euo pipefail

beatsync=$1 server=$2 page=$3
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch; do
  command -v "$program" >/dev/null && continue
  echo "left out: no $program here (Debian: slurm-wlm and munge)"
  [ -n "${BEATSYNC_REQUIRE_SERVERS-}${CI-}" ] && exit 1
  exit 77
done

work=$(mktemp -d)
chmod 711 "$work"  # munge's socket must be within reach of everybody who could authenticate
pids=()
cleanup() {
  local status=$? pid log
  set +e
  trap '' PIPE  # whoever reads the log may be gone; what was started ends all the same
  # Never the machine's own Slurm.
  [ "${SLURM_CONF-}" = "$work/slurm.conf" ] && scancel --quiet --user="$(id -un)" 2>/dev/null
  for ((pid = ${#pids[@]} - 1; pid >= 0; pid--)); do
    kill "${pids[pid]}" 2>/dev/null
    wait "${pids[pid]}" 2>/dev/null
  done
  if ((status)); then
    for log in "$work"/*.log "$work"/tasks/*; do
      [ -s "$log" ] && { echo "-- $log"; tail -n 30 "$log"; }
    done >&2
  fi
  rm -rf "$work"
  exit "$status"
}
trap cleanup EXIT

fail() { echo "slurm: $*" >&2; exit 1; }

# until_true SECONDS WHAT COMMAND...
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || fail "$what: not in time"
    sleep 0.2
  done
}

free_ports() {
  python3 - <<'PY'
import socket
held = [socket.socket() for _ in range(2)]
for s in held: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in held))
PY
}

start_slurm() {
  local me ctld_port slurmd_port
  me=$(id -un)
  read -r ctld_port slurmd_port < <(free_ports)
  mkdir -p "$work/munge" "$work/state" "$work/spool" "$work/tasks"
  chmod 711 "$work/munge"
  head -c 1024 /dev/urandom >"$work/munge.key"
  chmod 400 "$work/munge.key"
  cat >"$work/slurm.conf" <<CONF
ClusterName=beatsync-test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$ctld_port
SlurmdPort=$slurmd_port
CommunicationParameters=NoInAddrAny
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
JobRequeue=1
KillWait=5
NodeName=localhost NodeAddr=127.0.0.1 CPUs=4 RealMemory=2048 State=UNKNOWN
PartitionName=test Nodes=localhost Default=YES MaxTime=10 State=UP
CONF
  export SLURM_CONF=$work/slurm.conf
  unset SLURM_JOB_ID SLURM_ARRAY_TASK_ID SLURM_ARRAY_JOB_ID  # this may itself run as a job
  munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge/socket" \
    --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" --log-file="$work/munged.log" \
    2>"$work/munged.err.log" &
  pids+=($!)
  until_true 20 "munged" test -S "$work/munge/socket"
  slurmctld -D -c >"$work/slurmctld.log" 2>&1 &
  pids+=($!)
  slurmd -D -N localhost >"$work/slurmd.log" 2>&1 &
  pids+=($!)
  until_true 40 "the node" eval 'sinfo --noheader --format=%T | grep -qx idle'
}

start_server() {
  export AWS_ACCESS_KEY_ID=slurm-key AWS_SECRET_ACCESS_KEY=slurm/secret AWS_REGION=us-east-1
  export AWS_EC2_METADATA_DISABLED=true HOME=$work AWS_CA_BUNDLE=$work/tls/ca.pem
  unset AWS_PROFILE AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_SESSION_TOKEN AWS_CONFIG_FILE
  unset AWS_SHARED_CREDENTIALS_FILE BEATSYNC_CONFIG XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME
  # Slow enough that a task can be killed in its middle.
  "$server" --throwaway-tls "$work/tls" --bucket music --access-key "$AWS_ACCESS_KEY_ID" \
    --secret-key "$AWS_SECRET_ACCESS_KEY" --latency-ms 150 >"$work/ready" 2>"$work/server.log" &
  pids+=($!)
  until_true 20 "the server" grep -q '^listening on ' "$work/ready"
  BEATSYNC_ENDPOINT_URL=$(sed -n 's/^listening on //p' "$work/ready")
  export BEATSYNC_ENDPOINT_URL BEATSYNC_TRANSFERS=1
}

make_library() {
  mkdir -p "$work/library/späte Schicht" "$work/library/many"
  head -c 20971520 /dev/urandom >"$work/library/set.wav"
  : >"$work/library/späte Schicht/empty"
  local name
  for name in $(seq 90); do echo "$name" >"$work/library/many/$name.mp3"; done
}

# The block of the page that follows its marker, with this test's folders in it.
job_script() {
  awk '/^<!-- tests\/slurm runs this -->/ { wanted = 1 }
       wanted && /^```$/ { exit }
       inside { print }
       wanted && /^```bash$/ { inside = 1 }' "$page" |
    sed -e "s|^plan=.*|plan=$work/plan|" \
      -e "s|^#SBATCH --output=.*|#SBATCH --output=$work/tasks/%A_%a.log|" >"$work/job.sh"
  grep -q 'beatsync apply' "$work/job.sh" || fail "no job script in $page"
}

state_of() { squeue --noheader --array --states=all --jobs="$1" --format=%T 2>/dev/null || true; }
in_state() { [ "$(state_of "$1")" = "$2" ]; }
pid_of_task() {
  local pid
  for pid in $(pgrep -f "beatsync apply $work/plan"); do
    tr '\0' '\n' <"/proc/$pid/environ" | grep -qx "SLURM_ARRAY_TASK_ID=$1" && echo "$pid" && return
  done
  return 1
}
none_left() {
  ! squeue --noheader --array --jobs="$1" --states=PENDING,RUNNING,COMPLETING --format=%T |
    grep -q .
}
some_objects() { [ "$(objects)" -ge 4 ]; }
objects() { "$beatsync" sync s3://music "$work/counted" --dry-run -q --json | grep -c '"item"'; }

start_slurm
start_server
make_library
job_script
mkdir -p "$work/bin"
ln -s "$beatsync" "$work/bin/beatsync"
export PATH=$work/bin:$PATH

cd "$work"
beatsync plan "$work/library" s3://music --shards 4 --out "$work/plan"
beatsync status "$work/plan" && fail "nothing was done, and status says that all is"

job=$(sbatch --parsable --array=0-3 "$work/job.sh")
until_true 30 "task 1" in_state "${job}_1" RUNNING
until_true 30 "the program of task 1" pid_of_task 1
until_true 30 "the first objects" some_objects
kill -KILL "$(pid_of_task 1)"  # scancel would send SIGTERM first, and beatsync would end in order
until_true 60 "the array" none_left "$job"
in_state "${job}_1" FAILED || fail "task 1 was killed, and is $(state_of "${job}_1")"
[ "$(objects)" -lt 92 ] || fail "task 1 was killed too late to leave anything undone"
said=$(beatsync status "$work/plan") && fail "task 1 was killed, and status says that all is done"
grep -qx '  not run to the end: 1' <<<"$said" || fail "status should name shard 1: $said"

scontrol requeue "${job}_1"
# Slurm lets a requeued task wait for two minutes.
until_true 20 "the requeued task" scontrol update JobId="${job}_1" StartTime=now
until_true 60 "the requeued task" in_state "${job}_1" COMPLETED
beatsync status "$work/plan" || fail "the requeued task left something undone"

beatsync sync s3://music "$work/back" -q
diff -r "$work/library" "$work/back" || fail "what came back differs"
echo "slurm: an array of 4 tasks, one of them killed and requeued: the tree is right"
