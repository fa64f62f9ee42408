# SPDX-License-Identifier: Apache-2.0
# What the tree has for others holds what it says of itself, file by file.
for file in "$top_srcdir"/profiles/*.seccomp "$top_srcdir"/examples/*.seccomp; do
    "$EASYSECCOMP" test "$file" > "$TMP/tap" || echo "$file fails"
    grep -v '^ok' "$TMP/tap" | grep -q '^1\.\.[1-9]' || echo "$file has no tests"
done
