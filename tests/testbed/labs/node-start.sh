#!/bin/sh
# What a lab node runs: FRR with the daemons its configuration names. Plain hosts run it idle.
set -eu
mount -o remount,rw /proc/sys 2>/dev/null || true
mkdir -p /run/frr /var/log/frr
[ -e /etc/frr/frr.conf ] || : >/etc/frr/frr.conf
chown -R frr:frr /run/frr /var/log/frr /etc/frr/frr.conf 2>/dev/null || true
/usr/lib/frr/frrinit.sh start || true
exec sleep infinity
