# SPDX-License-Identifier: Apache-2.0
# more values than a filter has room for
awk 'BEGIN {
    print "{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86_64\"], \"syscalls\": ["
    print "{ \"names\": [\"execve\", \"exit_group\", \"rt_sigreturn\"], \"action\": \"SCMP_ACT_ALLOW\" }"
    for (i = 1; i < 3000; i++)
        printf ", { \"names\": [\"lseek\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": [{ \"index\": 1, \"value\": %d, \"op\": \"SCMP_CMP_EQ\" }, { \"index\": 2, \"value\": %d, \"op\": \"SCMP_CMP_EQ\" }] }\n", i * 7919 % 65536, i % 5
    print "]}"
}' > "$TMP/large.json"
"$EASYSECCOMP" lint -a x86_64 -Wno-int-width "$TMP/large.json" | sed -n 's/has [0-9]*/has N/; /\[/{/^ /!p;}'
