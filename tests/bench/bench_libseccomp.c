/* SPDX-License-Identifier: Apache-2.0 */
/* The peer: libseccomp driven as the container runtimes drive it. */
#include "tests/bench/bench.h"

#include <json-c/json.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct json_object *member(struct json_object *o, const char *name)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(o, name, &value);
    return value;
}

static uint32_t action_of(struct json_object *o, const char *action, const char *errno_ret)
{
    const char *name = json_object_get_string(member(o, action));
    struct json_object *value = member(o, errno_ret);

    if (!strcmp(name, "SCMP_ACT_ALLOW"))
        return SCMP_ACT_ALLOW;
    return SCMP_ACT_ERRNO(value ? json_object_get_int(value) : 1);
}

static enum scmp_compare operator_of(const char *name)
{
    static const char *const names[] = {"", "NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"};

    for (unsigned i = 1; i < sizeof(names) / sizeof(*names); i++)
        if (!strcmp(name + strlen("SCMP_CMP_"), names[i]))
            return (enum scmp_compare)i;
    abort();
}

static unsigned args_of(struct json_object *entry, struct scmp_arg_cmp *args)
{
    struct json_object *list = member(entry, "args");
    unsigned count = list ? (unsigned)json_object_array_length(list) : 0;

    for (unsigned i = 0; i < count; i++) {
        struct json_object *a = json_object_array_get_idx(list, i);

        args[i].arg = (unsigned)json_object_get_int(member(a, "index"));
        args[i].op = operator_of(json_object_get_string(member(a, "op")));
        args[i].datum_a = (scmp_datum_t)json_object_get_uint64(member(a, "value"));
        args[i].datum_b = (scmp_datum_t)json_object_get_uint64(member(a, "valueTwo"));
    }
    return count;
}

static bool add_entry(scmp_filter_ctx ctx, struct json_object *entry, uint32_t otherwise)
{
    uint32_t action = action_of(entry, "action", "errnoRet");
    struct json_object *names = member(entry, "names");
    struct scmp_arg_cmp args[6];
    unsigned arg_count = args_of(entry, args);

    for (size_t i = 0; i < json_object_array_length(names) && action != otherwise; i++) {
        int nr = seccomp_syscall_resolve_name(
            json_object_get_string(json_object_array_get_idx(names, i)));

        if (nr != __NR_SCMP_ERROR && seccomp_rule_add_array(ctx, action, nr, arg_count, args) < 0)
            return false;
    }
    return true;
}

/* "SCMP_ARCH_X86_64" to libseccomp's "x86_64" */
static uint32_t arch_token(const char *name)
{
    char lower[32] = "";

    name += strlen("SCMP_ARCH_");
    for (size_t i = 0; i < sizeof(lower) - 1 && name[i]; i++)
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
    return seccomp_arch_resolve_name(lower);
}

static bool fill(scmp_filter_ctx ctx, struct json_object *profile, unsigned optimize,
                 uint32_t otherwise)
{
    struct json_object *archs = member(profile, "architectures");
    struct json_object *entries = member(profile, "syscalls");

    if (seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, optimize) < 0)
        return false;
    for (size_t i = 0; i < json_object_array_length(archs); i++) {
        uint32_t token = arch_token(json_object_get_string(json_object_array_get_idx(archs, i)));

        if (seccomp_arch_exist(ctx, token) < 0 && seccomp_arch_add(ctx, token) < 0)
            return false;
    }
    for (size_t i = 0; i < json_object_array_length(entries); i++)
        if (!add_entry(ctx, json_object_array_get_idx(entries, i), otherwise))
            return false;
    return true;
}

static bool export(scmp_filter_ctx ctx, struct program *out)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    struct stat st;
    bool done = fd >= 0 && seccomp_export_bpf(ctx, fd) == 0 && fstat(fd, &st) == 0;

    if (done) {
        out->code = malloc((size_t)st.st_size);
        out->count = (uint32_t)((size_t)st.st_size / sizeof(*out->code));
        done = out->code && pread(fd, out->code, (size_t)st.st_size, 0) == st.st_size;
    }
    if (fd >= 0)
        close(fd);
    return done;
}

bool libseccomp_build(const char *json, unsigned optimize, struct program *out)
{
    struct json_object *profile = json_tokener_parse(json);
    uint32_t otherwise = action_of(profile, "defaultAction", "defaultErrnoRet");
    scmp_filter_ctx ctx = seccomp_init(otherwise);
    bool done = ctx && fill(ctx, profile, optimize, otherwise) && export(ctx, out);

    seccomp_release(ctx);
    json_object_put(profile);
    return done;
}
