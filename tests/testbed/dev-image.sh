#!/usr/bin/env bash
# Makes the practice dev image from Debian packages: openssh-server, git and code-server for user "dev".
#
# Prints two paths: the root file system as a tar, and a read-only image store that already holds it as
# localhost/moorline-dev:latest (podman --storage-opt overlay.imagestore=PATH). Both are kept in the cache
# folder under a hash of everything that goes in, so they are made once. dev-image.conf beside this script
# holds the image's own settings, one a line. Nothing comes from a container registry. Works as root, and
# as a person with subordinate user ids (package uidmap).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${MOORLINE_CACHE:-$HOME/.cache/moorline}
mkdir -p "$cache"
code_server=$("$here/code-server.sh")
# shellcheck source=/dev/null
. /etc/os-release
suite=$VERSION_CODENAME # the host's own, because the native parts of code-server were built on it
components=main
if [ "${ID:-}" = ubuntu ]; then components=main,universe; fi
# Files of a rootless store belong to subordinate ids: only their own user namespace may remove them.
remove() {
  if [ "$(id -u)" = 0 ]; then rm -rf "$@"; else podman unshare rm -rf "$@" || rm -rf "$@"; fi
}
recipe=$(cat "$0" "$here/dev-start.sh" "$here/dev-image.conf" "$code_server/READY" <(echo "$suite") | sha256sum | cut -c1-16)
tar=$cache/dev-image-$recipe.tar
store=$cache/dev-image-$recipe.store

exec 9>"$cache/dev-image.lock"
flock 9
if [ -f "$tar" ] && [ -d "$store" ]; then
  printf '%s\n' "$tar" "$store"
  exit 0
fi

say() { echo "dev image: $*" >&2; }
log=$cache/dev-image.log
work=$(mktemp -d "$cache/dev-image.XXXXXX")
# Podman refuses a run folder with a longer path than this is sure to be, whatever the home folder is called.
run=$(mktemp -d /tmp/moorline-image.XXXXXX)
trap 'remove "$work" "$run"' EXIT

# A tar from another machine's cache needs no more than its store.
if [ -f "$tar" ]; then
  say "using the image that is there"
  ln "$tar" "$work/image.tar" 2>/dev/null || cp "$tar" "$work/image.tar"
else

# What Debian does not bring, laid out as it lies in the image.
extra=$work/extra
mkdir -p "$extra/usr/local/bin" "$extra/etc/sudoers.d" "$extra/etc/ssh/sshd_config.d" "$extra/opt/code-server"
node=$(readlink -f "$(command -v node)")
install -m 755 "$node" "$extra/usr/local/bin/node"
# A distribution's own Node is split into libraries; the usual ones come with the packages below.
ldd "$node" | grep -oE '/[^ ]*/lib(node|uv|v8|ada|simdjson)[^ ]*' | while read -r library; do
  install -D -m 644 "$(readlink -f "$library")" "$extra$library"
done || true
install -m 755 "$here/dev-start.sh" "$extra/usr/local/bin/dev-start"
printf '#!/bin/sh\nexec /usr/local/bin/node /opt/code-server/node_modules/code-server/out/node/entry.js "$@"\n' \
  >"$extra/usr/local/bin/code-server"
chmod 755 "$extra/usr/local/bin/code-server"
printf 'PasswordAuthentication no\nPermitRootLogin no\n' >"$extra/etc/ssh/sshd_config.d/dev.conf"
echo 'dev ALL=(ALL) NOPASSWD:ALL' >"$extra/etc/sudoers.d/dev"
chmod 440 "$extra/etc/sudoers.d/dev"
cp -al "$code_server/node_modules" "$extra/opt/code-server/node_modules"
find "$extra" -mindepth 1 -maxdepth 5 -type d -exec chmod 755 {} +
tar -C "$extra" --owner=0 --group=0 -cf "$work/extra.tar" usr etc/ssh/sshd_config.d/dev.conf etc/sudoers.d/dev opt

packages=openssh-server,git,ca-certificates,sudo,less,procps,tini,zsh,ripgrep
packages=$packages,libstdc++6,libgssapi-krb5-2,libsecret-1-0,libkrb5-3,libx11-6,libxkbfile1
say "putting Debian packages, Node and code-server together"
# Host keys go: every container makes its own at its first start.
mmdebstrap --variant=apt --components="$components" --include="$packages" \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --customize-hook="tar-in $work/extra.tar /" \
  --customize-hook='chroot "$1" useradd --create-home --uid 1000 --shell /bin/zsh dev' \
  --customize-hook='chroot "$1" sh -c "echo \"PROMPT=\\\"%n@%m %~ %# \\\"\" >/home/dev/.zshrc; mkdir -p /workspace; chown dev:dev /home/dev/.zshrc /workspace"' \
  --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*' \
  "$suite" "$work/image.tar" >"$log" 2>&1 || { tail -40 "$log" >&2; say "mmdebstrap failed (whole log: $log)"; exit 1; }

fi

say "importing it into an image store"
changes=()
while IFS= read -r line; do changes+=(-c "$line"); done <"$here/dev-image.conf"
printf '[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n' >"$work/containers.conf"
CONTAINERS_CONF=$work/containers.conf podman --root "$work/store" --runroot "$run" --storage-driver overlay \
  import -q "${changes[@]}" "$work/image.tar" localhost/moorline-dev:latest >>"$log" 2>&1 ||
  { tail -40 "$log" >&2; say "podman import failed (whole log: $log)"; exit 1; }
# Overlay storage leaves its own mount behind, and what is mounted cannot be moved.
if mountpoint -q "$work/store/overlay"; then umount "$work/store/overlay"; fi

if [ -e "$store" ]; then remove "$store"; fi
mv "$work/store" "$store"
mv -f "$work/image.tar" "$tar"
# Older recipes are of no use to anyone; that one cannot be removed is no reason to fail.
find "$cache" -maxdepth 1 -name 'dev-image-*.*' ! -name '*.lock' ! -name '*.log' ! -name "dev-image-$recipe.*" \
  -mmin +60 -print0 | while IFS= read -r -d '' old; do remove "$old" || true; done
say "ready"
printf '%s\n' "$tar" "$store"
