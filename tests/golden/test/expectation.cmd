# SPDX-License-Identifier: Apache-2.0
# What holds, what does not and why, on each architecture and with other defines.
cat > "$TMP/p" <<'P'
arch (x86_64, x86);
const F = AF_UNIX;
@socket(family == F && type != 3) => ALLOW();
@socket => ERRNO(EACCES);
@socketcall => ALLOW();
#if STRICT
@ptrace => KILL_PROCESS();
#endif
@ptrace => ERRNO(EPERM) "no";
@kcmp(type == 7) => LOG();
default ALLOW();
test "a" {
    expect @socket(F, 2, 0) => ALLOW();
    expect @socket(F, 3, 0) => ALLOW();
    expect @socketcall => ALLOW();
    expect @ptrace => ERRNO(EPERM);
    expect @ptrace => KILL_PROCESS() with STRICT;
    expect @read => KILL_PROCESS() on aarch64;
    expect @read => ALLOW() on x32;
    expect never @socket(family != AF_UNIX) => ALLOW();
    expect never @socket(family == AF_UNIX) => ALLOW();
    expect never @ptrace => ALLOW() with STRICT;
    expect never @kcmp => LOG() on x86;
    expect @riscv_hwprobe => ALLOW();
}
P
"$EASYSECCOMP" test "$TMP/p"; echo "exit $?"
"$EASYSECCOMP" test --arch x86 -d STRICT "$TMP/p" 2> /dev/null; echo "exit $?"
"$EASYSECCOMP" test --json "$TMP/p" 2> /dev/null | head -5
