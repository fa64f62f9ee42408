/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confine: libeasyseccomp in a program of one's own. Compiles a policy, confines itself by it and
 * executes a command.
 *
 *     cc confine.c $(pkg-config --cflags --libs easyseccomp) -o confine
 *     ./confine no-network.seccomp ls -l
 */
#include <easyseccomp.h>

#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The policy as a filter; without diagnostics there is no error but memory. */
static int compile(const char *path, struct es_blob *blob, uint32_t *flags)
{
    struct es_options options = ES_OPTIONS_INIT;
    struct es_policy *policy = NULL;
    int ret = es_parse_file(path, &options, &policy);

    if (ret == 0)
        ret = es_compile_bpf(policy, blob);
    if (policy) {
        fputs(es_diagnostics_text(policy), stderr);
        *flags = es_filter_flags(policy);
    }
    es_policy_free(policy);
    return ret;
}

static int load(const struct es_blob *blob, uint32_t flags)
{
    struct sock_fprog program = {
        .len = (unsigned short)(blob->len / sizeof(struct sock_filter)),
        .filter = (struct sock_filter *)(void *)blob->bytes,
    };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -errno;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) < 0 ? -errno : 0;
}

int main(int argc, char **argv)
{
    struct es_blob blob = {0};
    uint32_t flags = 0;
    int ret;

    if (argc < 3) {
        fprintf(stderr, "usage: %s POLICY COMMAND...\n", argv[0]);
        return 2;
    }
    ret = compile(argv[1], &blob, &flags);
    if (ret == 0)
        ret = load(&blob, flags);
    es_blob_free(&blob);
    if (ret < 0) {
        fprintf(stderr, "%s: %s: %s\n", argv[0], argv[1], strerror(-ret));
        return 1;
    }
    execvp(argv[2], argv + 2);
    fprintf(stderr, "%s: cannot execute '%s': %s\n", argv[0], argv[2], strerror(errno));
    return 127;
}
