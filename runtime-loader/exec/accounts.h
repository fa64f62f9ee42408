/* SPDX-License-Identifier: Apache-2.0 */
/* Users by the files of /etc, without the C library's modules: easyrun is linked statically. */
#ifndef EXEC_ACCOUNTS_H
#define EXEC_ACCOUNTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

enum passwd_field { PASSWD_NAME, PASSWD_HOME = 5 };

/* A field of uid's line in a text of the form of /etc/passwd, which is taken apart; NULL: none. */
const char *passwd_field(struct arena *a, char *text, uint32_t uid, enum passwd_field field);
/* Name of a user of this host, his number where he has none. */
const char *user_name(struct arena *a, uint32_t uid);

/* Ids that a user may map: `first` and the count - 1 that follow. */
struct id_range {
    uint32_t first, count;
};
typedef VEC(struct id_range) id_ranges;

/* The lines of a user in a file of the form of /etc/subuid; none where it cannot be read. */
void subids_read(struct arena *a, const char *path, uint32_t uid, id_ranges *out);
bool subids_cover(const id_ranges *ranges, uint32_t first, uint32_t count);

#endif
