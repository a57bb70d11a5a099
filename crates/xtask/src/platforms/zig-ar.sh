#!/bin/sh
# Packs what zig-cc.sh compiled.
set -eu
exec /zig/ziglang/zig ar "$@"
