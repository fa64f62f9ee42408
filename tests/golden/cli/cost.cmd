# SPDX-License-Identifier: Apache-2.0
cat > "$TMP/p" <<'P'
arch (x86_64, x86, x32);
@openat(flags & O_ACCMODE != O_RDONLY) => ERRNO(EROFS);
@socket(family == AF_NETLINK && protocol == NETLINK_AUDIT) => ERRNO(EINVAL);
$syscall in (@read, @write, @close, @openat, @socket) => ALLOW();
default ERRNO(ENOSYS);
P
"$EASYSECCOMP" cost "$TMP/p"
for level in 0 1 2 s; do "$EASYSECCOMP" cost -O $level -a x86_64 "$TMP/p" | tail -n 4; done
"$EASYSECCOMP" cost --kernel 5.10 -a x86_64 "$TMP/p" | tail -n 4
"$EASYSECCOMP" cost --json "$TMP/p" -a x86_64 | "$PYTHON3" -c '
import json, sys
cost = json.load(sys.stdin)
for arch in cost["archs"]:
    calls = arch.pop("syscalls")
    print(arch, len(calls), sum(call["answered"] for call in calls))
    print([call for call in calls if call["name"] in ("read", "openat", "reboot")])
print(cost["instructions"], cost["rules"])'
"$EASYSECCOMP" -a x86_64 -f bpf -o "$TMP/p.bpf" "$TMP/p"
"$EASYSECCOMP" cost -a x86_64 "$TMP/p.bpf"
cat > "$TMP/trace" <<'T'
[{"nr": 0, "name": "read", "count": 900.5}, {"name": "socket", "count": 90, "args": [16, 3, 9]},
 {"nr": 300, "count": 1}]
T
"$EASYSECCOMP" cost -a x86_64,x86 --trace "$TMP/trace" "$TMP/p" | tail -n 8
"$EASYSECCOMP" cost -a x86_64 --trace "$TMP/trace" "$TMP/p.bpf"
"$EASYSECCOMP" -f asm -a x86_64 --trace "$TMP/trace" "$TMP/p" | head -n 6
for wrong in '{}' '[]' '[{"nr": 4294967296, "count": 1}]' '[{"count": 1}]' '[{"name": 1, "count": 1}]' \
    '[{"nr": 1, "count": -1}]' '[{"nr": 1}]' '[{"nr": 1, "count": 1, "args": [1, 2, 3, 4, 5, 6, 7]}]' \
    '[{"nr": 1, "count": 1, "args": ["1"]}]' '[' '[1]'; do
    echo "$wrong" > "$TMP/wrong"
    "$EASYSECCOMP" cost --trace "$TMP/wrong" "$TMP/p"; echo "exit $?"
done
"$EASYSECCOMP" cost --trace "$TMP/missing" "$TMP/p"; echo "exit $?"
"$EASYSECCOMP" cost -O 3 "$TMP/p"; echo "exit $?"
"$EASYSECCOMP" cost --kernel five "$TMP/p"; echo "exit $?"
"$EASYSECCOMP" cost; echo "exit $?"
