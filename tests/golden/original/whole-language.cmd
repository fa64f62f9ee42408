# SPDX-License-Identifier: Apache-2.0
# Everything that the original's grammar had, in one policy, with its flags -d, -i, -o and -v.
cat > "$TMP/p" <<'P'
// Native comments
#ifdef DENY_MKDIR_WITH_EINVAL
$syscall in (@mkdir) => ERRNO(EINVAL);
#endif

#ifndef DENY_MKDIR_WITH_EINVAL
#  ifdef NEVER
=> KILL();
#  endif
$syscall in (@mkdir) => ERRNO(EPERM);
# endif
$arch == @x86 => KILL_PROCESS();
$syscall == @read@x86_64 && $arg0 == 7 => TRAP(3);
$syscall not in (@ptrace, @bpf) && $arg1 & 4 != 4 && $arg2 < 10 && $arg2 <= 9 && ($arg3 > 3 && $arg3 >= 4) => LOG();
$syscall == @ptrace => TRACE(12);
$syscall == @bpf => NOTIFY();
$syscall == @mount => KILL_THREAD();
$syscall != @umount2 && $syscall in KERNEL(5.3) => ALLOW();
$syscall == @umount2 => ERRNO(16);
=> KILL();
P
"$EASYSECCOMP" -d DENY_MKDIR_WITH_EINVAL -a x86_64 -f bpf -i "$TMP/p" -o "$TMP/p.bpf" -v 2>&1 | sed 's/[0-9]* instructions, [0-9]* bytes/N instructions, N bytes/'
for define in X DENY_MKDIR_WITH_EINVAL; do
    "$EASYSECCOMP" eval -d $define -a x86_64 "$TMP/p" 'mkdir()' 'read(7)' 'read(8, 0, 0, 4)' 'read(8, 4)' 'ptrace()' \
        'bpf()' 'mount()' 'umount2()' 'openat2()'
done
