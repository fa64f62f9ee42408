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
#include "compiler/cbpf/run.h"
#include "compiler/sema/eval.h"
#include "compiler/tables/names.h"
#include "tests/differential/compile_text.h"
#include "tests/differential/oci_runtime.h"
#include "tests/differential/podman_profile.h"
#include "tests/lib/tap.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
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
    const char *native;  /* the machine; NULL: every */
    const char *call;    /* where libseccomp does not know it, there is no difference */
    const char *without; /* only where the container has not this capability; NULL: always */
    bool (*about)(const struct seccomp_data *d); /* NULL: whatever the arguments */
    uint32_t ours, theirs;
    const char *why;
};

/* libseccomp compares 64 bits; on 32-bit architectures, and on x32 and n32, the low 32. */
static bool is_wide(const struct seccomp_data *d, unsigned arg)
{
    bool halves = d->arch == AUDIT_ARCH_MIPS64N32 || d->arch == AUDIT_ARCH_MIPSEL64N32 ||
                  (d->arch == AUDIT_ARCH_X86_64 && (uint32_t)d->nr & X32_BIT);

    return d->arch & __AUDIT_ARCH_64BIT && !halves && d->args[arg] >> 32 != 0;
}

static bool is_int(const struct seccomp_data *d, unsigned arg, uint32_t value)
{
    return (uint32_t)d->args[arg] == value;
}

static bool wide_audit_socket(const struct seccomp_data *d)
{
    return is_int(d, 0, AF_NETLINK) && is_int(d, 2, NETLINK_AUDIT) &&
           (is_wide(d, 0) || is_wide(d, 2));
}

static bool wide_domain(const struct seccomp_data *d)
{
    return is_wide(d, 0) &&
           (is_int(d, 0, PER_LINUX) || is_int(d, 0, PER_LINUX32) || is_int(d, 0, UNAME26) ||
            is_int(d, 0, UNAME26 | PER_LINUX32) || is_int(d, 0, UINT32_MAX));
}

static bool vsock(const struct seccomp_data *d)
{
    return d->args[0] == AF_VSOCK;
}

#define WIDE_SOCKET                                                                                \
    "family and protocol are int: with a bit set above, the JSON lets an audit socket through"
#define WIDE_DOMAIN                                                                                \
    "the argument is an unsigned int: the JSON refuses personality(-1L), a mere question"
#define LATER_LIST "not in Debian 12's list"

static const struct difference differences[] = {
    {DEBIAN, NULL, "socket", "CAP_AUDIT_WRITE", wide_audit_socket, RET_EINVAL, RET_ALLOW,
     WIDE_SOCKET},
    {DEBIAN, NULL, "personality", NULL, wide_domain, RET_ALLOW, RET_ENOSYS, WIDE_DOMAIN},
    {DEBIAN, "x86", "arch_prctl", NULL, NULL, RET_ALLOW, RET_ENOSYS,
     "the JSON asks for the machine, where the policy asks for the architecture of the call"},

    {LATER, NULL, "socket", NULL, wide_audit_socket, RET_EINVAL, RET_ALLOW, WIDE_SOCKET},
    {LATER, NULL, "personality", NULL, wide_domain, RET_ALLOW, RET_ENOSYS, WIDE_DOMAIN},
    {LATER, NULL, "socket", NULL, vsock, RET_ALLOW, RET_EPERM,
     "later releases keep containers from the sockets of virtual machines"},
    {LATER, NULL, "fanotify_init", NULL, NULL, RET_EPERM, RET_ALLOW,
     "later releases allow it, since Linux 5.13 lets users have it"},
    {LATER, NULL, "quotactl_fd", NULL, NULL, RET_ENOSYS, RET_EPERM, LATER_LIST},
    {LATER, NULL, "cachestat", NULL, NULL, RET_ENOSYS, RET_EPERM, LATER_LIST},
    {LATER, NULL, "map_shadow_stack", NULL, NULL, RET_ENOSYS, RET_EPERM, LATER_LIST},
    {LATER, NULL, "fchmodat2", NULL, NULL, RET_ENOSYS, RET_ALLOW, LATER_LIST},
    {LATER, NULL, "futex_waitv", NULL, NULL, RET_ENOSYS, RET_ALLOW, LATER_LIST},
    {LATER, NULL, "futex_wake", NULL, NULL, RET_ENOSYS, RET_ALLOW, LATER_LIST},
    {LATER, NULL, "futex_wait", NULL, NULL, RET_ENOSYS, RET_ALLOW, LATER_LIST},
    {LATER, NULL, "futex_requeue", NULL, NULL, RET_ENOSYS, RET_ALLOW, LATER_LIST},
};

