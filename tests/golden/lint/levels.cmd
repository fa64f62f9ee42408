# SPDX-License-Identifier: Apache-2.0
# -W: off, on, all, as errors; what it does not take
lint() {
    echo "lint $*"
    "$EASYSECCOMP" lint -a x86_64 "$@" | grep '\['
    "$EASYSECCOMP" lint -a x86_64 "$@" > /dev/null 2>&1
    echo "exit status $?"
}
lint companion.seccomp
lint -Wno-companion companion.seccomp
lint -W companion=off -Wcompanion companion.seccomp
lint -W companion=error companion.seccomp
lint -Werror companion.seccomp
lint --warn=bad-suppression=off --warn=dangerous-allow=off bad-suppression.seccomp
lint -Wall int-width-strict.seccomp
for wrong in nonsense companoin no-companoin companion=fatal no-companion=error; do
    "$EASYSECCOMP" lint "-W$wrong" companion.seccomp 2>&1
    echo "exit status $?"
done
