# SPDX-License-Identifier: Apache-2.0
# Several files are one run; one that does not compile fails it.
cd "$TMP" || exit
echo 'default ALLOW(); test "a # b" { expect @read => ALLOW(); }' > good
echo 'include "good"; test "c" { expect never @read => ALLOW(); }' > includes
echo 'default ALLOW(); test "d" { expect @raed => ALLOW(); }' > wrong
printf '#if X\n@raed => ALLOW();\n#endif\ndefault ALLOW(); test "e" { expect @read => ALLOW() with X; }' > variant
echo 'default ALLOW();' > none
for files in good 'good includes' 'good wrong' variant none 'good missing'; do
    "$EASYSECCOMP" test --arch x86_64 $files; echo "exit $?"
done
"$EASYSECCOMP" test < good; echo "exit $?"
"$EASYSECCOMP" test --arch x86_64 - < good; echo "exit $?"
"$EASYSECCOMP" test --help
