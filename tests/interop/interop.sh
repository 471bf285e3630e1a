#!/bin/bash
# Uploads, lists and downloads with aws-cli, s5cmd and rclone against the test server over TLS and
# compares every byte: this is how the server itself is checked.
#
# Usage: interop.sh S3-TEST-SERVER. Ends with 77 ("skipped") where a peer cannot be installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/interop/install_peers.sh
source "$here/install_peers.sh"
install_peers || exit 77
server=$1
peers=$(peers_folder)/bin
work=$(mktemp -d)
server_pid=
trap 'if [ -n "$server_pid" ]; then kill "$server_pid"; wait "$server_pid" || true; fi; rm -rf "$work"' EXIT

export AWS_ACCESS_KEY_ID=interop-key AWS_SECRET_ACCESS_KEY=interop/secret+key
export AWS_DEFAULT_REGION=us-east-1 AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null HOME=$work
unset AWS_CA_BUNDLE AWS_PROFILE AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_SESSION_TOKEN
export SSL_CERT_FILE=$work/tls/ca.pem

start_server() {  # storage options
  "$server" --throwaway-tls "$work/tls" --bucket music --access-key "$AWS_ACCESS_KEY_ID" \
    --secret-key "$AWS_SECRET_ACCESS_KEY" --log "$@" >"$work/ready" 2>"$work/log" &
  server_pid=$!
  for _ in $(seq 100); do
    url=$(sed -n 's/^listening on //p' "$work/ready")
    [ -n "$url" ] && return 0
    sleep 0.1
  done
  echo "the server did not start: $(cat "$work/log")" >&2
  return 1
}

stop_server() {
  kill "$server_pid"
  wait "$server_pid"
  server_pid=
}

make_source() {
  mkdir -p "$work/source/a folder" "$work/source/späte Schicht" "$work/source/many"
  head -c 20971520 /dev/urandom >"$work/source/large.bin"  # multipart for all three
  head -c 700000 /dev/urandom >"$work/source/a folder/middle.bin"
  : >"$work/source/empty"
  local name
  for name in 'plus + percent % and #hash' "quote's \"two\"" 'a&b=c;d?e' 'tilde~star*(round)[square]' \
    'ümläut é 日本 😀' '.leading dot' 'back\slash' '100%.mp3' 'a,b$c@d!e:f'; do
    echo "$name" >"$work/source/späte Schicht/$name"
  done
  for name in $(seq 1 30); do echo "$name" >"$work/source/many/$name"; done
}

same() {  # who, folder
  diff -r "$work/source" "$2" || { echo "$1: what came back differs" >&2; exit 1; }
}

check_listing() {  # who, text with one line per object
  local want got
  want=$(find "$work/source" -type f | wc -l)
  got=$(echo "$2" | wc -l)
  [ "$want" = "$got" ] || { echo "$1 lists $got objects instead of $want" >&2; exit 1; }
}

try_aws() {
  local aws=("$peers/aws" --endpoint-url "$url" --ca-bundle "$work/tls/ca.pem")
  "${aws[@]}" s3 cp --quiet --recursive "$work/source" s3://music/aws/
  check_listing aws-cli "$("${aws[@]}" s3 ls --recursive s3://music/aws/)"
  "${aws[@]}" s3 cp --quiet --recursive s3://music/aws/ "$work/aws"
  same aws-cli "$work/aws"
  local again
  again=$("${aws[@]}" s3 sync --no-progress "$work/source" s3://music/aws/ --size-only)
  [ -z "$again" ] || { echo "aws-cli: a second sync did $again" >&2; exit 1; }
  "${aws[@]}" s3api list-objects --bucket music --prefix aws/many/ --max-items 1000 >/dev/null # V1
  "${aws[@]}" s3api list-objects-v2 --bucket music --prefix aws/many/ --page-size 7 \
    --query 'length(Contents)' | grep -qx 30
  "${aws[@]}" s3 rm --quiet --recursive s3://music/aws/
}

try_s5cmd() {
  local s5cmd=(env "AWS_CA_BUNDLE=$work/tls/ca.pem" "$peers/s5cmd" --endpoint-url "$url")
  "${s5cmd[@]}" cp --part-size 5 "$work/source/*" s3://music/s5cmd/ >/dev/null
  check_listing s5cmd "$("${s5cmd[@]}" ls 's3://music/s5cmd/*')"
  "${s5cmd[@]}" cp 's3://music/s5cmd/*' "$work/s5cmd/" >/dev/null
  same s5cmd "$work/s5cmd"
  "${s5cmd[@]}" --use-list-objects-v1 ls 's3://music/s5cmd/*' >/dev/null
}

try_rclone() {
  export RCLONE_CONFIG_T_TYPE=s3 RCLONE_CONFIG_T_PROVIDER=Other RCLONE_CONFIG_T_ENV_AUTH=true
  export RCLONE_CONFIG_T_ENDPOINT=$url RCLONE_CONFIG_T_REGION=us-east-1
  local rclone=("$peers/rclone" --quiet --s3-upload-cutoff 5Mi --s3-list-chunk 10)
  "${rclone[@]}" copy "$work/source" t:music/rclone
  check_listing rclone "$("${rclone[@]}" lsf --recursive --files-only t:music/rclone)"
  "${rclone[@]}" copy t:music/rclone "$work/rclone"
  same rclone "$work/rclone"
  "${rclone[@]}" check "$work/source" t:music/rclone
  "${rclone[@]}" --s3-list-version 1 lsf --recursive t:music/rclone >/dev/null
}

make_source
for storage in --memory "--folder=$work/store"; do
  start_server "$storage"
  try_aws
  try_s5cmd
  try_rclone
  stop_server
  grep -q ' ListObjects 200 ' "$work/log" || { echo "nobody used ListObjects V1" >&2; exit 1; }
  if grep -v ' signed' "$work/log"; then
    echo "these requests were not signed rightly" >&2
    exit 1
  fi
  echo "aws-cli, s5cmd and rclone agree with the server (${storage%%=*})"
  rm -rf "$work/aws" "$work/s5cmd" "$work/rclone"
done

# What was put into the folder is still there after a restart.
start_server "--folder=$work/store"
try_aws
AWS_CA_BUNDLE=$work/tls/ca.pem "$peers/s5cmd" --endpoint-url "$url" cp 's3://music/s5cmd/*' "$work/s5cmd/" >/dev/null
same "s5cmd after a restart" "$work/s5cmd"
stop_server
echo "the folder survives a restart"
