#!/bin/sh
# Cargo calls this inside the system with Rust for every Windows test program: the program runs under the
# Wine of the other system, which is at /wine there, in the folder that cargo chose.
set -eu
exec chroot /wine /usr/bin/env -C "$PWD" HOME=/var/lib/windows PATH=/usr/bin:/bin WINEDEBUG=-all \
    wine "$@"
