/* SPDX-License-Identifier: Apache-2.0 */
/* For programs that do without libseccomp: what the table does not have, is not there. Linked in
 * place of fallback.c. */
#include "compiler/tables/syscalls.h"

void syscall_fallback_release(struct syscall_fallback *f)
{
    *f = (struct syscall_fallback){0};
}

int64_t syscall_fallback_number(struct syscall_fallback *f, const char *name, const struct arch *a)
{
    (void)f;
    (void)name;
    (void)a;
    return -1;
}

bool syscall_fallback_knows(struct syscall_fallback *f, const char *name)
{
    (void)f;
    (void)name;
    return false;
}