/* --- one comparison
 * ----------------------------------------------------------------------------------- */

struct comparison {
    struct tap *tap;
    enum profile profile;
    struct json_object *json;
    enum runtime runtime;
    struct podman_context context;
    struct compiled ours;
    struct program theirs;
    unsigned calls, faults;
    unsigned *seen; /* per row of differences */
};

#define MAX_FAULTS_SHOWN 10

static bool lacks(const struct comparison *c, const char *cap)
{
    for (const char *const *has = c->context.caps; *has; has++) {
        if (!strcmp(*has, cap))
            return false;
    }
    return true;
}

static bool libseccomp_knows(const char *call)
{
    return seccomp_syscall_resolve_name(call) != __NR_SCMP_ERROR;
}

static const struct difference *find_difference(const struct comparison *c, const char *call,
                                                const struct seccomp_data *d)
{
    if (!call || !policy_target(c->ours.policy, d->arch, (uint32_t)d->nr))
        return NULL;
    for (size_t i = 0; i < ARRAY_SIZE(differences); i++) {
        const struct difference *row = &differences[i];

        if (row->profile == c->profile && !strcmp(row->call, call) &&
            (!row->native || !strcmp(row->native, c->context.native->name)) &&
            (!row->without || lacks(c, row->without)) && (!row->about || row->about(d)) &&
            libseccomp_knows(call))
            return row;
    }
    return NULL;
}

/* The rows' numbers are this machine's; MIPS has another for ENOSYS. */
static uint32_t on_machine(const struct comparison *c, uint32_t ret)
{
    uint16_t value;

    if (ret == RET_ENOSYS && errno_value("ENOSYS", 6, c->context.native, &value))
        return SECCOMP_RET_ERRNO | value;
    return ret;
}

static bool as_it_should_be(const struct comparison *c, const struct difference *row, uint32_t ours,
                            uint32_t theirs)
{
    if (!row)
        return ours == theirs;
    return ours == on_machine(c, row->ours) && theirs == on_machine(c, row->theirs);
}

