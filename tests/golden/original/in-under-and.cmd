# SPDX-License-Identifier: Apache-2.0
# `in` under && was refused.
printf '$syscall in (@read, @write) && $arg0 in (0, 1) && $arg2 not in (0) => ALLOW();\n=> KILL_PROCESS();\n' > "$TMP/p"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'read(0, 0, 1)' 'write(1, 0, 0)' 'write(2, 0, 1)' 'close(0)'
