# SPDX-License-Identifier: Apache-2.0
# Arguments were compared in their low 32 bits only, literals and masks cut to them.
cat > "$TMP/p" <<'P'
$syscall == @lseek && $arg1 == 0x100000000 => ERRNO(1);
$syscall == @lseek && $arg1 & 0xff00000000 == 0x200000000 => ERRNO(2);
$syscall == @lseek && $arg1 > 4294967295 => ERRNO(3);
$syscall == @lseek && $arg1 >= 3000000000 => ERRNO(4);
=> ALLOW();
P
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'lseek(0, 0)' 'lseek(0, 0x100000000)' 'lseek(0, 0x200000000)' \
    'lseek(0, 0x10000000000)' 'lseek(0, 2999999999)' 'lseek(0, 3000000000)' 'lseek(0, 0xffffffff)'
