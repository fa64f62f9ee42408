# SPDX-License-Identifier: Apache-2.0
# The library of policies, installed where people look for data of the program.
profilesdir = $(pkgdatadir)/profiles
dist_profiles_DATA = profiles/container-default.seccomp
