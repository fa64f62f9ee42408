# SPDX-License-Identifier: Apache-2.0
# `expect never` is proved for all arguments, or calls are shown.
cat > "$TMP/p" <<'P'
arch (x86_64, x86);
@socket(family == AF_UNIX) => ALLOW();
@socket => ERRNO(EACCES);
@ptrace(request == PTRACE_TRACEME) => ALLOW();
@ptrace || @kcmp => ERRNO(EPERM);
default ALLOW();
test "holds" {
    expect never @socket(family != AF_UNIX) => ALLOW();
    expect never @kcmp => ALLOW();
    expect never @ptrace => KILL_PROCESS();
    expect never @ptrace(request != PTRACE_TRACEME) => ALLOW() on x86_64;
    expect never @ptrace => ALLOW() with STRICT;
}
P
sed 's/^test.*/& expect never @ptrace => ALLOW(); expect never @socket(full(family) > 0x100000000) => ALLOW();/' "$TMP/p" > "$TMP/q"
"$EASYSECCOMP" compile --verify -f bpf "$TMP/p" -o "$TMP/out"; echo "exit $?"
"$EASYSECCOMP" compile --verify -f json -a x86_64 "$TMP/p" -o "$TMP/out"; echo "exit $?"
"$EASYSECCOMP" compile --verify "$TMP/q" -f bpf -o "$TMP/never"; echo "exit $?"
test -e "$TMP/never" && echo "written"
"$EASYSECCOMP" compile --verify -d STRICT -f bpf "$TMP/p" -o "$TMP/never"; echo "exit $?"
printf 'test "x" { expect never @ptarce => ALLOW(); } => ALLOW();' | "$EASYSECCOMP" compile -f bpf -o "$TMP/never"; echo "exit $?"
