# SPDX-License-Identifier: Apache-2.0
# KERNEL() under && crashed, and its minor version overflowed.
printf '$syscall in KERNEL(5.3) && $arg0 == 1 => ERRNO(1);\n$syscall not in KERNEL(5.3) => ERRNO(ENOSYS);\n=> ALLOW();\n' > "$TMP/p"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'read(1)' 'read(2)' 'openat2(1)' 'clone3(1)' 'pidfd_open(1)'
printf '$syscall in KERNEL(5.256) => ALLOW();\n=> KILL();\n' | "$EASYSECCOMP" -a x86_64
