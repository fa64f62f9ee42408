# SPDX-License-Identifier: Apache-2.0
echo 'default  ALLOW();' | "$EASYSECCOMP" fmt; echo "exit $?"
echo 'default  ALLOW();' | "$EASYSECCOMP" fmt -w; echo "exit $?"
echo 'default  ALLOW();' | "$EASYSECCOMP" fmt -w --check x; echo "exit $?"
echo '{"defaultAction": "SCMP_ACT_ALLOW"}' | "$EASYSECCOMP" fmt -; echo "exit $?"
# text that is not selected need not be a policy, unless it cannot be told what is a comment there
printf '#if !X\nno policy\n#endif\ndefault  ALLOW();' | "$EASYSECCOMP" fmt; echo "exit $?"
printf '#if !X\nno policy\n#endif\ndefault  ALLOW();' | "$EASYSECCOMP" fmt -d X; echo "exit $?"
printf '#if X\n/*\n#endif\n// */\ndefault  ALLOW();' | "$EASYSECCOMP" fmt; echo "exit $?"
printf '#if X\n/*\n#endif\ndefault  ALLOW();' | "$EASYSECCOMP" fmt; echo "exit $?"
"$EASYSECCOMP" fmt --help
