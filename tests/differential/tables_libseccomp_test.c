/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of system calls against libseccomp's: where both know a call on an architecture, the
 * numbers are equal. What libseccomp says otherwise is listed here, with its reason.
 */
#include "base/compiler.h"
#include "compiler/tables/syscalls.h"
#include "tests/lib/tap.h"

#include <seccomp.h>
#include <string.h>

/* A listed difference that a libseccomp 2.5 does not show is to be struck off; later ones may have
 * followed the kernel. */
struct difference {
    const char *call;
    enum arch_id arch;
    const char *reason;
    bool seen;
};

struct differences {
    struct difference *at;
    size_t count;
};

static uint32_t token(const struct arch *a)
{
    return arch_id(a) == ARCH_X32 ? SCMP_ARCH_X32 : a->audit;
}

static bool starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

/*
 * On architectures that had socketcall(2) and ipc(2) first, libseccomp resolves the calls that
 * they multiplex to numbers from -101 and -201 on, which stand for both ways; the direct calls
 * came later, with numbers that ours says. Its other function tells the multiplexer's number.
 */
static bool multiplexed(const struct syscall_info *s, const struct arch *a, int theirs)
{
    const char *multiplexer = theirs <= -201 && theirs > -300   ? "ipc"
                              : theirs <= -101 && theirs > -200 ? "socketcall"
                                                                : NULL;

    if (multiplexer == NULL)
        return false;
    const struct syscall_info *m = syscall_by_name(multiplexer, strlen(multiplexer));
    return seccomp_syscall_resolve_name_rewrite(token(a), s->name) == syscall_number(m, a);
}

static bool listed(struct differences *l, const char *call, const struct arch *a)
{
    for (struct difference *d = l->at; d < l->at + l->count; d++)
        if (strcmp(d->call, call) == 0 && d->arch == arch_id(a))
            return d->seen = true;
    return false;
}

static bool same(const struct syscall_info *s, const struct arch *a, struct differences *l)
{
    int64_t ours = syscall_number(s, a);
    int theirs = seccomp_syscall_resolve_name_arch(token(a), s->name);

    if (theirs == __NR_SCMP_ERROR || ours == (theirs < 0 ? -1 : theirs) ||
        multiplexed(s, a, theirs))
        return true;
    if (listed(l, s->name, a))
        return true;
    tap_note("%s on %s: ours %lld, libseccomp's %d", s->name, a->name, (long long)ours, theirs);
    return false;
}

/* Whatever number libseccomp has a name for, ours has too, and the same one. */
static bool named(const struct arch *a, uint32_t nr, struct differences *l)
{
    const struct syscall_info *ours = syscall_by_number(a, nr);
    char *theirs = seccomp_syscall_resolve_num_arch(token(a), (int)nr);
    bool equal =
        theirs == NULL || (ours != NULL && strcmp(ours->name, theirs) == 0) || listed(l, theirs, a);

    if (!equal)
        tap_note("%u on %s: ours %s, libseccomp's %s", nr, a->name, ours ? ours->name : "none",
                 theirs);
    free(theirs);
    return equal;
}

static void fallback(struct tap *t)
{
    struct syscall_fallback f = {0};
    bool equal = true;

    syscall_fallback_release(&f); /* of one that was never asked */
    for (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++) {
        int theirs = seccomp_syscall_resolve_name_arch(token(a), "getpid");
        equal &= syscall_fallback_number(&f, "getpid", a) == (theirs < 0 ? -1 : theirs);
    }
    tap_case(t, equal && f.library != NULL, "the fallback is libseccomp");
    tap_case(t, syscall_fallback_number(&f, "getpid", &arch_table[ARCH_X86_64]) == 39,
             "the fallback knows getpid");
    tap_case(t, syscall_fallback_number(&f, "arm_fadvise64_64", &arch_table[ARCH_X86_64]) == -1,
             "the fallback has no number for what is elsewhere");
    tap_case(t, syscall_fallback_knows(&f, "arm_fadvise64_64"), "but knows it");
    tap_case(t, !syscall_fallback_knows(&f, "no_such_call"), "the fallback knows no other name");
    syscall_fallback_release(&f);
    tap_case(t, f.library == NULL && !f.tried, "the fallback is released");
}

int main(void)
{
    struct tap t = {0};
    const struct scmp_version *v = seccomp_version();
    struct difference known[] = {
        {"map_shadow_stack", ARCH_X32, "for x86_64 alone at first, for both ABIs since", false},
        {"_llseek", ARCH_PARISC64, "taken away from the 64-bit ABI by a later kernel", false},
    };
    struct differences l = {known, ARRAY_SIZE(known)};

    for (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++) {
        bool names = true, numbers = true;

        if (seccomp_syscall_resolve_name_arch(token(a), "read") < 0) {
            tap_skip(&t, a->name, "this libseccomp does not know the architecture");
            continue;
        }
        for (size_t i = 0; i < syscall_count; i++)
            names &= same(&syscall_table[i], a, &l);
        for (uint32_t nr = 0; nr < 1024; nr++) {
            numbers &= named(a, a->nr_base + nr, &l);
            if (starts_with(a->name, "arm"))
                numbers &= named(a, 0x0f0000 + nr, &l);
        }
        tap_case(&t, names, "names of %s", a->name);
        tap_case(&t, numbers, "numbers of %s", a->name);
    }
    for (struct difference *d = known; d < known + ARRAY_SIZE(known); d++)
        tap_case(&t, d->seen || v->major > 2 || v->minor > 5, "%s on %s differs: %s", d->call,
                 arch_table[d->arch].name, d->reason);
    fallback(&t);
    return tap_end(&t);
}
