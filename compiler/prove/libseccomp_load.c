/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/libseccomp_load.h"

#include "base/io.h"

#include <ctype.h>
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct loading {
    const struct load_options *options;
    scmp_filter_ctx filter;
    uint32_t default_action;
    struct error *err;
};

#define ELEMENTS(value, parent)                                                                    \
    const struct json *value = (parent) ? (parent)->first : NULL;                                  \
    value;                                                                                         \
    value = value->next

static int refuse(struct loading *l, const char *what, const char *name, int code)
{
    return error_set(l->err, code, "%s '%s'", what, name);
}

/* A word with its end. */
struct word_text {
    char s[64]; /* longer ones are no words that libseccomp knows, cut off or not */
};

static struct word_text text(const struct json *value)
{
    struct word_text w = {"(none)"};

    if (value && value->kind == JSON_STRING)
        snprintf(w.s, sizeof(w.s), "%.*s", (int)value->len, value->text);
    return w;
}

static uint64_t number(const struct json *object, const char *key, uint64_t missing)
{
    const struct json *member = json_member(object, key);
    uint64_t value;

    return member && json_u64(member, &value) ? value : missing;
}

static int get_action(struct loading *l, const struct json *object, const char *key,
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
    const struct json *name = json_member(object, key);

    for (size_t i = 0; name && i < ARRAY_SIZE(actions); i++) {
        bool takes = actions[i].value == SCMP_ACT_ERRNO(0) || actions[i].value == SCMP_ACT_TRACE(0);

        if (!json_is(name, actions[i].name))
            continue;
        if (json_member(object, errno_key) && !takes && l->options->as == OCI_AS_CRUN)
            return refuse(l, "errno for action", text(name).s, EINVAL);
        *action = actions[i].value;
        if (takes)
            *action |= (uint32_t)number(object, errno_key, EPERM) & 0xffff;
        return 0;
    }
    return refuse(l, "action", text(name).s, EINVAL);
}

static int get_comparison(struct loading *l, const struct json *arg, struct scmp_arg_cmp *cmp)
{
    static const char *const ops[] = {NULL,          "SCMP_CMP_NE",       "SCMP_CMP_LT",
                                      "SCMP_CMP_LE", "SCMP_CMP_EQ",       "SCMP_CMP_GE",
                                      "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"};
    const struct json *op = json_member(arg, "op");

    *cmp = (struct scmp_arg_cmp){(unsigned)number(arg, "index", 99), 0, number(arg, "value", 0),
                                 number(arg, "valueTwo", 0)};
    if (cmp->arg >= 6)
        return refuse(l, "argument index for", text(op).s, EINVAL);
    for (unsigned i = 1; op && i < ARRAY_SIZE(ops); i++)
        if (json_is(op, ops[i]))
            cmp->op = (enum scmp_compare)i;
    return cmp->op ? 0 : refuse(l, "operator", text(op).s, EINVAL);
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

#define MAX_ARGS  64
#define CRUN_ARGS 6

static int add_entry(struct loading *l, const struct json *entry)
{
    struct scmp_arg_cmp cmp[MAX_ARGS];
    unsigned limit = l->options->as == OCI_AS_CRUN ? CRUN_ARGS : MAX_ARGS, count = 0;
    uint32_t action = 0;
    int ret = get_action(l, entry, "action", "errnoRet", &action);

    if (ret < 0 || action == l->default_action)
        return ret;
    for (ELEMENTS(arg, json_member(entry, "args"))) {
        if (count == limit)
            break;
        ret = get_comparison(l, arg, &cmp[count++]);
        if (ret < 0)
            return ret;
    }
    for (ELEMENTS(name, json_member(entry, "names"))) {
        ret = add_rules(l, action, text(name).s, cmp, count);
        if (ret < 0)
            return ret;
    }
    return 0;
}

static uint32_t arch_token(const char *oci)
{
    static const char prefix[] = "SCMP_ARCH_";
    char name[32] = "";

    if (strncmp(oci, prefix, strlen(prefix)) != 0)
        return 0;
    oci += strlen(prefix);
    for (size_t i = 0; i < sizeof(name) - 1 && oci[i]; i++)
        name[i] = (char)tolower((unsigned char)oci[i]);
    return seccomp_arch_resolve_name(name);
}

static int add_archs(struct loading *l, const struct json *archs)
{
    for (ELEMENTS(arch, archs)) {
        struct word_text name = text(arch);
        uint32_t token = arch_token(name.s);
        int rc = token ? seccomp_arch_add(l->filter, token) : -EINVAL;

        if (rc && rc != -EEXIST)
            return refuse(l, "architecture", name.s, -rc);
    }
    return 0;
}

static int load(struct loading *l, const struct json *profile, int fd)
{
    int ret = get_action(l, profile, "defaultAction", "defaultErrnoRet", &l->default_action), rc;

    if (ret < 0)
        return ret;
    l->filter = seccomp_init(l->default_action);
    if (!l->filter)
        return refuse(l, "default action", text(json_member(profile, "defaultAction")).s, EINVAL);
    if (l->options->elsewhere && seccomp_arch_remove(l->filter, SCMP_ARCH_NATIVE))
        return refuse(l, "architecture", "native", EINVAL);
    ret = add_archs(l, json_member(profile, "architectures"));
    if (ret < 0)
        return ret;
    rc = seccomp_attr_set(l->filter, SCMP_FLTATR_CTL_OPTIMIZE, (uint32_t)l->options->optimize);
    if (rc)
        return refuse(l, "attribute", "optimize", -rc);
    for (ELEMENTS(entry, json_member(profile, "syscalls"))) {
        ret = add_entry(l, entry);
        if (ret < 0)
            return ret;
    }
    rc = seccomp_export_bpf(l->filter, fd);
    return rc ? refuse(l, "export of", "the filter", -rc) : 0;
}

/* Does not return. It allocates, and so is only for a parent of a single thread. */
static void NORETURN run_child(const struct json *profile, const struct load_options *o, int fd,
                               struct error *shared)
{
    struct loading l = {.options = o, .err = shared};

    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CPU, &(struct rlimit){o->seconds, o->seconds + 1});
    _exit(load(&l, profile, fd) < 0 ? 1 : 0);
}

