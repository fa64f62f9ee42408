# SPDX-License-Identifier: Apache-2.0
# several sources, standard input, what cannot be read, what is no source
try() {
    echo "$ lint $*"
    "$EASYSECCOMP" lint -a x86_64 "$@" 2>&1
    echo "exit status $?"
}
try companion-ok.seccomp json-or-ok.json
try companion-ok.seccomp unused-set.seccomp json-unknown-name.json
try < unused-set.seccomp
try - < unused-set.seccomp
try nosuch.seccomp unused-set.seccomp
try -f xml unused-set.seccomp
try -d NETWORK companion-ok.seccomp unused-set-ok.seccomp
"$EASYSECCOMP" compile -a x86_64 -f bpf -o "$TMP/x.bpf" companion-ok.seccomp && try "$TMP/x.bpf"
printf '' > "$TMP/empty.seccomp" && try "$TMP/empty.seccomp"
