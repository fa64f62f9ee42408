# SPDX-License-Identifier: Apache-2.0
# Data over 16 bits ran into the action: this one allowed the call.
printf '@mkdir => ERRNO(2147418112); => ALLOW();' | "$EASYSECCOMP" -a x86_64
