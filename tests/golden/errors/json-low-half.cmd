# SPDX-License-Identifier: Apache-2.0
"$EASYSECCOMP" -f json json-low-half.seccomp > /dev/null
