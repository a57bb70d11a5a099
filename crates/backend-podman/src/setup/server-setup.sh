#!/bin/sh
# Prepares a Fedora, Debian or Ubuntu server, so that LOGIN can use Podman on it through SSH.
#
#   sh server-setup.sh rootful LOGIN    root's Podman; LOGIN may use its socket (as powerful as root)
#   sh server-setup.sh rootless LOGIN   LOGIN's own Podman, with no more rights than LOGIN has
#
# Run it as root. It changes only what is not yet as it should be: a second run changes nothing.
# It opens no port, touches no firewall, removes nothing.
#
# Lines that begin with "::" are for Moorline: ::step N, ::same N (nothing was to be done),
# ::fail WORDS, ::done changed or ::done same.
set -eu

PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PATH LC_ALL=C DEBIAN_FRONTEND=noninteractive

step=0
has_changed=no
is_step_changed=no

begin() {
    end_step
    step=$((step + 1))
    is_step_changed=no
    echo "::step $step"
}

end_step() {
    if [ "$step" -gt 0 ] && [ "$is_step_changed" = no ]; then
        echo "::same $step"
    fi
}

changed() {
    is_step_changed=yes
    has_changed=yes
    echo "$*"
}

fail() {
    echo "::fail $*"
    exit 1
}

# Puts the second argument into the file named by the first, unless it is there already.
put_file() {
    if [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; then
        return 1
    fi
    mkdir -p "$(dirname "$1")" || fail "cannot make the folder of $1"
    new=$(mktemp "$1.XXXXXX") || fail "cannot write $1"
    if ! { printf '%s\n' "$2" >"$new" && chmod 0644 "$new" && mv "$new" "$1"; }; then
        fail "cannot write $1"
    fi
    changed "wrote $1"
}

# --- what every set-up needs -------------------------------------------------------------------

check_system() {
    begin
    [ "$(id -u)" -eq 0 ] || fail "the set-up has to run as root"
    getent passwd "$login" >/dev/null || fail "there is no user $login on this server"
    [ -r /etc/os-release ] || fail "this server does not say which system it runs"
    # The words of os-release are assignments by its own definition.
    # shellcheck source=/dev/null
    ids=$(. /etc/os-release && echo "${ID-} ${ID_LIKE-}")
    family=
    for id in $ids; do
        case $id in
            fedora | debian) family=$id ;;
            ubuntu) family=debian ;;
        esac
        [ -z "$family" ] || break
    done
    [ -n "$family" ] || fail "this is neither Fedora nor Debian nor Ubuntu but: $ids"
    [ -d /run/systemd/system ] || fail "this server does not run systemd, which starts the socket"
    # shellcheck source=/dev/null
    echo "$(. /etc/os-release && echo "${PRETTY_NAME:-$ids}"), user $login"
}

has_package() {
    if [ "$1" = podman ] && command -v podman >/dev/null; then
        return 0
    fi
    case $family in
        debian) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' ;;
        fedora) rpm -q "$1" >/dev/null 2>&1 ;;
    esac
}

install_packages() {
    begin
    set --
    for name in $packages; do
        has_package "$name" || set -- "$@" "$name"
    done
    if [ $# -gt 0 ]; then
        changed "installing $*"
        case $family in
            debian)
                apt-get update
                apt-get install -y "$@"
                ;;
            fedora) dnf install -y "$@" ;;
        esac
    fi
    version=$(podman --version | awk '{ print $NF }')
    case ${version%%.*} in
        '' | *[!0-9]*) fail "podman does not say its version" ;;
        0 | 1 | 2 | 3) fail "this system brings Podman $version; Moorline needs 4.0 or newer" ;;
    esac
    echo "Podman $version"
}

# --- root's Podman -----------------------------------------------------------------------------

join_group() {
    begin
    if ! getent group podman >/dev/null; then
        groupadd --system podman
        changed "made the group podman"
    fi
    if [ "$login" = root ]; then
        echo "root needs no group"
    elif id -nG "$login" | tr ' ' '\n' | grep -qx podman; then
        echo "$login is in the group podman"
    else
        usermod -aG podman "$login"
        changed "added $login to the group podman"
    fi
}

