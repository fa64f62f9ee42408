# SPDX-License-Identifier: Apache-2.0
# Jumps of more than 255 instructions overflowed.
i=0
while [ $i -lt 500 ]; do
    echo "@ioctl && \$arg1 == $((i * 2)) && \$arg2 == $((i * 3 + 7)) => ERRNO($((i + 1)));"
    i=$((i + 1))
done > "$TMP/p"
echo '=> ALLOW();' >> "$TMP/p"
"$EASYSECCOMP" -a x86_64 -f bpf -o "$TMP/out.bpf" "$TMP/p"
"$EASYSECCOMP" disasm --check "$TMP/out.bpf" | sed 's/, [0-9]* instr/, N instr/'
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'ioctl(0, 998, 1504)' 'ioctl(0, 998, 1505)' 'ioctl(0, 0, 7)'
