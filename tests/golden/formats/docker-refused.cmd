# SPDX-License-Identifier: Apache-2.0
# What depends on capabilities, and a profile has one of; what an entry cannot say; too many.
try()
{
    printf '%s\n' "$@" > "$TMP/policy.seccomp"
    (cd "$TMP" && "$EASYSECCOMP" -f docker policy.seccomp) || echo "exit $?" >&2
}
try 'arch (x86_64);' '#if CAP_KILL' 'default ALLOW();' '#else' 'default ERRNO(EPERM);' '#endif'
try 'arch (x86_64);' '#if CAP_KILL' 'flags (LOG);' '#endif' 'default ALLOW();'
try '#if CAP_KILL' 'arch (x86_64);' '#else' 'arch (x86_64, x86);' '#endif' '@read => LOG();' 'default ALLOW();'
try 'arch (x86_64);' '#if CAP_KILL' '@raed => ALLOW();' '#endif' 'default ERRNO(EPERM);'
try 'arch (x86_64);' '#if CAP_KILL' '$syscall == 1000 => ALLOW();' '#endif' 'default ERRNO(EPERM);'
try 'arch (x86_64);' '#if CAP_A && CAP_B && CAP_C && CAP_D && CAP_E && CAP_F && CAP_G' '@read => ALLOW();' \
    '#endif' 'default ERRNO(EPERM);'
"$EASYSECCOMP" -f docker --verify files/small.seccomp || echo "exit $?" >&2
