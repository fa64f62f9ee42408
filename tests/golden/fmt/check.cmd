# SPDX-License-Identifier: Apache-2.0
# --check names the files that would change.
cd "$TMP" || exit
echo 'default ALLOW();' > good; echo 'default  ALLOW();' > bad; echo 'default ALLOW()' > broken
"$EASYSECCOMP" fmt --check good; echo "exit $?"
"$EASYSECCOMP" fmt --check good bad; echo "exit $?"
"$EASYSECCOMP" fmt --check < bad; echo "exit $?"
"$EASYSECCOMP" fmt --check bad broken good missing; echo "exit $?"
cat bad
