/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime-loader/notify/handlers.h"

#include "runtime-loader/exec/seccomp.h"
#include "runtime-loader/notify/mknod.h"

#include <errno.h>
#include <linux/filter.h>
#include <signal.h>
#include <string.h>

static int policy_error(const struct es_policy *policy, int rc, const char *name, struct error *err)
{
    for (size_t i = 0; rc == -EINVAL && policy && i < es_diagnostic_count(policy); i++) {
        struct es_diagnostic d = es_diagnostic_at(policy, i);

        if (d.severity == ES_ERROR)
            return error_text(err, EINVAL, "%s:%u:%u: %s", d.file ? d.file : name, d.line, d.column,
                              d.message);
    }
    return error_set(err, -rc, "handlers '%s'", name);
}

static bool is_answer(uint32_t ret)
{
    uint32_t action = ret & SECCOMP_RET_ACTION_FULL;

    return ret_lets_through(ret) || action == SECCOMP_RET_ERRNO ||
           action == SECCOMP_RET_USER_NOTIF || action == SECCOMP_RET_KILL_PROCESS;
}

static int check_actions(const struct es_blob *program, const char *name, struct error *err)
{
    const struct sock_filter *code = (const void *)program->bytes;

    for (size_t i = 0; i < program->len / sizeof(*code); i++)
        if (code[i].code == (BPF_RET | BPF_K) && !is_answer(code[i].k))
            return error_text(err, EINVAL,
                              "%s: an action that is no answer: ALLOW, LOG, ERRNO, NOTIFY and "
                              "KILL_PROCESS are",
                              name);
    return 0;
}

int handlers_read(struct handlers *out, const char *source, struct error *err)
{
    bool is_file = source[0] == '/';
    const char *name = is_file ? source : "handlers";
    struct es_options options = ES_OPTIONS_INIT;
    struct es_policy *policy = NULL;
    int rc;

    options.no_includes = !is_file;
    rc = is_file ? es_parse_file(source, &options, &policy)
                 : es_parse_text(source, strlen(source), name, &options, &policy);
    if (rc == 0)
        rc = es_compile_bpf(policy, &out->program);
    if (rc < 0)
        rc = policy_error(policy, rc, name, err);
    es_policy_free(policy);
    return rc < 0 ? rc : check_actions(&out->program, name, err);
}

void handlers_release(struct handlers *h)
{
    es_blob_free(&h->program);
}

void handlers_answer(const struct handlers *h, struct notified *n)
{
    uint32_t ret = es_run_blob(h->program.bytes, h->program.len, &n->call->data);
    uint32_t action = ret & SECCOMP_RET_ACTION_FULL;

    if (ret_lets_through(ret)) {
        answer_continue(n);
    } else if (action == SECCOMP_RET_ERRNO) {
        answer_errno(n, (int)(ret & SECCOMP_RET_DATA));
    } else if (action == SECCOMP_RET_USER_NOTIF) {
        mknod_answer(n);
    } else {
        if (still_waits(n))
            kill((pid_t)n->call->pid, SIGKILL);
        answer_errno(n, EPERM);
    }
}
