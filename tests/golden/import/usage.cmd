# SPDX-License-Identifier: Apache-2.0
# What is no source of it.
"$EASYSECCOMP" import; echo "exit $?"
"$EASYSECCOMP" import policy.seccomp; echo "exit $?"
"$EASYSECCOMP" import none.json; echo "exit $?"
printf '{"defaultAction": "SCMP_ACT_ALOW"}' | "$EASYSECCOMP" import -; echo "exit $?"
