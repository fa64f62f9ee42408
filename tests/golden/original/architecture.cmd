# SPDX-License-Identifier: Apache-2.0
# The architecture was not checked: numbers of i386 and x32 were read as those of x86_64, and $arch
# was never x32.
cat > "$TMP/p" <<'P'
$syscall in (@read, @write) => ALLOW();
=> ERRNO(EPERM);
P
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'read()'
"$EASYSECCOMP" -a x86_64 -f bpf -o "$TMP/p.bpf" "$TMP/p"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p.bpf" 'read()' 'mkdir()'
"$EASYSECCOMP" eval -a x86 "$TMP/p.bpf" 'read()' 'restart_syscall()'
"$EASYSECCOMP" eval -a x32 "$TMP/p.bpf" 'read()' 'mkdir()'
cat > "$TMP/p" <<'P'
$arch == @x32 => KILL_PROCESS();
$arch == @x86 && $syscall == @read@x86 => ALLOW();
$arch == @x86_64 => LOG();
=> ERRNO(EPERM);
P
"$EASYSECCOMP" -a x86_64 -f bpf -o "$TMP/p.bpf" "$TMP/p"
for arch in x86_64 x86 x32 aarch64; do
    "$EASYSECCOMP" eval -a $arch "$TMP/p.bpf" 'read()' 'write()'
done