open_socket() {
    begin
    socket_needs_restart=no
    if put_file /etc/systemd/system/podman.socket.d/moorline.conf \
        '[Socket]
SocketMode=0660
SocketGroup=podman'; then
        socket_needs_restart=yes
        systemctl daemon-reload
    fi
    # The name sorts before the distribution's file, and the first line about a path counts.
    rule=/etc/tmpfiles.d/00-moorline-podman.conf
    if put_file "$rule" 'd /run/podman 0750 root podman -' ||
        [ "$(stat -c '%a %G' /run/podman 2>/dev/null)" != '750 podman' ]; then
        systemd-tmpfiles --create "$rule"
        changed "the group podman may enter /run/podman"
    fi
}

start_socket() {
    begin
    if ! systemctl is-enabled --quiet podman.socket; then
        systemctl enable podman.socket
        changed "podman.socket starts with the server"
    fi
    if [ "$socket_needs_restart" = yes ] || ! systemctl is-active --quiet podman.socket; then
        systemctl restart podman.socket
        changed "podman.socket is started"
    fi
}

# --- a user's own Podman -----------------------------------------------------------------------

has_ids() {
    awk -F: -v login="$login" '$1 == login { found = 1 } END { exit !found }' "$1"
}

give_ids() {
    begin
    touch /etc/subuid /etc/subgid
    if has_ids /etc/subuid && has_ids /etc/subgid; then
        echo "$login has ids for users inside containers"
        return
    fi
    first=$(awk -F: 'BEGIN { next_id = 100000 }
        $2 + $3 > next_id { next_id = $2 + $3 }
        END { print next_id }' /etc/subuid /etc/subgid)
    range=$first-$((first + 65535))
    usermod --add-subuids "$range" --add-subgids "$range" "$login"
    changed "gave $login the ids $range for users inside containers"
}

let_linger() {
    begin
    if [ "$(loginctl show-user "$login" --property=Linger --value 2>/dev/null)" = yes ] ||
        [ -e "/var/lib/systemd/linger/$login" ]; then
        echo "services of $login go on without a login"
        return
    fi
    loginctl enable-linger "$login"
    changed "services of $login go on after the last logout"
}

as_login() {
    runuser -u "$login" -- env XDG_RUNTIME_DIR="$runtime" \
        DBUS_SESSION_BUS_ADDRESS="unix:path=$runtime/bus" "$@"
}

start_own_socket() {
    begin
    uid=$(id -u "$login")
    runtime=/run/user/$uid
    socket=$runtime/podman/podman.sock
    if [ ! -d "$runtime" ]; then
        systemctl start "user@$uid.service"
    fi
    if as_login systemctl --user is-enabled --quiet podman.socket &&
        as_login systemctl --user is-active --quiet podman.socket; then
        echo "podman.socket of $login runs"
        return
    fi
    as_login systemctl --user enable --now podman.socket
    changed "podman.socket of $login starts with the server"
}

# --- the end -----------------------------------------------------------------------------------

check_socket() {
    begin
    [ -S "$socket" ] || fail "the socket $socket is not there although it was started"
    # Checking is no change, and still something that was done.
    is_step_changed=yes
    echo "$socket is there"
}

main() {
    mode=${1-}
    login=${2-}
    socket=/run/podman/podman.sock
    packages=podman
    [ -n "$login" ] || fail "say whose login is to use Podman"
    case $mode in
        rootful)
            check_system
            install_packages
            join_group
            open_socket
            start_socket
            ;;
        rootless)
            [ "$login" != root ] || fail "root has no rootless Podman; choose rootful"
            check_system
            case $family in
                debian) packages='podman uidmap slirp4netns dbus-user-session' ;;
                fedora) packages='podman shadow-utils' ;;
            esac
            install_packages
            give_ids
            let_linger
            start_own_socket
            ;;
        *) fail "say rootful or rootless" ;;
    esac
    check_socket
    if [ "$has_changed" = yes ]; then
        echo "::done changed"
    else
        echo "Nothing was to be done: this server is set up already."
        echo "::done same"
    fi
}

# Whole before it begins: what it starts must not read the rest of the script as its input.
main "$@" </dev/null 2>&1
