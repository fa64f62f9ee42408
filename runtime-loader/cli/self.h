/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping the program on disk out of the reach of containers (CVE-2019-5736). */
#ifndef RUNTIME_CLI_SELF_H
#define RUNTIME_CLI_SELF_H

/*
 * Until its execve(2), init is this program, and a container may name /proc/self/exe as what is
 * to be run: then code of the container has a descriptor of the program itself, and could write to
 * it later. So the program runs from a read-only mount of its own file, made for this one run, that
 * is nowhere attached, or before Linux 5.12 from a sealed copy in memory. Where the file cannot be
 * written anyway nothing is done.
 *
 * Also makes the process non-dumpable: nobody in a container that it joins may look into it.
 * Returns when the program is protected or needs no protection, else a negative errno value.
 */
int protect_self(char **argv);

#endif
