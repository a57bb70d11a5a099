#!/bin/sh
# What a practice dev container runs: code-server as the user dev, and sshd in the foreground.
#
# The IDE's password is made at the first start and stays in dev's home volume, readable by dev alone:
#   cat ~/.config/code-server/config.yaml
# Tests may set PASSWORD instead.
set -eu

config=/home/dev/.config/code-server/config.yaml
as_dev() { setpriv --reuid=dev --regid=dev --init-groups env HOME=/home/dev USER=dev LOGNAME=dev SHELL=/bin/zsh "$@"; }

as_dev mkdir -p /home/dev/.config/code-server
if [ ! -s "$config" ]; then
  password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  printf 'auth: password\npassword: %s\n' "$password" | as_dev sh -c 'umask 077; cat >"$1"' sh "$config"
fi

ssh-keygen -A >/dev/null
mkdir -p /run/sshd

# Inside the container 0.0.0.0 is only what the server publishes on its own loopback.
while :; do
  as_dev code-server --config "$config" --bind-addr 0.0.0.0:8080 --auth password \
    --disable-telemetry --disable-update-check --disable-workspace-trust /workspace || true
  sleep 1
done &

echo "dev container ready"
exec env -u PASSWORD /usr/sbin/sshd -D -e
