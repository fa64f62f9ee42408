# SPDX-License-Identifier: Apache-2.0
# #else was ignored.
cat > "$TMP/p" <<'P'
#ifdef DENY
@mkdir => ERRNO(EPERM);
# else
@mkdir => ERRNO(EINVAL);
#endif
=> ALLOW();
P
"$EASYSECCOMP" eval -a x86_64 "$TMP/p" 'mkdir()'
"$EASYSECCOMP" eval -a x86_64 -d DENY "$TMP/p" 'mkdir()'
