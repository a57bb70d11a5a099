#!/usr/bin/env bash
# Makes the image of lab nodes from Debian packages: FRR, what a person types on a router, and the Python that
# Ansible runs there.
#
# Prints the path of the root file system as a tar, kept in the cache folder under a hash of all that
# goes in. Nothing comes from a container registry.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${MOORLINE_CACHE:-$HOME/.cache/moorline}/labs
# shellcheck source=/dev/null
. /etc/os-release
suite=$VERSION_CODENAME
components=main
if [ "${ID:-}" = ubuntu ]; then components=main,universe; fi
recipe=$(cat "$0" "$here/node-start.sh" <(echo "$suite") | sha256sum | cut -c1-16)
tar=$cache/node-$recipe.tar

mkdir -p "$cache"
exec 9>"$cache/node.lock"
flock 9
if [ -f "$tar" ]; then
  echo "$tar"
  exit 0
fi

say() { echo "lab node image: $*" >&2; }
log=$cache/node.log
work=$(mktemp -d "$cache/node.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/usr/local/bin"
install -m 755 "$here/node-start.sh" "$work/usr/local/bin/node-start"
tar -C "$work" --owner=0 --group=0 -cf "$work/extra.tar" usr/local/bin/node-start

say "putting Debian packages together (about a minute)"
# shellcheck disable=SC2016 # the hooks expand "$1" themselves
mmdebstrap --variant=apt --components="$components" \
  --include=mount,iproute2,iputils-ping,frr,tini,python3,procps,tcpdump,less \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --customize-hook="tar-in $work/extra.tar /" \
  --customize-hook='rm -f "$1"/etc/frr/frr.conf' \
  --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
  "$suite" "$work/image.tar" >"$log" 2>&1 || { tail -40 "$log" >&2; say "mmdebstrap failed (whole log: $log)"; exit 1; }
mv -f "$work/image.tar" "$tar"
find "$cache" -maxdepth 1 -name 'node-*.tar' ! -name "node-$recipe.tar" -mmin +60 -delete
say "ready"
echo "$tar"