static void compare_call(struct comparison *c, const struct arch *arch,
                         const struct seccomp_data *d)
{
    const struct syscall_info *info = syscall_by_number(arch, (uint32_t)d->nr);
    const struct difference *row = find_difference(c, info ? info->name : NULL, d);
    uint32_t ours = run_program(c->ours.program, d, c->ours.big_endian).ret;
    uint32_t theirs = run_program(&c->theirs, d, c->ours.big_endian).ret;
    uint32_t meant = eval_policy(c->ours.policy, d).ret;
    char text[3][40];

    c->calls++;
    if (row)
        c->seen[row - differences]++;
    if (ours == meant && as_it_should_be(c, row, ours, theirs))
        return;
    if (c->faults++ < MAX_FAULTS_SHOWN)
        tap_note("%s %s (%u) %#llx %#llx %#llx: policy %s, program %s, libseccomp %s%s%s",
                 arch->name, info ? info->name : "?", (unsigned)d->nr, d->args[0], d->args[1],
                 d->args[2], ret_text(meant, text[0]), ret_text(ours, text[1]),
                 ret_text(theirs, text[2]), row ? ", but said to differ: " : "",
                 row ? row->why : "");
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

/* All numbers of a target; for other architectures that they are not let through. */
static void compare_arch(struct comparison *c, const struct arch *arch)
{
    /* arm's own calls, and numbers that nothing has */
    static const uint32_t far[] = {0xf0001, 0xf0002, 0xf0003, 0xf0004,
                                   0xf0005, 0xf0006, 0x10000, 0x3fffffff};
    struct seccomp_data foreign = {.arch = arch->audit};

    for (uint32_t nr = 0; nr <= 600; nr++) {
        foreign.nr = (int)(arch->nr_base + nr);
        if (policy_target(c->ours.policy, arch->audit, arch->nr_base + nr))
            compare_number(c, arch, arch->nr_base + nr);
        else
            compare_call(c, arch, &foreign);
    }
    for (size_t i = 0; i < ARRAY_SIZE(far); i++)
        compare_number(c, arch, arch->nr_base + far[i]);
}

/* --- the comparisons
 * ------------------------------------------------------------------------------------ */

static const char *data_path(const char *name, char path[static 1000])
{
    const char *top = getenv("top_srcdir");

    snprintf(path, 1000, "%s/%s", top ? top : ".", name);
    return path;
}

/* "x86_64,x86,x32" */
static void targets_of(struct json_object *oci, char *text, size_t size)
{
    struct json_object *names = json_object_object_get(oci, "architectures");
    size_t used = 0;

    for (size_t i = 0; i < json_object_array_length(names); i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(names, i));

        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "," : "", name);
    }
}

static bool is_action(uint32_t ret)
{
    const struct action_info *action = action_of_ret(ret);

    return (ret & SECCOMP_RET_ACTION_FULL) == action->ret &&
           (action->data != DATA_NONE || !(ret & SECCOMP_RET_DATA));
}

struct bytes {
    struct comparison *c;
    unsigned char *at;
    size_t len;
};

/*
 * In a program for the other byte order libseccomp (2.5.4) leaves the value of those returns that
 * it repeats within reach of a jump in the host's. No container sees that, as its filter is made on
 * the machine that it is for; so it is made good here.
 */
static int read_program(void *ctx)
{
    struct bytes *b = ctx;
    struct comparison *c = b->c;

    program_from_bytes(&c->ours.compile.arena, b->at, b->len, c->ours.big_endian, &c->theirs);
    for (uint32_t i = 0; i < c->theirs.count; i++) {
        struct sock_filter *f = &c->theirs.code[i];

        if (f->code == (BPF_RET | BPF_K) && !is_action(f->k))
            f->k = __builtin_bswap32(f->k);
    }
    return 0;
}

static bool load_theirs(struct comparison *c, struct json_object *oci)
{
    struct runtime_options options = {
        .runtime = c->runtime, .optimize = 1, .seconds = 60, .elsewhere = true};
    struct bytes b = {.c = c};
    char why[200];
    bool ok;

    if (runtime_load(json_object_to_json_string(oci), &options, &b.at, &b.len, why) !=
        RUNTIME_LOADED) {
        tap_note("libseccomp: %s", why);
        return false;
    }
    ok = arena_run(&c->ours.compile.arena, read_program, &b) == 0;
    free(b.at);
    return ok;
}

static void compare(struct comparison *c, const char *native, const char *const *caps,
                    const char *caps_name)
{
    struct json_object *oci;
    char targets[100], path[1000];

    c->context = (struct podman_context){arch_by_name(native, strlen(native)), caps};
    oci = podman_resolve(c->json, &c->context);
    targets_of(oci, targets, sizeof(targets));
    c->calls = c->faults = 0;
    if (compile_path(&c->ours, data_path("profiles/container-default.seccomp", path), targets,
                     caps) &&
        load_theirs(c, oci)) {
        for (enum arch_id id = 0; id < ARCH_COUNT; id++)
            compare_arch(c, &arch_table[id]);
    } else {
        c->faults++;
    }
    tap_case(c->tap, c->faults == 0, "%s by %s, %s: %u calls, %u not as they should be", native,
             c->runtime == RUNTIME_CRUN ? "crun" : "runc", caps_name, c->calls, c->faults);
    json_object_put(oci);
    compiled_release(&c->ours);
}

