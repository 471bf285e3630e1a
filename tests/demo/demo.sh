#!/usr/bin/env bash
# What `./run demo` shows: two DJs share a beatcloud. Mia uses a Mac, Ben uses Windows and runs
# beatsync in WSL. Everything happens in a temporary folder and on 127.0.0.1.
set -euo pipefail
bin=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../build/release/bin" && pwd)
stage=$(mktemp -d "${TMPDIR:-/tmp}/beatsync-demo.XXXXXX")
server=
tidy_up() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  rm -rf "$stage"
}
trap tidy_up EXIT

bold=
plain=
if [[ -t 1 ]]; then
  bold=$'\e[1m'
  plain=$'\e[0m'
fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# as DJ COMMAND...: shows the command and runs it in that DJ's home, with nothing of our environment.
as() {
  local home=$stage/$1
  printf '%s%s$%s %s\n' "$bold" "$1" "$plain" "${*:2}"
  (cd "$home" && env -i PATH="$bin:$PATH" LANG=C.UTF-8 HOME="$home" "${@:2}")
}

tree_of() { (cd "$1" && find . -type f -printf '    %10s  %P\n' | LC_ALL=C sort -k2); }

show_trees() {
  local dj
  for dj in mia ben; do
    say "$1: $dj's stick"
    tree_of "$stage/$dj/stick"
    printf '  and beside the config\n'
    (cd "$stage/$dj" && find . -maxdepth 1 -type f -printf '    %10s  %P\n' | LC_ALL=C sort -k2)
  done
}

locations() { grep -o 'Location="[^"]*"' "$1"; }

# make_dj NAME XML_ROOT ROOT_IN_XML IMPORT_USER
make_dj() {
  local home=$stage/$1
  mkdir -p "$home/.aws" "$home/stick/DJ Music"
  "$bin/demo-library" "$1" "$home/stick" "$3" "$home/rekordbox.xml"
  cat >"$home/config.json" <<END
{
  "USER": "$1",
  "USB_PATH": "$home/stick",
  "XML_PATH": "$home/rekordbox.xml",
  "XML_ROOT": "$2",
  "XML_IMPORT_USER": "$4",
  "BUCKET_URL": "s3://beatcloud",
  "AWS_PROFILE": "beatcloud"
}
END
  cat >"$home/.aws/credentials" <<END
[beatcloud]
aws_access_key_id = demo-access-key
aws_secret_access_key = demo-secret-key
END
  cat >"$home/.aws/config" <<END
[profile beatcloud]
region = us-east-1
endpoint_url = $url
ca_bundle = $stage/tls/ca.pem
END
}

say "A test server with TLS and a certificate of its own takes the place of AWS."
"$bin/s3-test-server" --throwaway-tls "$stage/tls" --bucket beatcloud \
  --access-key demo-access-key --secret-key demo-secret-key >"$stage/server" 2>&1 &
server=$!
url=
for _ in {1..200}; do
  url=$(grep -om1 'https://[^ ]*' "$stage/server" || true)
  [[ -z $url ]] || break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.05
done
[[ -n $url ]] || { cat "$stage/server" >&2; exit 1; }
printf '%s\n' "$url"

make_dj mia "/Volumes/MIA'S STICK" "/Volumes/MIA'S STICK" ben
make_dj ben "E:/" "E:" mia
say "Mia's config.json (her keys stand in ~/.aws/credentials)"
sed 's/^/    /' "$stage/mia/config.json"
show_trees before

say "1. Mia shares her music and her collection."
as mia beatsync upload_music upload_xml

say "2. Ben shares his, gets what he lacks, and Mia's collection, made to fit his stick."
as ben beatsync upload_music upload_xml download_music download_xml

say "3. Mia gets Ben's."
as mia beatsync download-music download-xml

show_trees after

say "Locations of Mia's collection, as Ben imports it:"
diff <(locations "$stage/mia/rekordbox.xml") <(locations "$stage/ben/mia_rekordbox.xml") |
  sed -n 's/^\([<>]\) /    \1 /p' || true
say "and of Ben's, as Mia imports it:"
diff <(locations "$stage/ben/rekordbox.xml") <(locations "$stage/mia/ben_rekordbox.xml") |
  sed -n 's/^\([<>]\) /    \1 /p' || true

say "4. Again: nothing to do."
as mia beatsync upload_music upload_xml download_music download_xml
as ben beatsync upload_music upload_xml download_music download_xml

diff -r "$stage/mia/stick" "$stage/ben/stick" && say "Both sticks hold the same files."
