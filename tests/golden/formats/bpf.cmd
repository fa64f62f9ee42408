# SPDX-License-Identifier: Apache-2.0
# The same bytes as the text of asm, in the byte order of the target.
"$EASYSECCOMP" -a x86_64 -f bpf files/small.seccomp | od -A d -t x1 -v | head -4
"$EASYSECCOMP" -a s390x -f bpf files/small.seccomp | od -A d -t x1 -v | head -4
