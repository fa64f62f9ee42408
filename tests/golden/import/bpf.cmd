# SPDX-License-Identifier: Apache-2.0
# Programs: what was compiled comes back; what no policy says is refused.
"$EASYSECCOMP" -a x86_64,aarch64 -f bpf -o "$TMP/f.bpf" policy.seccomp
"$EASYSECCOMP" import "$TMP/f.bpf"
printf '\40\0\0\0\20\0\0\0\26\0\0\0\0\0\0\0' > "$TMP/return.bpf"
cd "$TMP" && "$EASYSECCOMP" import return.bpf; echo "exit $?"
