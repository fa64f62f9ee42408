#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# PID 1 of the guest once the root is the overlay; with `command`, what runs the command (from here, or
# from a unit of systemd): its output goes to the port that the host reads, its status to /vm/status.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb
export TMPDIR=/scratch # containers can have overlays of their own there
read -r init </vm/init

port() {
    for port in /sys/class/virtio-ports/*; do
        [ "$(cat "$port/name")" = output ] && echo "/dev/${port##*/}"
    done
}

run_command() {
    /vm/command </dev/null >"$(port)" 2>&1
    echo $? >/vm/status
    sync
    echo o >/proc/sysrq-trigger
    while :; do sleep 1; done
}

# A user without rights, for tests: tester, with subordinate ids, in place of who has that number here.
add_tester() {
    sed -i '/^tester:/d; /:x:1000:/d' /etc/passwd /etc/group
    echo 'tester:x:1000:1000::/home/tester:/bin/sh' >>/etc/passwd
    echo 'tester:x:1000:' >>/etc/group
    echo 'tester:*:19000:0:99999:7:::' >>/etc/shadow
    echo 'tester:100000:65536' >/etc/subuid
    echo 'tester:100000:65536' >/etc/subgid
    mkdir -p /home/tester
    chown 1000:1000 /home/tester
    chmod 711 /home/tester
}

mount_shared() {
    while read -r tag directory; do
        mkdir -p "$directory"
        mount -t virtiofs "$tag" "$directory"
    done </vm/shared
}

mount_all() {
    mount -t sysfs sysfs /sys
    mount -t cgroup2 -o nsdelegate cgroup2 /sys/fs/cgroup
    mount -t securityfs securityfs /sys/kernel/security
    mount -t bpf bpf /sys/fs/bpf
    mkdir -p /dev/pts /dev/shm /dev/mqueue
    mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
    mount -t tmpfs -o mode=1777 tmpfs /dev/shm
    mount -t mqueue mqueue /dev/mqueue
    for link in fd:/proc/self/fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
        ln -sf "${link#*:}" "/dev/${link%%:*}"
    done
}

enable_controllers() {
    for controller in $(</sys/fs/cgroup/cgroup.controllers); do
        echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
    done
}

start_plain() {
    mount_all
    enable_controllers
    mount --make-rshared /
    ip link set lo up
    ulimit -n 65536
    run_command
}

# systemd gets nothing to do but the bus, logins, and the unit of the command: what Debian would
# have it start at boot says nothing about easyrun and takes time.
start_systemd() {
    umount /proc
    find /lib/systemd/system /etc/systemd/system -path '*.target.wants/*' \
        ! -name 'dbus.socket' ! -name 'systemd-journald*' ! -name 'dev-mqueue.mount' -exec rm -f {} +
    rm -f /etc/systemd/system/default.target
    cp /vm/command.service /vm/command.target /etc/systemd/system
    echo 5d4c51cdbac3707680d85bc23b5f5bd8 >/etc/machine-id
    exec /lib/systemd/systemd --unit=command.target --log-level=warning --show-status=no
}

if [ "${1:-}" = command ]; then
    run_command
fi
mount -t proc proc /proc
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs /run
mkdir -p /run/lock /run/user
mkdir -p /scratch
mount -t tmpfs -o mode=1777 tmpfs /scratch
mkdir -p /var/lib/containers
mount -t tmpfs tmpfs /var/lib/containers
: >/etc/fstab
hostname vm
chmod 666 /dev/fuse
mount_shared
add_tester
"start_$init"
