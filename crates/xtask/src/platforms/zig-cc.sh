#!/bin/sh
# Compiles C for macOS with zig, for type-checking only: nothing is ever linked with what comes out.
# Drops the words that are for Apple's compiler. Objective-C needs headers that only Apple has; what is
# compiled from it is not looked at, so an empty file stands in for it.
set -eu
skips_next=''
for word; do
    shift
    if [ -n "$skips_next" ]; then
        skips_next=''
        continue
    fi
    case $word in
    -arch) skips_next=yes ;;
    --target=* | -mmacosx-version-min=* | -mmacos-version-min=* | -isysroot=*) ;;
    -isysroot) skips_next=yes ;;
    -fobjc-arc) ;;
    *.m | *.mm) set -- "$@" -x c /dev/null ;;
    *) set -- "$@" "$word" ;;
    esac
done
exec /zig/ziglang/zig cc -target aarch64-macos-none "$@"
