#!/bin/sh
# Packs what zig-cc.sh compiled.
exec /zig/ziglang/zig ar "$@"
