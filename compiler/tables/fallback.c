/* SPDX-License-Identifier: Apache-2.0 */
/* What the table does not have, by libseccomp's word. */
#include "compiler/tables/syscalls.h"

#include <dlfcn.h>

static void load(struct syscall_fallback *f)
{
    if (f->tried)
        return;
    f->tried = true;
    f->library = dlopen("libseccomp.so.2", RTLD_NOW | RTLD_LOCAL);
    if (f->library == NULL)
        return;
    /* POSIX's way from an object pointer to a function's. */
    *(void **)&f->resolve = dlsym(f->library, "seccomp_syscall_resolve_name_arch");
}

void syscall_fallback_release(struct syscall_fallback *f)
{
    if (f->library != NULL)
        dlclose(f->library);
    *f = (struct syscall_fallback){0};
}

/* libseccomp's name for an architecture is its audit value; x32 is the 32-bit kind of x86_64's. */
static uint32_t token(const struct arch *a)
{
    return arch_id(a) == ARCH_X32 ? a->audit & ~UINT32_C(0x80000000) : a->audit;
}

int64_t syscall_fallback_number(struct syscall_fallback *f, const char *name, const struct arch *a)
{
    load(f);
    if (f->resolve == NULL)
        return -1;
    int nr = f->resolve(token(a), name);
    return nr < 0 ? -1 : nr; /* its negative numbers stand for "elsewhere" and "nowhere" */
}

bool syscall_fallback_knows(struct syscall_fallback *f, const char *name)
{
    for (const struct arch *a = arch_table; a < arch_table + ARCH_COUNT; a++)
        if (syscall_fallback_number(f, name, a) >= 0)
            return true;
    return false;
}
