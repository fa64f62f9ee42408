# SPDX-License-Identifier: Apache-2.0
# A call without a number on the target made its rule unconditional.
cat > "$TMP/p" <<'P'
@socketcall => KILL();
$syscall == @socketcall => KILL();
$syscall in (@socketcall, @ipc) => KILL();
@socketcall && $arg0 == 1 => KILL();
$syscall not in (@socketcall) && $syscall == @close => ERRNO(EBADF);
=> ALLOW();
P
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'read()' 'close()'
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 102 1
