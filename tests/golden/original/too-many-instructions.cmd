# SPDX-License-Identifier: Apache-2.0
# Programs over 4,096 instructions were written all the same.
i=0
while [ $i -lt 3000 ]; do
    echo "@ioctl && \$arg1 == $i && \$arg2 == $((i * 3 + 7)) => ERRNO($((i + 1)));"
    i=$((i + 1))
done > "$TMP/p"
echo '=> ALLOW();' >> "$TMP/p"
"$EASYSECCOMP" -a x86_64 -f bpf "$TMP/p" | wc -c
"$EASYSECCOMP" -a x86_64 -f bpf -o "$TMP/out" "$TMP/p"
echo "exit $?"
ls "$TMP"
