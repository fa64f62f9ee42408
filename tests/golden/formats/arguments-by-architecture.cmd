# where the same argument is on each architecture, and how much of it the kernel reads there
for arch in x86_64 x86 s390x mipsel; do
    "$EASYSECCOMP" --arch $arch -f asm - <<'POLICY'
@clone(flags & CLONE_NEWUSER != 0) => ERRNO(EPERM);
@setuid(uid == 1) => ERRNO(EPERM);
#if ARCH_X86 || ARCH_MIPSEL
@pread64(pos_low == 7) => ERRNO(EPERM);
#else
@pread64(pos == 7) => ERRNO(EPERM);
#endif
default ALLOW();
POLICY
done