static const char *const none[] = {NULL};
/* What podman gives a container; the JSON asks for the last only. */
static const char *const podman_caps[] = {
    "CAP_CHOWN",   "CAP_DAC_OVERRIDE",     "CAP_FOWNER",     "CAP_FSETID",
    "CAP_KILL",    "CAP_NET_BIND_SERVICE", "CAP_SETFCAP",    "CAP_SETGID",
    "CAP_SETPCAP", "CAP_SETUID",           "CAP_SYS_CHROOT", NULL,
};
/* All that the JSON asks for. */
static const char *const all_caps[] = {
    "CAP_AUDIT_WRITE",
    "CAP_DAC_READ_SEARCH",
    "CAP_SYS_ADMIN",
    "CAP_SYS_CHROOT",
    "CAP_SYS_MODULE",
    "CAP_SYS_PACCT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    NULL,
};

/* Every capability that stands in the text is in all_caps. */
static void check_caps(struct tap *tap, struct json_object *json)
{
    const char *text = json_object_to_json_string(json);
    unsigned unknown = 0;

    for (const char *at = strstr(text, "\"CAP_"); at; at = strstr(at + 1, "\"CAP_")) {
        size_t len = strcspn(at + 1, "\"");
        bool known = false;

        for (const char *const *cap = all_caps; *cap; cap++)
            known |= strlen(*cap) == len && !strncmp(*cap, at + 1, len);
        unknown += !known;
    }
    tap_case(tap, unknown == 0, "%u capabilities of the JSON are not tested", unknown);
}

static void check_debian(struct comparison *c)
{
    /* the machines of archMap, others that the JSON names, and one that it does not */
    static const char *const machines[] = {
        "x86_64", "aarch64", "mips64", "mips64n32", "mipsel64", "mipsel64n32",
        "s390x",  "x86",     "arm",    "ppc64le",   "riscv64",
    };

    c->profile = DEBIAN;
    check_caps(c->tap, c->json);
    for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
        compare(c, machines[i], none, "no capability");
        compare(c, machines[i], podman_caps, "podman's capabilities");
        compare(c, machines[i], all_caps, "all capabilities");
    }
    for (const char *const *cap = all_caps; *cap; cap++)
        compare(c, "x86_64", (const char *const[]){*cap, NULL}, *cap);
    c->runtime = RUNTIME_RUNC;
    compare(c, "x86_64", podman_caps, "podman's capabilities");
    c->runtime = RUNTIME_CRUN;
}

/* A row that no call was of has lost its reason. */
static void check_rows(struct tap *tap, const unsigned *seen)
{
    for (size_t i = 0; i < ARRAY_SIZE(differences); i++) {
        const struct difference *row = &differences[i];
        char ours[40], theirs[40], title[300];

        snprintf(title, sizeof(title), "%s: %s is %s, %s in the JSON: %s",
                 row->profile == DEBIAN ? "Debian 12" : "a later release", row->call,
                 ret_text(row->ours, ours), ret_text(row->theirs, theirs), row->why);
        if (libseccomp_knows(row->call))
            tap_case(tap, seen[i] > 0, "%s", title);
        else
            tap_skip(tap, title, "libseccomp does not know the name");
    }
}

int main(void)
{
    unsigned seen[ARRAY_SIZE(differences)] = {0};
    struct tap tap = {0};
    struct comparison c = {.tap = &tap, .seen = seen};
    char path[1000];

    c.json = json_object_from_file(data_path("tests/data/container-default.debian12.json", path));
    if (tap_case(&tap, c.json, "Debian 12's profile is read"))
        check_debian(&c);
    json_object_put(c.json);
    c.json = json_object_from_file(data_path("tests/data/container-default.x86_64.json", path));
    c.profile = LATER;
    if (tap_case(&tap, c.json, "a later profile is read"))
        compare(&c, "x86_64", podman_caps, "podman's capabilities, a later release");
    json_object_put(c.json);
    check_rows(&tap, seen);
    return tap_end(&tap);
}
