#!/usr/bin/env bash
# The first process of a sealed lab server: namespaces of its own for network, mounts, processes and host
# name. It ends when its standard input does, whatever ended its owner, and everything goes with it.
#
# usage: seal.sh FOLDER   FOLDER/etc is laid over /etc, FOLDER/srv shown as /srv; FOLDER is removed at the end.
set -euo pipefail
folder=$1
groups=/sys/fs/cgroup

hostname lab-server
ip link set dev lo up
# containerlab writes into /etc; the machine's own stays as it is. Not file by file: what is mounted over a
# file goes away when somebody outside replaces that file, as useradd does with passwd.
mkdir "$folder/etc-work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$folder/etc,workdir=$folder/etc-work" /etc
mount --rbind "$folder/srv" /srv
# /sys shows the network of whoever mounted it.
mkdir "$folder/cgroup"
mount --rbind "$groups" "$folder/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$folder/cgroup" "$groups"
umount -l "$folder/cgroup"
mkdir -p /etc/ssh/ssh_config.d /run/netns /run/sshd
mount -t tmpfs tmpfs /run/netns
: >"$folder/sealed"

end() {
  trap '' TERM
  kill -KILL -1 2>/dev/null || true
  while read -r _ point _; do
    case $point in "$folder"/*) echo "$point" ;; esac
  done </proc/mounts | sort -r | while IFS= read -r point; do umount -l "$point" 2>/dev/null || true; done
  for _ in $(seq 100); do
    find "$groups" -depth -type d -path "*/$(basename "$folder")*" -exec rmdir {} + 2>/dev/null || true
    if [ -z "$(find "$groups" -type d -path "*/$(basename "$folder")*" -print -quit)" ]; then break; fi
    sleep 0.05 # what was killed a moment ago may still hold one
  done
  umount -l /etc 2>/dev/null || true
  rm -rf --one-file-system "$folder"
}
trap end EXIT
while read -r _; do :; done
