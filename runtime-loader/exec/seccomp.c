/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting filters before anything is created, and loading them last. */
#include "runtime-loader/exec/seccomp.h"

#include "runtime-loader/exec/executor.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int add_blob(struct arena *a, const char *name, const void *bytes, size_t len,
                    struct seccomp_filters *out, struct error *err)
{
    const struct sock_filter *code;

    if (len == 0 || len % sizeof(*code) || len / sizeof(*code) > BPF_MAXINSNS)
        return error_text(err, EINVAL, "%s: %zu bytes are not 1 to %d instructions", name, len,
                          BPF_MAXINSNS);
    code = arena_copy(a, bytes, len);
    out->list.at[out->list.count++] =
        (struct seccomp_filter){.code = code, .count = (uint16_t)(len / sizeof(*code))};
    return 0;
}

static int add_file(struct arena *a, const char *path, struct seccomp_filters *out,
                    struct error *err)
{
    char *bytes = NULL;
    size_t len;
    int rc = read_file(path, BPF_MAXINSNS * sizeof(struct sock_filter), &bytes, &len, err);

    if (rc < 0)
        return rc;
    rc = add_blob(a, path, bytes, len, out, err);
    cleanup_free(&bytes);
    return rc;
}

int seccomp_collect(struct arena *a, const struct spec *spec, const string_list *files,
                    struct seccomp_filters *out, struct error *err)
{
    int rc = 0;

    *out = (struct seccomp_filters){0};
    out->list.at = ARENA_ARRAY(a, struct seccomp_filter, files->count + 2);
    if (spec->os.seccomp)
        return error_text(err, ENOTSUP,
                          "config.json: linux.seccomp: this build has no seccomp compiler");
    if (spec_annotation(spec, "run.oci.seccomp_bpf_data"))
        return error_text(err, ENOTSUP,
                          "config.json: annotations.run.oci.seccomp_bpf_data: not supported");
    for (size_t i = 0; rc == 0 && i < files->count; i++)
        rc = add_file(a, files->at[i], out, err);
    return rc;
}

int step_filter(struct executor *x, const struct step *s, struct error *err)
{
    (void)s;
    for (size_t i = 0; i < x->filters->list.count; i++) {
        const struct seccomp_filter *f = &x->filters->list.at[i];
        struct sock_fprog program = {f->count, (struct sock_filter *)(uintptr_t)f->code};

        if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, f->flags, &program) < 0)
            return error_set(err, errno, "load seccomp filter %zu", i);
    }
    return 0;
}
