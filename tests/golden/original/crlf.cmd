# SPDX-License-Identifier: Apache-2.0
# A carriage return ended the file silently.
printf '$syscall in (@mkdir) => ERRNO(EINVAL);\r\n// comment\r\n#ifdef X\r\n=> KILL();\r\n#endif\r\n=> ALLOW();\r\n' > "$TMP/p"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'mkdir()' 'rmdir()'
printf '@mkdir =>\r ERRNO(EINVAL); => ALLOW();' | "$EASYSECCOMP" -a x86_64
