# SPDX-License-Identifier: Apache-2.0
# An unknown byte ended the file silently, so that what followed was not in the filter.
printf '@read => ALLOW();\n? @write => KILL();\n=> ALLOW();\n' | "$EASYSECCOMP" -a x86_64
printf '@read => ALLOW();\n%% @write => KILL();\n=> ALLOW();\n' | "$EASYSECCOMP" -a x86_64
printf '/* a comment */ @read => KILL(); => ALLOW();\n' > "$TMP/p"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'read()'
