/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON profile through podman's resolution, the runtimes' loading and libseccomp. */
#include "tests/differential/oci_libseccomp.h"

#include "base/io.h"
#include "compiler/tables/names.h"

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *get_string(struct json_object *o, const char *key)
{
    struct json_object *value = json_object_object_get(o, key);

    return value ? json_object_get_string(value) : NULL;
}

static uint64_t get_number(struct json_object *o, const char *key, uint64_t otherwise)
{
    struct json_object *value = json_object_object_get(o, key);

    return value ? json_object_get_uint64(value) : otherwise;
}

static const struct arch *by_oci_name(const char *name)
{
    return name ? arch_by_name(name, strlen(name)) : NULL;
}

/* --- resolution: containers/common, pkg/seccomp ------------------------------------------------
 */

static size_t append_arches(struct json_object *names, const struct arch *arches[], size_t count)
{
    size_t n = names ? json_object_array_length(names) : 0;

    for (size_t i = 0; i < n && count < OCI_MAX_ARCHES; i++) {
        const struct arch *a =
            by_oci_name(json_object_get_string(json_object_array_get_idx(names, i)));

        if (a)
            arches[count++] = a;
    }
    return count;
}

size_t oci_arches(struct json_object *profile, const struct arch *native,
                  const struct arch *arches[OCI_MAX_ARCHES])
{
    struct json_object *map = json_object_object_get(profile, "archMap");
    size_t n = map ? json_object_array_length(map) : 0;
    size_t count;

    for (size_t i = 0; i < n; i++) {
        struct json_object *entry = json_object_array_get_idx(map, i);

        arches[0] = by_oci_name(get_string(entry, "architecture"));
        if (arches[0] == native)
            return append_arches(json_object_object_get(entry, "subArchitectures"), arches, 1);
    }
    count = append_arches(json_object_object_get(profile, "architectures"), arches, 0);
    arches[0] = count ? arches[0] : native;
    return count ? count : 1;
}

static bool array_has(struct json_object *array, const char *text)
{
    size_t n = array ? json_object_array_length(array) : 0;

    for (size_t i = 0; i < n; i++) {
        if (text && !strcmp(json_object_get_string(json_object_array_get_idx(array, i)), text))
            return true;
    }
    return false;
}

static bool has_cap(const struct oci_context *o, const char *cap)
{
    for (const char *const *c = o->caps; *c; c++) {
        if (!strcmp(*c, cap))
            return true;
    }
    return false;
}

/* All of the list, or (any) at least one of it. */
static bool has_caps(const struct oci_context *o, struct json_object *caps, bool any)
{
    size_t n = caps ? json_object_array_length(caps) : 0;

    for (size_t i = 0; i < n; i++) {
        if (has_cap(o, json_object_get_string(json_object_array_get_idx(caps, i))) == any)
            return any;
    }
    return !any;
}

/* The names that profiles have for architectures are those of libseccomp's Go bindings: Go's, but
 * for 32-bit x86. */
static const char *profile_name(const struct arch *a)
{
    return !strcmp(a->name, "x86") || !a->docker ? a->name : a->docker;
}

static bool applies(struct json_object *entry, const struct oci_context *o)
{
    struct json_object *includes = json_object_object_get(entry, "includes");
    struct json_object *excludes = json_object_object_get(entry, "excludes");
    const char *name = profile_name(o->native);
    struct json_object *arches;

    if (array_has(json_object_object_get(excludes, "arches"), name) ||
        has_caps(o, json_object_object_get(excludes, "caps"), true))
        return false;
    arches = json_object_object_get(includes, "arches");
    if (arches && json_object_array_length(arches) > 0 && !array_has(arches, name))
        return false;
    return has_caps(o, json_object_object_get(includes, "caps"), false);
}

/* --- loading: as runc (libcontainer/seccomp) and crun (src/libcrun/seccomp.c)
 * ----------------------- */

static bool action_value(const char *name, uint64_t errno_ret, uint32_t *ret)
{
    for (size_t i = 0; name && i < ARRAY_SIZE(action_table); i++) {
        if (!strcmp(action_table[i].oci, name)) {
            *ret = action_table[i].ret;
            if (action_table[i].data != DATA_NONE)
                *ret |= (uint32_t)errno_ret & SECCOMP_RET_DATA;
            return true;
        }
    }
    return false;
}

