# SPDX-License-Identifier: Apache-2.0
# The profile of a whole config.json.
"$EASYSECCOMP" eval config.json 'read' 'write' 'exit_group'
"$EASYSECCOMP" config.json
