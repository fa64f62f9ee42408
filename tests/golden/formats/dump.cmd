# SPDX-License-Identifier: Apache-2.0
for stage in ast graph; do "$EASYSECCOMP" -a x86_64 --dump $stage files/small.seccomp; done
