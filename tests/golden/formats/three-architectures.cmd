# SPDX-License-Identifier: Apache-2.0
"$EASYSECCOMP" -a x86_64,x86,x32 -f asm files/small.seccomp
