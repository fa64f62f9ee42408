# SPDX-License-Identifier: Apache-2.0
# Input that cannot be read, and where it comes from.
printf '=> ALLOW();' > "$TMP/p"
"$EASYSECCOMP" "$TMP/none"; echo "exit $?"
"$EASYSECCOMP" "$TMP"; echo "exit $?"
"$EASYSECCOMP" -a x86_64 -f asm < "$TMP/p" | tail -1
"$EASYSECCOMP" -a x86_64 -f asm - < "$TMP/p" | tail -1
"$EASYSECCOMP" -a x86_64 -f asm -i "$TMP/p" | tail -1
"$EASYSECCOMP" compile -a x86_64 -f asm "$TMP/p" | tail -1
