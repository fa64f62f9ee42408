# SPDX-License-Identifier: Apache-2.0
# Output was streamed, so that an error left half a file.
echo old > "$TMP/out.json"
printf '@read => ALLOW();\n@write => NOSUCH();\n=> KILL();\n' | "$EASYSECCOMP" -a x86_64 -o "$TMP/out.json"
echo "exit $?"
ls "$TMP"
cat "$TMP/out.json"
