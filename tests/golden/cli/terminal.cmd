# SPDX-License-Identifier: Apache-2.0
# Raw bytes are never written to a terminal; text is.
printf '=> ALLOW();' > "$TMP/p"
script -qec "'$EASYSECCOMP' -a x86_64 -f bpf '$TMP/p'" /dev/null | tr -d '\r'
script -qec "'$EASYSECCOMP' -a x86_64 -f annotation '$TMP/p'" /dev/null | tr -d '\r'
