# SPDX-License-Identifier: Apache-2.0
# Where the listener for NOTIFY goes: by options, and what JSON says is kept.
printf 'arch (x86_64);\n@mount => NOTIFY();\ndefault ALLOW();\n' > "$TMP/p"
"$EASYSECCOMP" compile "$TMP/p" --listener-path /run/supervisor.sock --listener-metadata 'for "you"' -o "$TMP/one.json"
cat "$TMP/one.json"
"$EASYSECCOMP" compile "$TMP/one.json" | diff "$TMP/one.json" - && echo kept
"$EASYSECCOMP" compile "$TMP/one.json" --listener-path /run/other.sock | grep listener
