# SPDX-License-Identifier: Apache-2.0
# On a hybrid host, without pivot_root, and for a user without rights.
"$EASYRUN" plan --config basic.json --cgroups hybrid --no-pivot /bundle | head -3
"$EASYRUN" plan --config user-namespace.json --cgroups none --rootless /bundle | grep -v mount
