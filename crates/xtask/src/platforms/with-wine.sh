#!/bin/sh
# Runs a program while Wine is ready for run-in-wine.sh, with a Windows that nothing was left in, and ends
# every Windows program after it.
set -eu
home=/var/lib/windows
in_wine() {
    chroot /wine /usr/bin/env HOME=$home PATH=/usr/bin:/bin WINEDEBUG=-all "$@" >/dev/null 2>&1
}
rm -rf "/wine$home"
mkdir -p "/wine$home"
in_wine wine wineboot --init
# Windows without a display: messages to them arrive all the same.
in_wine wine reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f
# The desktop that was made meanwhile does not know of it yet.
in_wine wineserver --wait
status=0
"$@" || status=$?
in_wine wineserver --kill || true
exit $status
