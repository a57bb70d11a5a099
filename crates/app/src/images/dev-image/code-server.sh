#!/bin/sh
# Puts the web IDE under /opt/code-server, unless the base has one.
set -eu

version=$1
if [ "$version" = none ]; then
  echo "no web IDE is wanted"
  exit 0
fi
if command -v code-server >/dev/null 2>&1; then
  echo "the base has a web IDE"
  exit 0
fi
case $(uname -m) in
  x86_64) machine=amd64 ;;
  aarch64) machine=arm64 ;;
  *)
    echo "there is no code-server for $(uname -m): build with CODE_SERVER=none" >&2
    exit 1
    ;;
esac
name=code-server-$version-linux-$machine
curl --fail --location --silent --show-error --retry 3 \
  --output /tmp/code-server.tar.gz \
  "https://github.com/coder/code-server/releases/download/v$version/$name.tar.gz"
mkdir -p /opt/code-server
tar -xzf /tmp/code-server.tar.gz -C /opt/code-server --strip-components=1
rm /tmp/code-server.tar.gz
ln -s /opt/code-server/bin/code-server /usr/local/bin/code-server
code-server --version