static enum load_result judge(int status, const struct error *shared, struct error *err)
{
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        return LOAD_LOOPED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return LOAD_DONE;
    *err = *shared;
    if (WIFSIGNALED(status))
        error_text(err, EINVAL, "libseccomp is killed by signal %d", WTERMSIG(status));
    return LOAD_REFUSED;
}

static enum load_result load_in_child(const struct json *profile, const struct load_options *o,
                                      int fd, struct error *shared, struct error *err)
{
    pid_t child = fork();
    int status;

    if (child == 0)
        run_child(profile, o, fd, shared);
    if (child < 0 || waitpid(child, &status, 0) != child) {
        error_set(err, errno, "cannot have a child load the profile");
        return LOAD_FAILED;
    }
    return judge(status, shared, err);
}

enum load_result libseccomp_load(const struct json *profile, const struct load_options *o,
                                 unsigned char **bytes, size_t *len, struct error *err)
{
    CLEANUP_FD int fd = memfd_create("filter", MFD_CLOEXEC);
    struct error *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    enum load_result result;

    if (fd < 0 || shared == MAP_FAILED) {
        error_set(err, errno, "cannot have a child load the profile");
        if (shared != MAP_FAILED)
            munmap(shared, sizeof(*shared));
        return LOAD_FAILED;
    }
    result = load_in_child(profile, o, fd, shared, err);
    munmap(shared, sizeof(*shared));
    if (result != LOAD_DONE)
        return result;
    lseek(fd, 0, SEEK_SET);
    if (read_all(fd, "filter", 1 << 24, (char **)bytes, len, err) < 0)
        return LOAD_FAILED;
    return LOAD_DONE;
}

/* --- runc's stub ------------------------------------------------------------------------------*/

/* The largest number that libseccomp has for a name of the profile's. */
static int largest_number(const struct json *entries, uint32_t token)
{
    int largest = 0;

    for (ELEMENTS(entry, entries))
        for (ELEMENTS(name, json_member(entry, "names"))) {
            int nr = seccomp_syscall_resolve_name_arch(token, text(name).s);

            if (nr > largest)
                largest = nr;
        }
    return largest;
}

uint32_t libseccomp_runc_stub(const struct json *profile, const struct arch *arch)
{
    const struct json *action = json_member(profile, "defaultAction");
    int largest = 0;

    if (!action || json_is(action, "SCMP_ACT_ALLOW") || json_is(action, "SCMP_ACT_LOG") ||
        json_is(action, "SCMP_ACT_TRACE") || number(profile, "defaultErrnoRet", 0) == ENOSYS)
        return UINT32_MAX;
    for (ELEMENTS(listed, json_member(profile, "architectures")))
        if (json_is(listed, arch->oci))
            largest = largest_number(json_member(profile, "syscalls"), arch_token(arch->oci));
    return largest ? (uint32_t)largest : UINT32_MAX;
}

bool libseccomp_knows(const struct arch *arch, const char *name, uint32_t nr)
{
    CLEANUP_FREE char *known = seccomp_syscall_resolve_num_arch(arch_token(arch->oci), (int)nr);

    return known && strcmp(known, name) == 0;
}
