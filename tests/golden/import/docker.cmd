# SPDX-License-Identifier: Apache-2.0
# A docker profile, its capabilities open and told.
"$EASYSECCOMP" import -a x86_64 ../json/docker.json
"$EASYSECCOMP" import -a x86_64 --caps podman ../json/docker.json
