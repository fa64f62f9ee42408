#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# /init of the initial RAM disk, run by busybox: from there to an overlay of the host's root.
bb=/bin/busybox

fail() {
    echo "stage1: $*" >/dev/console
    $bb poweroff -f
}

$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
$bb mount -t devtmpfs dev /dev
for module in /modules/*.ko; do
    $bb insmod "$module" || fail "insmod $module"
done
$bb mount -t virtiofs -o ro root /lower || fail "mount the host's root"
$bb mount -t tmpfs -o mode=755,size=75% upper /upper
$bb mkdir -p /upper/upper /upper/work
$bb mount -t overlay -o lowerdir=/lower,upperdir=/upper/upper,workdir=/upper/work overlay /new ||
    fail "mount the overlay"
$bb mkdir -p /new/vm
$bb mount -t virtiofs vm /new/vm || fail "mount /vm"
$bb mount --move /dev /new/dev
$bb umount /sys
$bb umount /proc
exec $bb switch_root /new /vm/stage2.sh
