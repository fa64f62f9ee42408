# SPDX-License-Identifier: Apache-2.0
exec "$EASYSECCOMP" lint "$INPUT"
