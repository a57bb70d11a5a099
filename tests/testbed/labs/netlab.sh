#!/usr/bin/env bash
# Installs netlab from PyPI into a Python environment of its own, at the versions netlab.txt names.
#
# Ansible's core comes along, because netlab collects configurations by it, and of Ansible's collections
# (600 MB) the one that reaches containers. Prints the folder with the programs. The environment is kept in the cache folder under a hash of all
# that goes in.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${MOORLINE_CACHE:-$HOME/.cache/moorline}/labs
ansible=11.13.0 # the release whose collections fit the core in netlab.txt
recipe=$(cat "$0" "$here/netlab.txt" <(python3 -VV) | sha256sum | cut -c1-16)
tree=$cache/netlab-$recipe

mkdir -p "$cache"
exec 9>"$cache/netlab.lock"
flock 9
if [ -f "$tree/READY" ]; then
  echo "$tree/bin"
  exit 0
fi

say() { echo "netlab: $*" >&2; }
log=$cache/netlab.log
: >"$log"
run() { "$@" >>"$log" 2>&1 || { tail -40 "$log" >&2; say "cannot run: $* (whole log: $log)"; exit 1; }; }

# Programs in it name its path, so it is made where it stays.
rm -rf "$tree"
say "installing it"
run python3 -m venv "$tree"
run "$tree/bin/pip" install --disable-pip-version-check --no-deps -r "$here/netlab.txt"
run "$tree/bin/pip" check
mkdir "$tree/wheel"
run "$tree/bin/pip" download --disable-pip-version-check --no-deps -d "$tree/wheel" "ansible==$ansible"
run "$tree/bin/python" - "$tree/wheel"/*.whl <<'PYTHON'
import sys, sysconfig, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
wanted = ("community/docker/", "community/library_inventory_filtering_v1/")
names = [n for n in wheel.namelist() if n.startswith(tuple(f"ansible_collections/{w}" for w in wanted))]
wheel.extractall(sysconfig.get_path("purelib"), names)
PYTHON
rm -r "$tree/wheel"
run "$tree/bin/netlab" version
: >"$tree/READY"
find "$cache" -maxdepth 1 -name 'netlab-*' ! -name "netlab-$recipe" -mmin +60 -exec rm -rf {} +
say "ready"
echo "$tree/bin"
