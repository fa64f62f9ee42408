# SPDX-License-Identifier: Apache-2.0
"$EASYSECCOMP" -a x86_64 -f dot files/small.seccomp
