#!/bin/sh
# A server that was never set up: this machine's own files under a layer that is thrown away, with a
# user, sudo, sshd, and no Podman. Run inside mount and pid namespaces of its own.
#
#   sh pristine.sh FOLDER PORT SYSTEM SUDO
#
# FOLDER holds host_key, authorized_keys and the empty folders layers and root. SYSTEM is debian, ubuntu,
# fedora or arch. SUDO is "password" (alice's is open-sesame), "free" or "none".
#
# Stand-ins, because there is no systemd and no network here: systemctl, loginctl, systemd-tmpfiles,
# dpkg-query, apt-get, rpm, dnf. They remember what they were told under /var/lib/stand-ins. Everything
# else is real: users, groups, ids, files, sudo, sshd, and the Podman that root's socket starts.
set -eu

folder=$1 port=$2 system=$3 sudo=$4
root=$folder/root

mount -t tmpfs tmpfs "$folder/layers"
mkdir "$folder/layers/upper" "$folder/layers/work"
mount -t overlay overlay \
    -o "lowerdir=/,upperdir=$folder/layers/upper,workdir=$folder/layers/work" "$root"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"

stands=$root/var/lib/stand-ins
mkdir -p "$stands/units" "$root/var/lib/systemd/linger" "$root/run/sshd" "$root/run/systemd/system" "$root/srv/login"
mv "$root/usr/bin/podman" "$stands/podman"
echo 'slirp4netns' >"$stands/packages"
rm -f "$root/etc/subuid" "$root/etc/subgid" "$root/etc/os-release" "$root/etc/sudoers.d/alice"
echo 'other:100000:65536' | tee "$root/etc/subuid" >"$root/etc/subgid"
case $system in
    ubuntu) like=debian ;;
    *) like='' ;;
esac
printf 'ID=%s\nID_LIKE=%s\nPRETTY_NAME="%s for tests"\n' "$system" "$like" "$system" >"$root/etc/os-release"

stand_in() {
    cat >"$root/usr/local/sbin/$1"
    chmod 0755 "$root/usr/local/sbin/$1"
}

stand_in dpkg-query <<'END'
#!/bin/sh
for package; do :; done
grep -qx "$package" /var/lib/stand-ins/packages || exit 1
echo 'install ok installed'
END
stand_in rpm <<'END'
#!/bin/sh
grep -qx "$2" /var/lib/stand-ins/packages
END
stand_in apt-get <<'END'
#!/bin/sh
set -e
echo "$*" >>/var/lib/stand-ins/calls
[ "$1" = install ] || exit 0
shift 2
for package; do
    echo "Unpacking $package"
    echo "$package" >>/var/lib/stand-ins/packages
    [ "$package" != podman ] || cp /var/lib/stand-ins/podman /usr/bin/podman
done
END
cp "$root/usr/local/sbin/apt-get" "$root/usr/local/sbin/dnf"
stand_in systemd-tmpfiles <<'END'
#!/bin/sh
set -e
while read -r kind path mode user group _; do
    [ "$kind" = d ] || continue
    mkdir -p "$path"
    chown "$user:$group" "$path"
    chmod "$mode" "$path"
done <"$2"
END
stand_in loginctl <<'END'
#!/bin/sh
set -e
uid=$(id -u "$2")
case $1 in
    show-user) if [ -e "/var/lib/systemd/linger/$2" ]; then echo yes; else echo no; fi ;;
    enable-linger)
        mkdir -p /var/lib/systemd/linger
        touch "/var/lib/systemd/linger/$2"
        install -d -m 0700 -o "$2" "/run/user" "/run/user/$uid"
        chmod 0755 /run/user
        ;;
esac
END
stand_in systemctl <<'END'
#!/bin/sh
set -e
units=/var/lib/stand-ins/units
if [ "$1" = --user ]; then
    shift
    units=$XDG_RUNTIME_DIR/units
    mkdir -p "$units" "$XDG_RUNTIME_DIR/podman"
fi
verb=$1
for unit; do :; done
case $verb in
    is-enabled) test -e "$units/$unit.enabled" ;;
    is-active) test -e "$units/$unit.active" ;;
    daemon-reload) ;;
    enable)
        touch "$units/$unit.enabled"
        if [ "$2" = --now ]; then
            # A user's own Podman needs more of a kernel than a test has; its socket is enough here.
            python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' \
                "$XDG_RUNTIME_DIR/podman/podman.sock"
            touch "$units/$unit.active"
        fi
        ;;
    restart)
        [ "$unit" = podman.socket ]
        touch "$units/$unit.active"
        mkdir -p /run/podman
        socket=/run/podman/podman.sock
        rm -f "$socket"
        setsid podman --storage-driver vfs --root /var/lib/pristine --runroot /run/pristine \
            --cgroup-manager cgroupfs system service --time=0 "unix://$socket" \
            >/var/lib/stand-ins/podman.log 2>&1 </dev/null &
        tries=0
        until [ -S "$socket" ]; do
            tries=$((tries + 1))
            [ "$tries" -lt 500 ] || exit 1
            sleep 0.02
        done
        # What systemd does with the unit and its drop-ins.
        mode=$(cat /etc/systemd/system/podman.socket.d/*.conf | sed -n 's/^SocketMode=//p')
        group=$(cat /etc/systemd/system/podman.socket.d/*.conf | sed -n 's/^SocketGroup=//p')
        chgrp "${group:-root}" "$socket"
        chmod "${mode:-0600}" "$socket"
        ;;
esac
END

chroot "$root" useradd --create-home --shell /bin/sh alice
sed -i '/^alice:/d' "$root/etc/subuid" "$root/etc/subgid"
echo 'alice:open-sesame' | chroot "$root" chpasswd
case $sudo in
    password) echo 'alice ALL=(ALL) ALL' >"$root/etc/sudoers.d/alice" ;;
    free) echo 'alice ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/alice" ;;
esac
[ "$sudo" = none ] || chmod 0440 "$root/etc/sudoers.d/alice"
cp "$folder/host_key" "$folder/authorized_keys" "$root/srv/login/"
chmod 0600 "$root/srv/login/host_key"
cat >"$root/srv/login/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey /srv/login/host_key
AuthorizedKeysFile /srv/login/authorized_keys
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
SetEnv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
END
exec chroot "$root" /usr/sbin/sshd -D -e -f /srv/login/sshd_config
