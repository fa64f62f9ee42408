# SPDX-License-Identifier: Apache-2.0
# A missing #endif was accepted.
printf '#ifdef A\n=> ALLOW();\n' | "$EASYSECCOMP" -a x86_64
