#!/bin/sh
# What a dev container runs: the web IDE as its person, if there is one, and sshd.
#
# The IDE's password is made at the first start and kept in the person's home volume:
#   cat ~/.config/code-server/config.yaml
set -eu

user=$(cat /etc/moorline-user)
home=/home/$user
shell=$(awk -F: -v name="$user" '$1 == name { print $7 }' /etc/passwd)

as_user() {
  setpriv --reuid="$user" --regid="$user" --init-groups \
    env HOME="$home" USER="$user" LOGNAME="$user" SHELL="$shell" "$@"
}

if command -v code-server >/dev/null 2>&1; then
  config=$home/.config/code-server/config.yaml
  as_user mkdir -p "$home/.config/code-server"
  if [ ! -s "$config" ]; then
    password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    printf 'auth: password\npassword: %s\n' "$password" |
      as_user sh -c 'umask 077; cat >"$1"' sh "$config"
  fi
  # Inside a container 0.0.0.0 is only what the server publishes on its own loopback.
  while :; do
    as_user code-server --config "$config" --bind-addr 0.0.0.0:8080 --auth password \
      --disable-telemetry --disable-update-check /workspace || true
    sleep 1
  done &
fi

ssh-keygen -A >/dev/null
mkdir -p /run/sshd
echo "dev container ready"
sshd=$(command -v sshd || echo /usr/sbin/sshd)
if command -v tini >/dev/null 2>&1; then
  exec tini -g -- "$sshd" -D -e
fi
exec "$sshd" -D -e
