# SPDX-License-Identifier: Apache-2.0
for format in json bpf annotation c asm; do
    "$EASYSECCOMP" -v --verify -f $format -o "$TMP/out" inputs/socket.seccomp; echo "exit $?"
done
# A prover that finds a difference: nothing is written.
cat > "$TMP/prover" <<'P'
#!/bin/sh
echo "read(0) on x86_64: A ALLOW, B ERRNO(EPERM)"
exit 1
P
chmod +x "$TMP/prover"
EASYSECCOMP_PROVE="$TMP/prover" "$EASYSECCOMP" --verify -o "$TMP/none" inputs/socket.seccomp; echo "exit $?"
ls "$TMP/none"
