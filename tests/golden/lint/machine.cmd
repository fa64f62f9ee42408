# SPDX-License-Identifier: Apache-2.0
# The forms for machines: JSON, also of what does not parse, and of nothing.
"$EASYSECCOMP" lint -a x86_64 -f json clone3-errno.seccomp syntax.seccomp json-syntax.json
"$EASYSECCOMP" lint -a x86_64 -f json companion-ok.seccomp
"$EASYSECCOMP" lint -a x86_64 -f json -o "$TMP/out.json" unused-set.seccomp
echo "exit status $?"
cat "$TMP/out.json"
