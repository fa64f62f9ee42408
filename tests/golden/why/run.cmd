# SPDX-License-Identifier: Apache-2.0
# A denial of a program names its rule by the source map.
cd "$TMP" || exit
printf '@uname => ERRNO(EPERM) "who are you";\ndefault ALLOW();\n' > p.seccomp
"$EASYSECCOMP" -f bpf p.seccomp -o p.bpf --source-map p.bpf.map
"$EASYSECCOMP" run p.bpf -- uname 2>&1 | sed 's/(0x[0-9a-f]*)/(...)/; s/ on [a-z0-9_]*/ on .../'
mv p.bpf.map other
"$EASYSECCOMP" run p.bpf -- uname 2>&1 | sed 's/(0x[0-9a-f]*)/(...)/; s/ on [a-z0-9_]*/ on .../'
