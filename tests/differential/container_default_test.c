/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profiles/container-default.seccomp against the JSON that it says it means, as podman resolves it
 * and libseccomp compiles it: the same verdict for every number, on every architecture of the file,
 * under sets of capabilities, for the boundary values of all arguments that the JSON looks at.
 *
 * Where they differ on purpose, the difference is a row of `differences`: with the calls that it
 * is about, both verdicts, and why. A difference without a row fails, and so does a row without
 * its difference.
 */
#include "base/io.h"
#include "compiler/cbpf/run.h"
#include "compiler/sema/eval.h"
#include "tests/differential/compile_text.h"
#include "tests/differential/oci_libseccomp.h"
#include "tests/lib/tap.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define RET_EPERM  (SECCOMP_RET_ERRNO | EPERM)
#define RET_EINVAL (SECCOMP_RET_ERRNO | EINVAL)
#define RET_ENOSYS (SECCOMP_RET_ERRNO | ENOSYS)
#define RET_ALLOW  SECCOMP_RET_ALLOW

/* --- differences
 * ------------------------------------------------------------------------------------ */

enum profile { DEBIAN, LATER };

struct difference {
    enum profile profile;
    const char *native; /* machine; NULL: every */
    const char *arch;   /* of the call; NULL: every */
    const char *call;
    const char *without; /* only where the container has not this capability; NULL: always */
    bool (*about)(const struct seccomp_data *d); /* NULL: whatever the arguments */
    uint32_t ours, theirs;
    const char *why;
};

static bool wide(const struct seccomp_data *d, unsigned arg)
{
    return d->args[arg] >> 32 != 0;
}

static bool is_int(const struct seccomp_data *d, unsigned arg, uint32_t value)
{
    return (uint32_t)d->args[arg] == value;
}

static bool wide_audit_socket(const struct seccomp_data *d)
{
    return is_int(d, 0, AF_NETLINK) && is_int(d, 2, NETLINK_AUDIT) && (wide(d, 0) || wide(d, 2));
}

static const struct difference differences[] = {
    {DEBIAN, NULL, NULL, "socket", "CAP_AUDIT_WRITE", wide_audit_socket, RET_EINVAL, RET_ALLOW,
     "family and protocol are int: the JSON's 64-bit comparison can be evaded"},
};

/* --- one comparison
 * ----------------------------------------------------------------------------------- */

struct comparison {
    struct tap *tap;
    enum profile profile;
    struct json_object *json;
    struct oci_context context;
    struct compiled ours;
    struct program theirs;
    unsigned calls, faults;
    unsigned *seen; /* per row of differences */
};

#define MAX_FAULTS_SHOWN 20

static bool lacks(const struct comparison *c, const char *cap)
{
    for (const char *const *has = c->context.caps; *has; has++) {
        if (!strcmp(*has, cap))
            return false;
    }
    return true;
}

static const struct difference *find_difference(const struct comparison *c, const char *arch,
                                                const char *call, const struct seccomp_data *d)
{
    for (size_t i = 0; call && i < ARRAY_SIZE(differences); i++) {
        const struct difference *row = &differences[i];

        if (row->profile == c->profile && !strcmp(row->call, call) &&
            (!row->native || !strcmp(row->native, c->context.native->name)) &&
            (!row->arch || !strcmp(row->arch, arch)) && (!row->without || lacks(c, row->without)) &&
            (!row->about || row->about(d)))
            return row;
    }
    return NULL;
}

static void compare_call(struct comparison *c, const struct arch *arch,
                         const struct seccomp_data *d)
{
    const struct syscall_info *info = syscall_by_number(arch, (uint32_t)d->nr);
    const struct difference *row = find_difference(c, arch->name, info ? info->name : NULL, d);
    uint32_t ours = run_program(c->ours.program, d, c->ours.big_endian).ret;
    uint32_t theirs = run_program(&c->theirs, d, c->ours.big_endian).ret;
    uint32_t meant = eval_policy(c->ours.policy, d).ret;
    char text[3][40];

    c->calls++;
    if (row)
        c->seen[row - differences]++;
    if (ours == meant && (row ? ours == row->ours && theirs == row->theirs : ours == theirs))
        return;
    if (c->faults++ < MAX_FAULTS_SHOWN)
        tap_note("%s %s (%d, %#x) %#llx %#llx %#llx"
                 ": policy %s, program %s, libseccomp %s%s%s",
                 arch->name, info ? info->name : "?", d->nr, (unsigned)d->nr, d->args[0],
                 d->args[1], d->args[2], ret_text(meant, text[0]), ret_text(ours, text[1]),
                 ret_text(theirs, text[2]), row ? ", but explained as: " : "", row ? row->why : "");
}

/* --- which calls
 * -------------------------------------------------------------------------------------- */

#define MAX_VALUES 128

struct values {
    uint64_t at[MAX_VALUES];
    size_t count;
};

static void add_value(struct values *v, uint64_t value)
{
    for (size_t i = 0; i < v->count; i++) {
        if (v->at[i] == value)
            return;
    }
    if (v->count < MAX_VALUES)
        v->at[v->count++] = value;
}

/* What the JSON compares argument arg of the call with, the neighbours, and all that with bits
 * in the high half. */
static struct values boundaries(struct json_object *json, const char *call, unsigned arg)
{
    struct json_object *list = json_object_object_get(json, "syscalls");
    struct values v = {.at = {0, UINT32_MAX, UINT64_MAX}, .count = 3};

