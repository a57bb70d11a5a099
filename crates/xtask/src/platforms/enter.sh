#!/bin/sh
# Runs a program inside another Debian system, with folders of this one in it. To be called in a mount
# namespace of its own (unshare --mount): what is mounted here is gone when the program ends, so that
# removing the system's folder never reaches through.
#
# usage: enter.sh ROOT [FROM PLACE]... -- PROGRAM...
set -eu
root=$1
shift
while [ "$1" != -- ]; do
    from=$1 place=$root$2
    shift 2
    if [ -d "$from" ]; then
        mkdir -p "$place"
    else
        mkdir -p "$(dirname "$place")"
        [ -e "$place" ] || : >"$place"
    fi
    mount --bind "$from" "$place"
done
shift
# One stream, so that what a test prints stays below the line that names the test.
exec chroot "$root" "$@" 2>&1
