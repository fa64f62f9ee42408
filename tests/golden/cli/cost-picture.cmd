# SPDX-License-Identifier: Apache-2.0
cat > "$TMP/p" <<'P'
arch (x86_64);
@openat(flags & O_ACCMODE != O_RDONLY) => ERRNO(EROFS);
@socket(family == AF_NETLINK && protocol == NETLINK_AUDIT) => TRAP();
$syscall in (@read, @write, @close, @openat, @socket) => ALLOW();
default ERRNO(ENOSYS);
P
"$EASYSECCOMP" cost --svg "$TMP/p"
"$EASYSECCOMP" cost --svg "$TMP/p" > "$TMP/svg"
"$EASYSECCOMP" cost -f svg -o "$TMP/also.svg" "$TMP/p" && cmp "$TMP/svg" "$TMP/also.svg" && echo the same
"$EASYSECCOMP" cost -f dot "$TMP/p" > "$TMP/dot"
"$EASYSECCOMP" -f dot "$TMP/p" | cmp - "$TMP/dot" && echo the same
# well-formed, and what is in circles is what calls execute
"$EASYSECCOMP" cost --json "$TMP/p" > "$TMP/json"
"$PYTHON3" - "$TMP/svg" "$TMP/json" <<'P'
import json, sys, xml.etree.ElementTree as tree
texts = tree.parse(sys.argv[1]).getroot().iter("{http://www.w3.org/2000/svg}text")
counts = {int(t.text) for t in texts if t.get("class") == "count"}
cost = json.load(open(sys.argv[2]))
executed = {c["executed"] for arch in cost["archs"] for c in arch["syscalls"]}
print(executed <= counts, max(counts) == max(arch["worst"] for arch in cost["archs"]))
P
"$EASYSECCOMP" -f bpf -o "$TMP/bpf" "$TMP/p"
"$EASYSECCOMP" cost --svg "$TMP/bpf"; echo "exit $?"
"$EASYSECCOMP" cost -f png "$TMP/p"; echo "exit $?"
