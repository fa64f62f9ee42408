/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this process may do, as the kernel sees it: being user 0 says nothing inside a user
 * namespace, which is where podman starts the runtime of a user without rights.
 */
#ifndef EXEC_PRIVILEGE_H
#define EXEC_PRIVILEGE_H

#include <stdbool.h>

struct privilege {
    bool host;  /* CAP_SYS_ADMIN in the first user namespace */
    bool admin; /* CAP_SYS_ADMIN in its own */
    bool mount; /* the mounts that it sees belong to that one: it may copy and change them */
};

void privilege_find(struct privilege *out);
bool in_first_user_namespace(void);
/* True when it is in the effective set. */
bool have_capability(int capability);

#endif
