# SPDX-License-Identifier: Apache-2.0
exec "$EASYSECCOMP" lint -a x86_64 -d NETWORK -d CAP_SYS_ADMIN "$INPUT"
