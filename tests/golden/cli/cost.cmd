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
"$EASYSECCOMP" cost -O 3 "$TMP/p"; echo "exit $?"
"$EASYSECCOMP" cost --kernel five "$TMP/p"; echo "exit $?"
"$EASYSECCOMP" cost; echo "exit $?"
