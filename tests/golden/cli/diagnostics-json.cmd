# SPDX-License-Identifier: Apache-2.0
printf '@raed => ALLOW();\n=> KILL();\n' | "$EASYSECCOMP" -a x86_64 --diagnostics=json
printf '=> KILL();\n' | "$EASYSECCOMP" -a x86_64 --diagnostics=json -o "$TMP/x.json"
