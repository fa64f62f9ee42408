# SPDX-License-Identifier: Apache-2.0
# The real kernel: what is denied is told with its rule, and the command's status is passed on.
cat > "$TMP/p" <<'P'
@mkdir || @mkdirat => ERRNO(EROFS) "no new directories";
@rmdir || @unlinkat => KILL_PROCESS();
@symlinkat || @symlink => TRAP(5);
default ALLOW();
P
"$EASYSECCOMP" run "$TMP/p" -- sh -c "mkdir '$TMP/d'; exit 7" 2>&1 | sed 's|(0x[^,]*,|(PATH,|'
"$EASYSECCOMP" run "$TMP/p" -- sh -c 'exit 7'; echo "exit $?"
"$EASYSECCOMP" run -q "$TMP/p" -- sh -c "mkdir '$TMP/d' 2> /dev/null; echo \$?"
"$EASYSECCOMP" run "$TMP/p" -- rmdir "$TMP" 2> /dev/null; echo "exit $?"
"$EASYSECCOMP" run "$TMP/p" -- "$TMP/none" 2> /dev/null; echo "exit $?"
"$EASYSECCOMP" run "$TMP/p" -- "$TMP/p" 2> /dev/null; echo "exit $?"
printf '@write => NOTIFY(); => ALLOW();' > "$TMP/n"
"$EASYSECCOMP" run "$TMP/n" -- true; echo "exit $?"
"$EASYSECCOMP" run -d X "$TMP/none" -- true; echo "exit $?"
