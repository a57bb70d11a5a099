#!/usr/bin/env bash
# Makes everything a lab server needs beyond Debian packages, side by side: containerlab, netlab and the
# image of its nodes. Prints their paths, in that order, a line each.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$here/containerlab.sh" >"$made/1" &
first=$!
"$here/netlab.sh" >"$made/2" &
second=$!
"$here/node-image.sh" >"$made/3" &
third=$!
failed=
for job in $first $second $third; do wait "$job" || failed=yes; done
if [ -n "$failed" ]; then exit 1; fi
cat "$made/1" "$made/2" "$made/3"
