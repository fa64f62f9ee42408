# SPDX-License-Identifier: Apache-2.0
# The form follows from the suffix.
for s in json bpf b64 h s dot; do "$EASYSECCOMP" -a x86_64 -o "$TMP/out.$s" files/small.seccomp; done
cd "$TMP" && head -c 20 out.json out.h out.s out.dot && wc -c < out.bpf
