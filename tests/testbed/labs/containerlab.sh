#!/usr/bin/env bash
# Builds containerlab from the Go module proxy, at the version that containerlab/go.mod names.
#
# Prints the program's path. A finished build is kept in the cache folder under a hash of all that goes
# in. Needs any Go at all: what is too old fetches the compiler it needs from the same proxy.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${MOORLINE_CACHE:-$HOME/.cache/moorline}/labs
module=github.com/srl-labs/containerlab
version=$(sed -n "s|^require $module v||p" "$here/containerlab/go.mod")
go_version=$(sed -n 's/^go //p' "$here/containerlab/go.mod")
recipe=$(cat "$0" "$here/containerlab/go.mod" "$here/containerlab/go.sum" | sha256sum | cut -c1-16)
program=$cache/containerlab-$recipe/containerlab

mkdir -p "$cache"
exec 9>"$cache/containerlab.lock"
flock 9
if [ -x "$program" ]; then
  echo "$program"
  exit 0
fi

say() { echo "containerlab $version: $*" >&2; }
work=$(mktemp -d "$cache/containerlab.XXXXXX")
log=$cache/containerlab.log
: >"$log"
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
run() { "$@" >>"$log" 2>&1 || { tail -40 "$log" >&2; say "cannot run: $* (whole log: $log)"; exit 1; }; }

if ! command -v go >/dev/null; then
  say "there is no Go here to build it with: install golang-go, or any Go, and run this again"
  exit 1
fi

# GOFLAGS of whoever runs this are none of the build's business.
export GOFLAGS=-mod=readonly CGO_ENABLED=0 GO111MODULE=on GOWORK=off GOTOOLCHAIN=local
go=$(command -v go)
own=$("$go" env GOVERSION)
if [ "$(printf '%s\n' "go$go_version" "$own" | sort -V | head -1)" != "go$go_version" ]; then
  compiler=golang.org/toolchain@v0.0.1-go$go_version.linux-$("$go" env GOARCH)
  say "fetching Go $go_version, because this is $own"
  mkdir "$work/empty"
  (cd "$work/empty" && echo 'module empty' >go.mod && GOFLAGS=-mod=mod GOMODCACHE="$work/mod" run "$go" mod download "$compiler")
  # Modules come without the marks of programs.
  chmod -R u+w "$work/mod/golang.org"
  chmod -R +x "$work/mod/$compiler/bin" "$work/mod/$compiler/pkg/tool"
  go=$work/mod/$compiler/bin/go
  export GOROOT=$work/mod/$compiler
fi

say "building it (about two minutes)"
mkdir "$work/out"
# netlab compares the version, which a build by hand does not know.
(cd "$here/containerlab" && run nice "$go" build -trimpath -buildvcs=false \
  -ldflags "-s -w -X $module/cmd.Version=$version" -o "$work/out/containerlab" "$module")
"$work/out/containerlab" version 2>/dev/null | grep -q "$version" || { say "built, but it does not tell its version"; exit 1; }
mkdir -p "$(dirname "$program")"
mv "$work/out/containerlab" "$program"
find "$cache" -maxdepth 1 -name 'containerlab-*' ! -name "containerlab-$recipe" -mmin +60 -exec rm -rf {} +
say "ready"
echo "$program"
