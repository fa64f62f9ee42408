# SPDX-License-Identifier: Apache-2.0
# -w writes the files that change, whole or not at all, and keeps their modes.
cd "$TMP" || exit
echo 'default ALLOW();' > good; echo 'default  ALLOW();' > bad; printf 'default  ALLOW()\n%%' > broken
chmod 400 good; chmod 640 bad; ln -s bad link; touch -d 2020-01-01 good
"$EASYSECCOMP" fmt -w good link broken; echo "exit $?"
stat -c '%n %a %F' -- *; stat -c %.4y good; cat link broken
