# SPDX-License-Identifier: Apache-2.0
exec "$EASYSECCOMP" -a x86_64 -f asm json-many-conditions.json > /dev/null
