#!/bin/sh
# Makes the person's account and the start program. Ownership is baked in here, so that nothing has to be
# changed when a volume is mounted.
set -eu

user=$1
here=$(dirname "$0")

if ! id "$user" >/dev/null 2>&1; then
  taken=$(awk -F: '$3 == 1000 { print $1 }' /etc/passwd)
  if [ -n "$taken" ]; then userdel "$taken"; fi
  useradd --create-home --uid 1000 --shell "$(command -v zsh || command -v bash)" "$user"
fi
mkdir -p /workspace /etc/sudoers.d /etc/ssh/sshd_config.d /usr/local/bin
chown "$user": /workspace "/home/$user"
printf '%s ALL=(ALL) NOPASSWD:ALL\n' "$user" >"/etc/sudoers.d/$user"
chmod 440 "/etc/sudoers.d/$user"
if [ ! -e "/home/$user/.zshrc" ]; then
  printf 'PROMPT="%%n@%%m %%~ %%# "\nautoload -Uz compinit && compinit\n' >"/home/$user/.zshrc"
  chown "$user": "/home/$user/.zshrc"
fi
printf 'PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin no\n' \
  >/etc/ssh/sshd_config.d/10-moorline.conf
# The account has no password, which sshd takes for a locked one; a star means "keys only".
usermod --password '*' "$user"
printf '%s\n' "$user" >/etc/moorline-user
install -m 755 "$here/start.sh" /usr/local/bin/moorline-start
