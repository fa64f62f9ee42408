# SPDX-License-Identifier: Apache-2.0
cat > "$TMP/a" <<'P'
arch (x86_64, x86);
@socket(family == AF_UNIX) => ALLOW();
@ptrace => TRAP();
$syscall in (@read, @write, @openat, @ptrace) => ALLOW();
default ERRNO(EPERM);
P
cat > "$TMP/b" <<'P'
arch (x86_64);
@socket(protocol == 0) => ALLOW();
@ptrace => LOG();
$syscall in (@read, @write, @close) => ALLOW();
default ERRNO(ENOSYS);
P
for how in --intersect --union; do
    "$EASYSECCOMP" merge $how "$TMP/a" "$TMP/b" -o "$TMP/m"; echo "exit $?"
    cat "$TMP/m"
    "$EASYSECCOMP" eval --arch x86_64 "$TMP/m" 'socket(AF_UNIX, 1, 0)' 'socket(AF_UNIX, 1, 1)' 'socket(AF_INET, 1, 0)' \
        'read' 'close' 'openat' 'ptrace' 'mount' | sed 's/  .*//'
done
"$EASYSECCOMP" -f bpf "$TMP/b" -o "$TMP/b.bpf"
"$EASYSECCOMP" merge --union "$TMP/b" "$TMP/b.bpf" inputs/socket.json -o "$TMP/m"; echo "exit $?"
"$EASYSECCOMP" diff --subset inputs/socket.json "$TMP/m"; echo "exit $?"
"$EASYSECCOMP" merge "$TMP/a" "$TMP/b"; echo "exit $?"
"$EASYSECCOMP" merge --union "$TMP/a"; echo "exit $?"
