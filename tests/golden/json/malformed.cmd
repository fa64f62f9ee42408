# SPDX-License-Identifier: Apache-2.0
# JSON that is none, or no profile: an error with its place, in bounded time and memory.
# a sanitizer takes addresses without bound
bounded() { ulimit -v 1000000 && "$EASYSECCOMP" --version || return 1; }
(bounded || exit 1) > /dev/null 2>&1 && ulimit -v 1000000
try() {
    printf '%s\n' "--- $1" >&2
    shift
    "$@" | timeout 60 "$EASYSECCOMP" -f bpf - > /dev/null
    status=$?; test $status = 1 || echo "exit $status"
}
long() { # BEFORE CHARACTER COUNT AFTER
    printf '%s' "$1"; head -c "$3" /dev/zero | tr '\0' "$2"; printf '%s' "$4"
}
entry() { printf '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [%s]}' "$1"; }
args() { entry '{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": ['"$1"']}'; }

try 'truncated in a string' printf '{"defaultAction": "SCMP_'
try 'truncated in an object' printf '{"defaultAction": "SCMP_ACT_ALLOW",'
try 'truncated in an array' printf '{"syscalls": [{"names": ["read"'
try 'truncated in a number' printf '{"defaultErrnoRet": -'
try 'truncated in an escape' printf '{"a": "\\u00'
try 'more behind' printf '{"defaultAction": "SCMP_ACT_ALLOW"} {'
try 'deep arrays' long '{"a": ' '[' 100000 ''
try 'deep objects' sh -c 'i=0; while [ $i -lt 100 ]; do printf "{\"a\":"; i=$((i + 1)); done'
try 'the same member twice' printf '{"defaultAction": "SCMP_ACT_ALLOW", "defaultAction": "SCMP_ACT_ERRNO"}'
try 'no UTF-8' printf '{"\377": 1}'
try 'a zero byte' printf '{"defaultAction": "\0"}'
try 'half a pair' printf '{"a": "\\ud800"}'
try 'a comment' printf '{ // no\n}'
try 'a word' printf '{"a": nil}'
try 'a number with a zero before' printf '{"defaultErrnoRet": 01}'
try 'entries that are no array' printf '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": {}}'
try 'an entry that is no object' entry '"read"'
try 'names that are no array' entry '{"names": "read", "action": "SCMP_ACT_ALLOW"}'
try 'a name that is no string' entry '{"names": [1], "action": "SCMP_ACT_ALLOW"}'
try 'an action that is no string' entry '{"names": ["read"], "action": 1}'
try 'no action' entry '{"names": ["read"]}'
try 'arguments that are no array' entry '{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": 1}'
try 'an index over 5' args '{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}'
try 'a value over 64 bits' args '{"index": 0, "value": 18446744073709551616, "op": "SCMP_CMP_EQ"}'
try 'a negative value' args '{"index": 0, "value": -1, "op": "SCMP_CMP_EQ"}'
try 'a fraction' args '{"index": 0.5, "value": 1, "op": "SCMP_CMP_EQ"}'
try 'an exponent' args '{"index": 0, "value": 1e400, "op": "SCMP_CMP_EQ"}'
try 'no comparison' args '{"index": 0, "value": 1, "op": "EQ"}'
try 'a number of 100,000 digits' long '{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": ' 9 100000 '}'
try '100 MB in a string' long '{"defaultAction": "' x 104857600 '"}'
try '100 MB of values' long '{"a": [1' , 104857600 ''
try '2,000,000 values' sh -c 'printf "{\"a\": ["; yes "1," | head -n 2000000; printf "1]}"'
