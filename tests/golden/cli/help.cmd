# SPDX-License-Identifier: Apache-2.0
"$EASYSECCOMP" --help
for command in compile eval disasm run list; do "$EASYSECCOMP" $command --help; done
"$EASYSECCOMP" help eval | head -2
