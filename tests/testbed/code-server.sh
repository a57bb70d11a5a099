#!/usr/bin/env bash
# Builds code-server, a real web IDE, from its npm package, without downloading any prebuilt binary.
#
# Prints the folder that holds `node_modules`. A finished build is kept in the cache folder under a
# mark (READY) that names this recipe and the Node version; it is made again only when one changes.
# Needs node, npm, a C++ toolchain, ripgrep and the -dev packages listed in crates/xtask/src/packages.rs.
set -euo pipefail

cache=${MOORLINE_CACHE:-$HOME/.cache/moorline}
tree=$cache/code-server
node_major=$(node -p 'process.versions.node.split(".")[0]')

# The newest code-server whose package asks for this Node.
case $node_major in
  20 | 21) version=4.100.3 ;;
  22 | 23) version=4.117.0 ;;
  *) version=4.139.1 ;;
esac
recipe=$(cat "$0" <(node --version) | sha256sum | cut -c1-16)

mkdir -p "$cache"
exec 9>"$cache/code-server.lock"
flock 9
if [ "$(cat "$tree/READY" 2>/dev/null)" = "$recipe" ]; then
  echo "$tree"
  exit 0
fi

say() { echo "code-server $version: $*" >&2; }
rm -rf "$tree"
mkdir -p "$tree"
cd "$tree"
echo '{"private": true}' >package.json
log=$tree/build.log
: >"$log"
run() { "$@" >>"$log" 2>&1 || { tail -40 "$log" >&2; say "cannot run: $* (whole log: $log)"; exit 1; }; }

# Node's own headers, where they are installed; node-gyp would download them otherwise.
prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
if [ -f "$prefix/include/node/node.h" ]; then export npm_config_nodedir=$prefix; fi
# Newer npm stops at the npx calls inside the native modules' build scripts without an answer.
export npm_config_yes=true npm_config_audit=false npm_config_fund=false

say "fetching the package"
run npm install --ignore-scripts --no-save "code-server@$version"
say "building its password hash"
run npm rebuild argon2

say "fetching the editor's own packages"
cd "$tree/node_modules/code-server/lib/vscode"
run npm install --omit=dev --ignore-scripts --no-save
say "building the terminal and the log"
run npm rebuild node-pty @vscode/spdlog kerberos
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf /usr/bin/rg node_modules/@vscode/ripgrep/bin/rg
ln -sfn node_modules node_modules.asar

# The command-line helpers that the package's own install script would link.
cd bin
if [ -f remote-cli/code-linux.sh ]; then ln -sf code-linux.sh remote-cli/code-server; fi
if [ -f helpers/browser-linux.sh ]; then ln -sf browser-linux.sh helpers/browser.sh; fi

# It counts as built once it has answered.
say "starting it once"
cd "$tree"
probe=$(mktemp -d)
port=$(node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
PASSWORD=probe HOME=$probe node node_modules/code-server/out/node/entry.js \
  --bind-addr "127.0.0.1:$port" --auth password --user-data-dir "$probe/data" \
  --disable-telemetry --disable-update-check >>"$log" 2>&1 9>&- &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$probe"' EXIT
answered=no
for _ in $(seq 1 120); do
  if node -e 'fetch(`http://127.0.0.1:${process.argv[1]}/healthz`).then(r=>process.exit(r.status===200?0:1),()=>process.exit(1))' "$port"; then
    answered=yes
    break
  fi
  kill -0 "$server" 2>/dev/null || break
  sleep 0.5
done
if [ "$answered" != yes ]; then
  tail -40 "$log" >&2
  say "built, but it does not answer (whole log: $log)"
  exit 1
fi
echo "$recipe" >"$tree/READY"
say "ready"
echo "$tree"
