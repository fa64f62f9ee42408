/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting filters before anything is created. */
#include "runtime-loader/exec/seccomp.h"

#include "base/base64.h"
#include "base/io.h"
#include "compiler/include/easyseccomp.h"
#include "runtime-loader/precompiled/store.h"
#include "runtime-loader/spec/json_path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A filter is there when the process is executed, so it has to let that through. */
static int check_starts(const char *name, const void *code, size_t len, struct error *err)
{
    struct seccomp_data call = {.nr = SYS_execve, .arch = es_native_arch()};
    uint32_t ret = es_run_blob(code, len, &call);

    if (ret_lets_through(ret) || (ret & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF)
        return 0;
    return error_text(err, EINVAL, "%s: the filter denies execve: no program could start", name);
}

/* Would it be a filter on machines of the other byte order? */
static bool is_swapped(struct arena *a, const void *bytes, size_t len)
{
    struct sock_filter *code = arena_copy(a, bytes, len);
    char why[160];
    uint32_t at;

    for (size_t i = 0; i < len / sizeof(*code); i++) {
        code[i].code = __builtin_bswap16(code[i].code);
        code[i].k = __builtin_bswap32(code[i].k);
    }
    return es_check_blob(code, len, &at, why, sizeof(why)) == 0;
}

int seccomp_add_blob(struct arena *a, const char *name, const void *bytes, size_t len,
                     struct seccomp_filters *out, struct error *err)
{
    char why[160];
    uint32_t at = 0;
    int rc = len ? es_check_blob(bytes, len, &at, why, sizeof(why)) : -EINVAL;

    if (!len)
        return error_text(err, EINVAL, "%s: the filter is empty", name);
    if (rc == -E2BIG)
        return error_text(err, EINVAL, "%s: the filter has more than %d instructions", name,
                          BPF_MAXINSNS);
    if (rc < 0 && is_swapped(a, bytes, len))
        return error_text(err, EINVAL, "%s: the filter is of the other byte order", name);
    if (rc < 0)
        return error_text(err, EINVAL, "%s: not a filter: instruction %u: %s", name, at, why);
    if (!es_blob_checks_arch(bytes, len))
        return error_text(
            err, EINVAL,
            "%s: the filter does not look at the architecture: calls of another would "
            "pass by the numbers of this one",
            name);
    rc = check_starts(name, bytes, len, err);
    if (rc < 0)
        return rc;
    VEC_PUSH(a, &out->list,
             ((struct seccomp_filter){.code = arena_copy(a, bytes, len),
                                      .count = (uint16_t)(len / sizeof(struct sock_filter)),
                                      .name = arena_strdup(a, name)}));
    return 0;
}

int seccomp_add_file(struct arena *a, const char *path, struct seccomp_filters *out,
                     struct error *err)
{
    /* One more than there may be, so that it is told as what it is. */
    static const size_t limit = (BPF_MAXINSNS + 1) * sizeof(struct sock_filter);
    /* Without waiting: a FIFO or a device must not hold up the engine that called. */
    CLEANUP_FD
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    CLEANUP_FREE char *bytes = NULL;
    struct stat st;
    size_t len;
    int rc;

    if (fd < 0 || fstat(fd, &st) < 0)
        return error_set(err, errno, "filter '%s'", path);
    if (!S_ISREG(st.st_mode))
        return error_text(err, EINVAL, "filter '%s': not a regular file", path);
    rc = read_all(fd, path, limit, &bytes, &len, err);
    if (rc == 0)
        rc = seccomp_add_blob(a, path, bytes, len, out, err);
    if (rc == 0)
        out->list.at[out->list.count - 1].file = out->list.at[out->list.count - 1].name;
    return rc;
}

/* As crun has it: a compiled filter in base64. */
static int add_annotation(struct arena *a, const char *text, struct seccomp_filters *out,
                          struct error *err)
{
    static const char name[] = "config.json: annotations.run.oci.seccomp_bpf_data";
    size_t len = strlen(text);
    unsigned char *bytes = arena_alloc(a, BASE64_DECODED_SIZE(len) + 1);
    size_t decoded;

    if (!base64_decode(text, len, bytes, &decoded))
        return error_text(err, EINVAL, "%s: not base64", name);
    return seccomp_add_blob(a, name, bytes, decoded, out, err);
}

/* The first error that the compiler has found, with its place as a path. */
static int compile_error(struct arena *a, const char *name, const char *text,
                         struct es_policy *policy, int rc, struct error *err)
{
    size_t count = rc == -EINVAL && policy ? es_diagnostic_count(policy) : 0;

    for (size_t i = 0; i < count; i++) {
        struct es_diagnostic d = es_diagnostic_at(policy, i);

        if (d.severity == ES_ERROR)
            return error_text(err, EINVAL, "%s: %s",
                              json_path_at(a, name, text, d.file ? d.column - 1 : 0), d.message);
    }
    if (rc == -E2BIG)
        return error_text(err, EINVAL, "%s: the filter has more than %d instructions", name,
                          BPF_MAXINSNS);
    return error_set(err, -rc, "%s: compile", name);
}

static int compile(struct arena *a, const char *name, const char *text, struct es_policy *policy,
                   struct seccomp_filters *out, struct error *err)
{
    struct es_blob blob = {0};
    int rc;

    rc = es_compile_bpf(policy, &blob);
    if (rc < 0)
        return compile_error(a, name, text, policy, rc, err);
    rc = check_starts(name, blob.bytes, blob.len, err);
    VEC_PUSH(a, &out->list,
             ((struct seccomp_filter){
                 .code = arena_copy(a, blob.bytes, blob.len),
                 .count = (uint16_t)(blob.len / sizeof(struct sock_filter)),
                 .flags = es_filter_flags(policy),
                 .name = arena_strdup(a, name),
             }));
    es_blob_free(&blob);
    return rc;
}

int seccomp_add_section(struct arena *a, const char *name, const char *text,
                        struct seccomp_filters *out, struct error *err)
{
    struct es_options options = ES_OPTIONS_INIT;
    struct es_policy *policy = NULL;
    int rc;

    options.no_includes = 1;
    rc = es_parse_text(text, strlen(text), name, &options, &policy);
    rc = rc < 0 ? compile_error(a, name, text, policy, rc, err)
                : compile(a, name, text, policy, out, err);
    es_policy_free(policy);
    return rc;
}

static const char section_name[] = "config.json: linux.seccomp";

/* The filter of the section that is on file in a directory; -ENOENT if it has none. key is made
 * when there is a directory to look into. */
static int add_precompiled(struct arena *a, const char *path, const char *text,
                           struct precompiled *key, struct seccomp_filters *out, struct error *err)
{
    struct precompiled found;
    CLEANUP_FD
    int dir = -1;
    int rc = precompiled_open(path, &dir, err);

    if (rc < 0)
        return rc;
    if (!key->compiler)
        precompiled_init(a, text, key);
    rc = precompiled_read(a, dir, key->key, &found, err);
    if (rc == 0)
        rc = seccomp_add_blob(a, path, found.code, found.count * sizeof(*found.code), out, err);
    if (rc == 0) {
        out->list.at[out->list.count - 1].flags = found.flags;
        out->list.at[out->list.count - 1].name = section_name;
    }
    return rc;
}

static int add_known_section(struct arena *a, const char *text,
                             const struct seccomp_sources *sources, warning_list *warnings,
                             struct seccomp_filters *out, struct error *err)
{
    struct precompiled key = {0};

    for (size_t i = 0; i < sources->precompiled.count; i++) {
        struct error why;
        int rc = add_precompiled(a, sources->precompiled.at[i], text, &key, out, &why);

        if (rc == 0)
            return 0;
        if (rc != -ENOENT)
            VEC_PUSH(a, warnings, arena_printf(a, "%s: compiled anew", why.text));
    }
    return seccomp_add_section(a, section_name, text, out, err);
}

int seccomp_collect(struct arena *a, const struct spec *spec, const struct seccomp_sources *sources,
                    warning_list *warnings, struct seccomp_filters *out, struct error *err)
{
    const char *annotation = spec_annotation(spec, "run.oci.seccomp_bpf_data");
    int rc = 0;

    *out = (struct seccomp_filters){0};
    if (spec->os.seccomp)
        rc = add_known_section(a, spec->os.seccomp, sources, warnings, out, err);
    if (rc == 0 && annotation)
        rc = add_annotation(a, annotation, out, err);
    for (size_t i = 0; rc == 0 && i < sources->files.count; i++)
        rc = seccomp_add_file(a, sources->files.at[i], out, err);
    return rc;
}
