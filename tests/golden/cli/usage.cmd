# SPDX-License-Identifier: Apache-2.0
for arguments in "nosuch" "compile --nosuch" "-f nosuch" "-a pdp11" "-a x86_46" "-d" "-d =1" "-d A=x" "eval" "eval x" \
    "run x" "list" "list nosuch" "compile a b" "disasm a b" "--dump nosuch /dev/null" "--diagnostics=xml" "help nosuch"; do
    "$EASYSECCOMP" $arguments < /dev/null
    echo "exit $?"
done
