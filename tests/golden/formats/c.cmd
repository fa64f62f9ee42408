# SPDX-License-Identifier: Apache-2.0
"$EASYSECCOMP" -a x86_64 -f c files/small.seccomp
