# SPDX-License-Identifier: Apache-2.0
# The rule with its macros and includes, and what the nearest others lacked.
cd "$TMP" || exit
cat > base.seccomp <<'P'
macro bits(p, m) = p & m == m;
macro wx(p) = bits(p, PROT_WRITE | PROT_EXEC);
@mmap(wx(prot)) => ERRNO(EACCES) "no new code";
P
cat > p.seccomp <<'P'
arch (x86_64);
include "base.seccomp";
@socket(family in (AF_INET, 7..9) && type == SOCK_STREAM) => ALLOW();
@socket(!(family == AF_UNIX)) => LOG();
@close(fd > 2 && fd != 0x100000) => ERRNO(EBADF);
@lseek(signed(full(offset)) < 0) => ERRNO(EINVAL);
foreign KILL_THREAD();
default TRAP(5) "all the rest";
P
"$EASYSECCOMP" explain p.seccomp 'mmap(0, 1, 7)' 'mmap(0, 1, 4)' 'socket(1, 1)' 'socket(2, 2)' 'close(1)' \
    'close(0x100000)' 'lseek(0, 5)' 'read(0)'
"$EASYSECCOMP" explain --arch aarch64 p.seccomp 'read(0)' 2>&1 | head -2
"$EASYSECCOMP" eval --why --json p.seccomp 'mmap(0, 1, 4)' 'mmap(0, 1, 7)'