static bool compare_value(const char *name, enum scmp_compare *op)
{
    static const struct {
        const char *name;
        enum scmp_compare op;
    } ops[] = {
        {"SCMP_CMP_NE", SCMP_CMP_NE},
        {"SCMP_CMP_LT", SCMP_CMP_LT},
        {"SCMP_CMP_LE", SCMP_CMP_LE},
        {"SCMP_CMP_EQ", SCMP_CMP_EQ},
        {"SCMP_CMP_GE", SCMP_CMP_GE},
        {"SCMP_CMP_GT", SCMP_CMP_GT},
        {"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
    };

    for (size_t i = 0; name && i < ARRAY_SIZE(ops); i++) {
        if (!strcmp(ops[i].name, name)) {
            *op = ops[i].op;
            return true;
        }
    }
    return false;
}

struct entry {
    uint32_t action;
    struct scmp_arg_cmp args[6];
    unsigned arg_count;
    bool repeats; /* an index stands twice: the conditions are alternatives */
};

static int read_args(struct json_object *args, struct entry *e, struct error *err)
{
    size_t n = args ? json_object_array_length(args) : 0;
    unsigned seen = 0;

    for (size_t i = 0; i < n && i < ARRAY_SIZE(e->args); i++) {
        struct json_object *o = json_object_array_get_idx(args, i);
        struct scmp_arg_cmp *a = &e->args[e->arg_count++];

        a->arg = (unsigned)get_number(o, "index", 0);
        a->datum_a = get_number(o, "value", 0);
        a->datum_b = get_number(o, "valueTwo", 0);
        if (a->arg > 5 || !compare_value(get_string(o, "op"), &a->op))
            return error_text(err, EINVAL, "a condition that cannot be understood");
        e->repeats |= seen >> a->arg & 1;
        seen |= 1u << a->arg;
    }
    return 0;
}

static int add_rule(scmp_filter_ctx ctx, const struct entry *e, const char *name, struct error *err)
{
    int nr = seccomp_syscall_resolve_name(name);
    unsigned rounds = e->repeats ? e->arg_count : 1;
    int rc = 0;

    if (nr == __NR_SCMP_ERROR)
        return 0; /* the runtimes pass over names that libseccomp does not know */
    for (unsigned i = 0; i < rounds && rc == 0; i++)
        rc = seccomp_rule_add_array(ctx, e->action, nr, e->repeats ? 1 : e->arg_count, &e->args[i]);
    return rc < 0 ? error_set(err, -rc, "adding a rule for '%s'", name) : 0;
}

static int add_entries(scmp_filter_ctx ctx, struct json_object *profile,
                       const struct oci_context *o, uint32_t default_action, struct error *err)
{
    struct json_object *list = json_object_object_get(profile, "syscalls");
    size_t n = json_object_array_length(list);

    for (size_t i = 0; i < n; i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        struct json_object *names = json_object_object_get(item, "names");
        struct entry e = {0};
        int rc;

        if (!applies(item, o))
            continue;
        if (!action_value(get_string(item, "action"), get_number(item, "errnoRet", EPERM),
                          &e.action))
            return error_text(err, EINVAL, "an action that is not known");
        if (e.action == default_action)
            continue;
        rc = read_args(json_object_object_get(item, "args"), &e, err);
        for (size_t j = 0; rc == 0 && j < json_object_array_length(names); j++)
            rc =
                add_rule(ctx, &e, json_object_get_string(json_object_array_get_idx(names, j)), err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int set_arches(scmp_filter_ctx ctx, struct json_object *profile, const struct oci_context *o,
                      struct error *err)
{
    const struct arch *arches[OCI_MAX_ARCHES];
    size_t n = oci_arches(profile, o->native, arches);
    int rc = seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);

    for (size_t i = 0; rc == 0 && i < n; i++) {
        rc = seccomp_arch_add(ctx, seccomp_arch_resolve_name(arches[i]->name));
        if (rc < 0)
            error_set(err, -rc, "adding architecture '%s'", arches[i]->name);
    }
    return rc;
}

/* libseccomp writes in the byte order of the architectures. */
static int read_program(int fd, bool big_endian, struct program *p, struct error *err)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t len;
    int rc;

    if (lseek(fd, 0, SEEK_SET) < 0)
        return error_set(err, errno, "reading the program");
    rc = read_all(fd, "the program", (size_t)1 << 20, &bytes, &len, err);
    if (rc < 0)
        return rc;
    p->count = (uint32_t)(len / sizeof(struct sock_filter));
    p->code = malloc(len);
    if (!p->code)
        return error_set(err, ENOMEM, "reading the program");
    memcpy(p->code, bytes, len);
    for (uint32_t i = 0; big_endian && i < p->count; i++) {
        p->code[i].code = __builtin_bswap16(p->code[i].code);
        p->code[i].k = __builtin_bswap32(p->code[i].k);
    }
    return 0;
}

int oci_libseccomp(struct json_object *profile, const struct oci_context *o,
                   struct program *program, struct error *err)
{
    CLEANUP_FD int fd = memfd_create("filter", MFD_CLOEXEC);
    scmp_filter_ctx ctx;
    uint32_t action;
    int rc;

    if (fd < 0)
        return error_set(err, errno, "memfd_create");
    if (!action_value(get_string(profile, "defaultAction"),
                      get_number(profile, "defaultErrnoRet", EPERM), &action))
        return error_text(err, EINVAL, "a default action that is not known");
    ctx = seccomp_init(action);
    if (!ctx)
        return error_text(err, EINVAL, "seccomp_init failed");
    rc = set_arches(ctx, profile, o, err);
    if (rc == 0)
        rc = add_entries(ctx, profile, o, action, err);
    if (rc == 0) {
        rc = seccomp_export_bpf(ctx, fd);
        if (rc < 0)
            error_set(err, -rc, "seccomp_export_bpf");
    }
    seccomp_release(ctx);
    return rc < 0 ? rc : read_program(fd, o->native->big_endian, program, err);
}

bool oci_libseccomp_knows(const char *name)
{
    return seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;
}
