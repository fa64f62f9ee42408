# SPDX-License-Identifier: Apache-2.0
"$EASYSECCOMP" -a s390x -f asm files/small.seccomp
