# SPDX-License-Identifier: Apache-2.0
# Which rules and comparisons the tests reach, or the calls of a trace.
cd "$TMP" || exit
cat > p <<'P'
arch (x86_64);
macro wx(p) = p & (PROT_WRITE | PROT_EXEC) == (PROT_WRITE | PROT_EXEC);
@mmap(wx(prot)) => ERRNO(EACCES);
@mmap || @mprotect(!wx(prot)) => ALLOW();
#if NET
@socket(family in (AF_INET, AF_INET6) && type == SOCK_STREAM) => ALLOW();
#endif
@read => ALLOW();
unknown ERRNO(ENOSYS);
default KILL_PROCESS();
test "memory" {
    expect @mmap(0, 4096, PROT_READ, 0, -1, 0) => ALLOW();
    expect @mprotect(0, 4096, PROT_WRITE | PROT_EXEC) => KILL_PROCESS();
}
test "network" {
    expect @socket(AF_INET, SOCK_STREAM, 0) => ALLOW() with NET;
    expect @socket(AF_UNIX, SOCK_STREAM, 0) => KILL_PROCESS() with NET;
}
P
cat > trace.json <<'T'
[{"name": "read", "count": 5}, {"nr": 9, "count": 1, "args": [0, 4096, 7, 2]}, {"nr": 60, "count": 1}]
T
"$EASYSECCOMP" test --coverage p; echo "exit $?"
"$EASYSECCOMP" test --coverage --trace trace.json p; echo "exit $?"
"$EASYSECCOMP" test --coverage --json p | head -20
"$EASYSECCOMP" test --trace trace.json p; echo "exit $?"