    for (size_t i = 0; call && i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        struct json_object *names = json_object_object_get(item, "names");
        struct json_object *args = json_object_object_get(item, "args");
        bool named = false;

        for (size_t j = 0; j < json_object_array_length(names); j++)
            named |= !strcmp(json_object_get_string(json_object_array_get_idx(names, j)), call);
        for (size_t j = 0; named && args && j < json_object_array_length(args); j++) {
            struct json_object *o = json_object_array_get_idx(args, j);
            uint64_t value = json_object_get_uint64(json_object_object_get(o, "value"));

            if (json_object_get_uint64(json_object_object_get(o, "index")) != arg)
                continue;
            for (int near = -1; near <= 1; near++) {
                add_value(&v, value + (uint64_t)near);
                add_value(&v, UINT64_C(1) << 32 | (value + (uint64_t)near));
                add_value(&v, UINT64_C(0xffffffff) << 32 | (value + (uint64_t)near));
            }
        }
    }
    return v;
}

/* Every combination of the boundaries of the first three arguments. */
static void compare_number(struct comparison *c, const struct arch *arch, uint32_t nr)
{
    const struct syscall_info *info = syscall_by_number(arch, nr);
    struct seccomp_data d = {.nr = (int)nr, .arch = arch->audit};
    struct values v[3];

    for (unsigned i = 0; i < 3; i++)
        v[i] = boundaries(c->json, info ? info->name : NULL, i);
    for (size_t i = 0; i < v[0].count; i++) {
        for (size_t j = 0; j < v[1].count; j++) {
            for (size_t k = 0; k < v[2].count; k++) {
                d.args[0] = v[0].at[i];
                d.args[1] = v[1].at[j];
                d.args[2] = v[2].at[k];
                compare_call(c, arch, &d);
            }
        }
    }
}

static void compare_arch(struct comparison *c, const struct arch *arch)
{
    static const uint32_t far[] = {0xf0001, 0xf0002, 0xf0003, 0xf0005, 0xf0006, 0x3fffffff};

    for (uint32_t nr = 0; nr <= 600; nr++)
        compare_number(c, arch, arch->nr_base + nr);
    for (size_t i = 0; i < ARRAY_SIZE(far); i++)
        compare_number(c, arch, arch->nr_base + far[i]);
}

/* --- the comparisons
 * ------------------------------------------------------------------------------------ */

static const char *const podman_caps[] = {
    "CAP_CHOWN",   "CAP_DAC_OVERRIDE",     "CAP_FOWNER",     "CAP_FSETID",
    "CAP_KILL",    "CAP_NET_BIND_SERVICE", "CAP_SETFCAP",    "CAP_SETGID",
    "CAP_SETPCAP", "CAP_SETUID",           "CAP_SYS_CHROOT", NULL,
};

static void join_arches(const struct arch *const arches[], size_t count, char *text, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "," : "", arches[i]->name);
}

static void compare(struct comparison *c, const char *native, const char *const *caps,
                    const char *caps_name)
{
    const char *top = getenv("top_srcdir");
    const struct arch *arches[OCI_MAX_ARCHES];
    struct error err = {0};
    char targets[100], path[1000];
    size_t n;

    c->context = (struct oci_context){arch_by_name(native, strlen(native)), caps};
    n = oci_arches(c->json, c->context.native, arches);
    join_arches(arches, n, targets, sizeof(targets));
    snprintf(path, sizeof(path), "%s/profiles/container-default.seccomp", top ? top : ".");
    c->calls = c->faults = 0;
    c->theirs = (struct program){0};
    if (!compile_path(&c->ours, path, targets, caps))
        c->faults++;
    else if (oci_libseccomp(c->json, &c->context, &c->theirs, &err) < 0) {
        tap_note("%s", err.text);
        c->faults++;
    } else {
        for (enum arch_id id = 0; id < ARCH_COUNT; id++)
            compare_arch(c, &arch_table[id]);
    }
    tap_case(c->tap, c->faults == 0, "%s, %s: %u calls, %u not as they should be", targets,
             caps_name, c->calls, c->faults);
    free(c->theirs.code);
    compiled_release(&c->ours);
}

static struct json_object *load(const char *name)
{
    const char *top = getenv("top_srcdir");
    char path[1000];

    snprintf(path, sizeof(path), "%s/tests/data/%s", top ? top : ".", name);
    return json_object_from_file(path);
}

int main(void)
{
    unsigned seen[ARRAY_SIZE(differences)] = {0};
    static const char *const none[] = {NULL};
    struct tap tap = {0};
    struct comparison c = {.tap = &tap, .seen = seen};

    c.json = load("container-default.debian12.json");
    compare(&c, "x86_64", podman_caps, "podman's capabilities");
    compare(&c, "x86_64", none, "no capability");
    for (const char *const *a =
             (const char *const[]){"x86", "aarch64", "arm", "mips64", "mips64n32", "mipsel64",
                                   "mipsel64n32", "s390x", "ppc64le", "riscv64", NULL};
         *a; a++)
        compare(&c, *a, podman_caps, "podman's capabilities");
    c.profile = LATER;
    c.json = load("container-default.x86_64.json");
    compare(&c, "x86_64", podman_caps, "podman's capabilities");
    return tap_end(&tap);
}
