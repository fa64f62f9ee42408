# SPDX-License-Identifier: Apache-2.0
# Whole or not at all: the old file stays, its mode too, and nothing is left beside it.
printf '=> ALLOW();' > "$TMP/p"
printf 'old' > "$TMP/out.bpf"; chmod 600 "$TMP/out.bpf"
"$EASYSECCOMP" -a x86_64 -o "$TMP/nowhere/out.bpf" "$TMP/p"; echo "exit $?"
"$EASYSECCOMP" -a x86_64 -o "$TMP/out.bpf" "$TMP/p"; echo "exit $?"
ln -s out.bpf "$TMP/link.bpf"
"$EASYSECCOMP" -a x86_64 -o "$TMP/link.bpf" "$TMP/p"; echo "exit $?"
cd "$TMP" && stat -c '%n %a %s %F' *
"$EASYSECCOMP" -a x86_64 "$TMP/p" > /dev/full; echo "exit $?"
