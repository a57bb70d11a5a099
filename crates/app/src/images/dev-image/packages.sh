#!/bin/sh
# Installs what a dev container needs and the base lacks; asks the network for nothing when it lacks nothing.
set -eu

more=$1
lacking=
need() { # command, package on Debian, package on Fedora
  command -v "$1" >/dev/null 2>&1 || lacking="$lacking $2:$3"
}
need sshd openssh-server openssh-server
need ssh-keygen openssh-client openssh
need git git git-core
need sudo sudo sudo
need curl curl curl
need less less less
need ps procps procps-ng
need zsh zsh zsh
need tmux tmux tmux
need rg ripgrep ripgrep
need make make make
need tini tini tini
need useradd passwd shadow-utils
need setpriv util-linux util-linux
need tar tar tar
need vi vim-tiny vim-minimal

# Conveniences are no reason to ask for the network when everything else is there.
essential=
for pair in $lacking; do
  case $pair in
    curl:* | tmux:* | make:* | vim-tiny:* | less:*) ;;
    *) essential=yes ;;
  esac
done
if [ -z "$essential" ] && [ -z "$more" ]; then
  echo "the base has everything"
  exit 0
fi

packages=
if command -v apt-get >/dev/null 2>&1; then
  for pair in $lacking; do packages="$packages ${pair%%:*}"; done
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  # Word splitting is meant.
  # shellcheck disable=SC2086
  apt-get install -y --no-install-recommends ca-certificates locales bash-completion $packages $more
  rm -rf /var/lib/apt/lists/*
elif command -v dnf >/dev/null 2>&1; then
  for pair in $lacking; do packages="$packages ${pair##*:}"; done
  # shellcheck disable=SC2086
  dnf install -y --setopt=install_weak_deps=False ca-certificates bash-completion $packages $more
  dnf clean all
else
  echo "this base has neither apt-get nor dnf: choose Debian, Ubuntu or Fedora" >&2
  exit 1
fi
# Every container makes host keys of its own at its first start.
rm -f /etc/ssh/ssh_host_*
