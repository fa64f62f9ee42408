# SPDX-License-Identifier: Apache-2.0
# A program and its source map: the rule has a name again; a wrong pair is refused.
cd "$TMP" || exit
mkdir inc maps
cat > inc/base.seccomp <<'P'
#if STRICT
@uname => ERRNO(EPERM) "who are you";
#endif
P
cat > p.seccomp <<'P'
arch (x86_64);
include "base.seccomp";
macro wx(p) = p & (PROT_WRITE | PROT_EXEC) == (PROT_WRITE | PROT_EXEC);
@mmap(wx(prot)) => ERRNO(EACCES);
default ALLOW();
P
"$EASYSECCOMP" -f bpf -I inc -d STRICT p.seccomp -o p.bpf --source-map p.bpf.map; echo "exit $?"
cat p.bpf.map
grep -c "\"sha256\":\"$(sha256sum < p.bpf | cut -d ' ' -f 1)\"" p.bpf.map
mv p.seccomp inc maps
"$EASYSECCOMP" eval p.bpf 'uname()' 'mmap(0, 1, 7)' 'read()'; echo "exit $?"
"$EASYSECCOMP" explain p.bpf 'mmap(0, 1, 4)'; echo "exit $?"
"$EASYSECCOMP" disasm p.bpf; echo "exit $?"
echo 'default LOG();' | "$EASYSECCOMP" -a x86_64 -f bpf -o q.bpf
"$EASYSECCOMP" eval --source-map p.bpf.map q.bpf 'read()'; echo "exit $?"
mv p.bpf.map maps/map
"$EASYSECCOMP" eval p.bpf 'uname()'; echo "exit $?"
"$EASYSECCOMP" eval --source-map maps/map p.bpf 'uname()'; echo "exit $?"
"$EASYSECCOMP" eval --source-map maps/nothing p.bpf 'uname()'; echo "exit $?"
for edit in 's/"version":1/"version":2/' 's/"rules"/"rule"/' 's/"x86_64"/"x86_65"/' 's/,null/,77/' 's/null,//' '1d'; do
    sed "$edit" maps/map > maps/wrong
    "$EASYSECCOMP" eval --source-map maps/wrong p.bpf 'uname()'; echo "exit $?"
done
echo 'default LOG();' | "$EASYSECCOMP" --source-map x.map; echo "exit $?"
echo '{"defaultAction": "SCMP_ACT_LOG"}' | "$EASYSECCOMP" -f bpf -o x.bpf --source-map x.map; echo "exit $?"
ls
