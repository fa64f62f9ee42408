# SPDX-License-Identifier: Apache-2.0
# At most seven terms could be joined.
printf '$syscall == @pwrite64 && $arg0 != 1 && $arg0 != 2 && $arg0 != 3 && $arg0 != 4 && $arg0 != 5 && $arg1 > 7 && $arg2 < 9 && $arg3 & 1 == 1 && $arg3 >= 3 => ERRNO(7);\n=> ALLOW();\n' > "$TMP/p"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'pwrite64(6, 8, 8, 3)' 'pwrite64(5, 8, 8, 3)' 'pwrite64(6, 8, 9, 3)' 'pwrite64(6, 8, 8, 4)'
