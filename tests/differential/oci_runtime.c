/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/differential/oci_runtime.h"

#include "base/io.h"

#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct loading {
    const struct runtime_options *options;
    scmp_filter_ctx filter;
    uint32_t default_action;
    char *why;
};

static int refuse(struct loading *l, const char *what, const char *name, int error)
{
    snprintf(l->why, 200, "%s '%s': %s", what, name, strerror(error));
    return -1;
}

static const char *text(struct json_object *object, const char *key)
{
    struct json_object *value;

    return json_object_object_get_ex(object, key, &value) ? json_object_get_string(value) : NULL;
}

static uint64_t number(struct json_object *object, const char *key, uint64_t missing)
{
    struct json_object *value;

    return json_object_object_get_ex(object, key, &value) ? json_object_get_uint64(value) : missing;
}

static int get_action(struct loading *l, struct json_object *object, const char *key,
                      const char *errno_key, uint32_t *action)
{
    static const struct {
        const char *name;
        uint32_t value;
    } actions[] = {
        {"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW},
        {"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0)},
        {"SCMP_ACT_KILL", SCMP_ACT_KILL},
        {"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD},
        {"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS},
        {"SCMP_ACT_LOG", SCMP_ACT_LOG},
        {"SCMP_ACT_TRAP", SCMP_ACT_TRAP},
        {"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0)},
        {"SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY},
    };
    const char *name = text(object, key);
    bool has_errno = json_object_object_get_ex(object, errno_key, NULL);

    for (size_t i = 0; name && i < ARRAY_SIZE(actions); i++) {
        bool takes = actions[i].value == SCMP_ACT_ERRNO(0) || actions[i].value == SCMP_ACT_TRACE(0);

        if (strcmp(actions[i].name, name) != 0)
            continue;
        if (has_errno && !takes && l->options->runtime == RUNTIME_CRUN)
            return refuse(l, "errno for action", name, EINVAL);
        *action = actions[i].value;
        if (takes)
            *action |= (uint32_t)number(object, errno_key, EPERM) & 0xffff;
        return 0;
    }
    return refuse(l, "action", name ? name : "(none)", EINVAL);
}

static int get_comparison(struct loading *l, struct json_object *arg, struct scmp_arg_cmp *cmp)
{
    static const char *const ops[] = {NULL,          "SCMP_CMP_NE",       "SCMP_CMP_LT",
                                      "SCMP_CMP_LE", "SCMP_CMP_EQ",       "SCMP_CMP_GE",
                                      "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"};
    const char *op = text(arg, "op");

    *cmp = (struct scmp_arg_cmp){(unsigned)number(arg, "index", 99), 0, number(arg, "value", 0),
                                 number(arg, "valueTwo", 0)};
    if (cmp->arg >= 6)
        return refuse(l, "argument index", json_object_to_json_string(arg), EINVAL);
    for (unsigned i = 1; op && i < ARRAY_SIZE(ops); i++)
        if (strcmp(ops[i], op) == 0)
            cmp->op = (enum scmp_compare)i;
    return cmp->op ? 0 : refuse(l, "operator", op ? op : "(none)", EINVAL);
}

/* One name of an entry. The same index twice makes a rule of each condition; crun takes six. */
static int add_rules(struct loading *l, uint32_t action, const char *name,
                     const struct scmp_arg_cmp *cmp, unsigned count)
{
    int nr = seccomp_syscall_resolve_name(name);
    bool twice = false;
    int rc = 0;

    if (nr == __NR_SCMP_ERROR)
        return 0;
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < i; j++)
            twice |= cmp[i].arg == cmp[j].arg;
    if (!twice)
        rc = seccomp_rule_add_array(l->filter, action, nr, count, cmp);
    for (unsigned i = 0; twice && i < count && rc == 0; i++)
        rc = seccomp_rule_add_array(l->filter, action, nr, 1, &cmp[i]);
    return rc ? refuse(l, "rule for", name, -rc) : 0;
}

#define MAX_ARGS 64

static int add_entry(struct loading *l, struct json_object *entry)
{
    struct scmp_arg_cmp cmp[MAX_ARGS];
    struct json_object *names = NULL, *args = NULL;
    size_t limit = l->options->runtime == RUNTIME_CRUN ? 6 : MAX_ARGS, count = 0;
    uint32_t action;

    if (get_action(l, entry, "action", "errnoRet", &action))
        return -1;
    if (action == l->default_action)
        return 0;
    json_object_object_get_ex(entry, "names", &names);
    if (json_object_object_get_ex(entry, "args", &args) && args)
        count = json_object_array_length(args);
    if (count > limit)
        count = limit;
    for (size_t i = 0; i < count; i++)
        if (get_comparison(l, json_object_array_get_idx(args, i), &cmp[i]))
            return -1;
    for (size_t i = 0; i < json_object_array_length(names); i++)
        if (add_rules(l, action, json_object_get_string(json_object_array_get_idx(names, i)), cmp,
                      (unsigned)count))
            return -1;
    return 0;
}

static uint32_t arch_token(const char *oci)
{
    char name[32] = "";

    for (size_t i = strlen("SCMP_ARCH_"); oci[i] && i < sizeof(name); i++)
        name[i - strlen("SCMP_ARCH_")] = (char)tolower((unsigned char)oci[i]);
    return seccomp_arch_resolve_name(name);
}

static int add_archs(struct loading *l, struct json_object *archs)
{
    for (size_t i = 0; archs && i < json_object_array_length(archs); i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(archs, i));
        uint32_t token = arch_token(name);
        int rc = token ? seccomp_arch_add(l->filter, token) : -EINVAL;

        if (rc && rc != -EEXIST)
            return refuse(l, "architecture", name, -rc);
    }
    return 0;
}

static int load(struct loading *l, const char *json, int fd)
{
    struct json_object *profile = json_tokener_parse(json), *archs = NULL, *entries = NULL;
    int rc;

    if (!profile)
        return refuse(l, "profile", "text", EINVAL);
    if (get_action(l, profile, "defaultAction", "defaultErrnoRet", &l->default_action))
        return -1;
    l->filter = seccomp_init(l->default_action);
    if (!l->filter)
        return refuse(l, "default action", "init", EINVAL);
    json_object_object_get_ex(profile, "architectures", &archs);
    json_object_object_get_ex(profile, "syscalls", &entries);
    if (l->options->elsewhere && seccomp_arch_remove(l->filter, SCMP_ARCH_NATIVE))
        return refuse(l, "architecture", "native", EINVAL);
    if (add_archs(l, archs))
        return -1;
    rc = seccomp_attr_set(l->filter, SCMP_FLTATR_CTL_OPTIMIZE, (uint32_t)l->options->optimize);
    if (rc)
        return refuse(l, "attribute", "optimize", -rc);
    for (size_t i = 0; entries && i < json_object_array_length(entries); i++)
        if (add_entry(l, json_object_array_get_idx(entries, i)))
            return -1;
    rc = seccomp_export_bpf(l->filter, fd);
    return rc ? refuse(l, "export", "filter", -rc) : 0;
}

enum runtime_result runtime_load(const char *json, const struct runtime_options *o,
                                 unsigned char **bytes, size_t *len, char *why)
{
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CLEANUP_FD int fd = memfd_create("filter", MFD_CLOEXEC);
    struct loading l = {.options = o, .why = shared};
    struct error err;
    int status;
    pid_t child;

    if (shared == MAP_FAILED || fd < 0)
        abort();
    child = fork();
    if (child < 0)
        abort();
    if (child == 0) {
        setrlimit(RLIMIT_CPU, &(struct rlimit){o->seconds, o->seconds + 1});
        _exit(load(&l, json, fd) ? 1 : 0);
    }
    if (waitpid(child, &status, 0) != child)
        abort();
    memcpy(why, shared, 200);
    munmap(shared, 4096);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return RUNTIME_LOOPED;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        if (WIFSIGNALED(status))
            snprintf(why, 200, "killed by signal %d", WTERMSIG(status));
        return RUNTIME_REFUSED;
    }
    lseek(fd, 0, SEEK_SET);
    if (read_all(fd, "filter", 1 << 24, (char **)bytes, len, &err))
        abort();
    return RUNTIME_LOADED;
}

/* The largest number that libseccomp has for a name of the profile's. */
static int largest_number(struct json_object *entries, uint32_t arch)
{
    int largest = 0;

    for (size_t i = 0; entries && i < json_object_array_length(entries); i++) {
        struct json_object *names = NULL;

        json_object_object_get_ex(json_object_array_get_idx(entries, i), "names", &names);
        for (size_t j = 0; j < json_object_array_length(names); j++) {
            const char *name = json_object_get_string(json_object_array_get_idx(names, j));
            int nr = seccomp_syscall_resolve_name_arch(arch, name);

            if (nr > largest)
                largest = nr;
        }
    }
    return largest;
}

uint32_t runtime_runc_stub(const char *json, const char *oci_arch)
{
    struct json_object *profile = json_tokener_parse(json), *archs = NULL, *entries = NULL;
    const char *action = text(profile, "defaultAction");
    int largest = 0;

    json_object_object_get_ex(profile, "architectures", &archs);
    json_object_object_get_ex(profile, "syscalls", &entries);
    if (strcmp(action, "SCMP_ACT_ALLOW") && strcmp(action, "SCMP_ACT_LOG") &&
        strcmp(action, "SCMP_ACT_TRACE") && number(profile, "defaultErrnoRet", 0) != ENOSYS)
        for (size_t i = 0; archs && i < json_object_array_length(archs); i++)
            if (!strcmp(json_object_get_string(json_object_array_get_idx(archs, i)), oci_arch))
                largest = largest_number(entries, arch_token(oci_arch));
    json_object_put(profile);
    return largest ? (uint32_t)largest : UINT32_MAX;
}
