# SPDX-License-Identifier: Apache-2.0
"$EASYSECCOMP" list syscalls --arch x86_64 | grep -E '^(read|openat2|socket|rseq) '
"$EASYSECCOMP" list syscalls --arch x86 --json | grep -E '"(read|socketcall)"'
"$EASYSECCOMP" list arches | head -3
"$EASYSECCOMP" list errnos --arch mips | grep -E 'ENOSYS|EPERM'
"$EASYSECCOMP" list constants --arch x86_64 | grep -E '^(AF_NETLINK|O_CLOEXEC|PTRACE_TRACEME|AT_FDCWD) '
"$EASYSECCOMP" list groups | cut -c1-100 | head -3
"$EASYSECCOMP" list actions
"$EASYSECCOMP" list flags
"$EASYSECCOMP" list diagnostics | head -3
