# SPDX-License-Identifier: Apache-2.0
# Without a last rule the program ran off its end, and the kernel refused it.
printf '@read => ALLOW();\n' | "$EASYSECCOMP" -a x86_64
