# SPDX-License-Identifier: Apache-2.0
cat > "$TMP/p" <<'P'
arch (x86_64, x86, s390x_is_not_here);
P
cat > "$TMP/p" <<'P'
arch (x86_64, x86, x32);
macro writes(f) = f & O_ACCMODE != O_RDONLY;
@openat(writes(flags)) => ERRNO(EROFS) "nothing is written here";
@socket(family == AF_VSOCK) || @socketpair(family == AF_VSOCK) => ERRNO(EPERM);
@kill(signed(pid) < -1) => TRAP(1);
@read => ALLOW();
unknown ERRNO(ENOSYS);
default LOG();
P
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'openat(-100, 0, O_WRONLY | O_CREAT)' 'openat(AT_FDCWD, 0, O_RDONLY)' '@read(3)' \
    'socket(0x100000028, 1, 0)' 'kill(-2, 9)' 'kill(-1, 9)'
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 41 40 1
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 0x29 0xffffffff00000028
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 600
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 0x40000000
"$EASYSECCOMP" eval -a x86 "$TMP/p" 'read(3)' 'socket(40)' 'kill(-2, 9)'
"$EASYSECCOMP" eval -a x86_64 --why "$TMP/p" 'openat(0, 0, 0)' 'kill(5, 9)' 'socket(40)' 'socket(2)'
"$EASYSECCOMP" eval -a x86_64 --json "$TMP/p" 'openat(0, 0, 1)' 'read()'
"$EASYSECCOMP" -a x86_64 -f bpf -o "$TMP/p.bpf" "$TMP/p"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p.bpf" 'openat(0, 0, 1)' 'read()'
