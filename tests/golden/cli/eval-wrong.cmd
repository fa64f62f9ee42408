# SPDX-License-Identifier: Apache-2.0
printf '=> ALLOW();' > "$TMP/p"
for call in 'raed()' 'read(1, 2, 3, 4, 5, 6, 7)' 'read(NOSUCH)' 'read(' 'read 1' '%io' 'socketcall(1)' 'read($arg0)'; do
    "$EASYSECCOMP" eval -a x86_64 "$TMP/p" "$call"
    echo "exit $?"
done
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 0x100000000; echo "exit $?"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 1 2 3 4 5 6 7 8; echo "exit $?"
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 1 x; echo "exit $?"
