# SPDX-License-Identifier: Apache-2.0
# A name of one letter crashed.
printf '#ifdef f\n@mkdir => KILL();\n#endif\n#   ifndef f\n@mkdir => ERRNO(EPERM);\n#  endif\n=> ALLOW();\n' > "$TMP/p"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'mkdir()'
"$EASYSECCOMP" eval -a x86_64 -d f "$TMP/p" 'mkdir()'
