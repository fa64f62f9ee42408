# SPDX-License-Identifier: Apache-2.0
# What a docker profile means goes by the options.
ask() {
    echo "$@"
    "$EASYSECCOMP" eval -a x86_64 "$@" docker.json 'mount' 'chroot' 'ptrace' 'close(1)' 'arch_prctl' 2> /dev/null
}
ask
ask --caps podman
ask --caps none --cap CAP_SYS_ADMIN
ask -d CAP_SYS_ADMIN
ask --kernel 4.7
ask --as spec
"$EASYSECCOMP" eval -a aarch64 docker.json 'arch_prctl' 'read' 2> /dev/null
"$EASYSECCOMP" -a x86_64 --caps podman -f bpf -o "$TMP/f.bpf" docker.json 2> /dev/null &&
    "$EASYSECCOMP" disasm "$TMP/f.bpf" | tail -1
"$EASYSECCOMP" --caps rocket docker.json; echo "exit $?"
"$EASYSECCOMP" --cap sys_admin docker.json; echo "exit $?"
"$EASYSECCOMP" --as lxc docker.json; echo "exit $?"
