# SPDX-License-Identifier: Apache-2.0
# Findings in an included file are told there; what it defines for others need not be used.
cat > "$TMP/base.seccomp" <<'END'
set %unused = (@read);
const UNUSED = 1;
// lint: allow dangerous-allow "debuggers"
@ptrace => ALLOW();
@socket => ALLOW();
@socket(family == 1) => ERRNO(EPERM);
END
cat > "$TMP/main.seccomp" <<'END'
%default => ALLOW();
include "base.seccomp";
default ERRNO(ENOSYS);
END
exec "$EASYSECCOMP" lint -a x86_64 "$TMP/main.seccomp"
