/* SPDX-License-Identifier: Apache-2.0 */
/* The filters of a container on record: files that are named by the digest of what they hold, so
 * that exec loads exactly what create checked, or nothing. */
#include "runtime-loader/state/state.h"

#include "base/io.h"
#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME_SIZE (sizeof("filter.") + SHA256_HEX)

static void file_name(const char *digest, char name[FILE_NAME_SIZE])
{
    snprintf(name, FILE_NAME_SIZE, "filter.%s", digest);
}

const char *state_filter_digest(struct arena *a, const void *bytes, size_t len)
{
    char hex[SHA256_HEX];

    sha256_hex(bytes, len, hex);
    return arena_strdup(a, hex);
}

int state_write_filter(int dir, const char *digest, const void *bytes, size_t len,
                       struct error *err)
{
    char name[FILE_NAME_SIZE];
    CLEANUP_FD
    int fd = -1;

    file_name(digest, name);
    fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
    if (fd < 0 && errno == EEXIST)
        return 0; /* the same filter twice: the directory is new, and locked */
    if (fd < 0)
        return error_set(err, errno, "write '%s' of the state", name);
    return write_all(fd, bytes, len, err);
}

/* Nothing that is no name of a filter gets into a path. */
static bool is_digest(const char *text)
{
    return strlen(text) == SHA256_HEX - 1 && strspn(text, "0123456789abcdef") == SHA256_HEX - 1;
}

int state_read_filter(struct arena *a, int dir, const char *digest, const char **bytes, size_t *len,
                      struct error *err)
{
    static const size_t limit = BPF_MAXINSNS * sizeof(struct sock_filter);
    char name[FILE_NAME_SIZE];
    CLEANUP_FD
    int fd = -1;
    CLEANUP_FREE char *read = NULL;
    struct stat st;
    int rc;

    if (!is_digest(digest))
        return error_text(err, EINVAL, "state: filters: '%s' is not a digest", digest);
    file_name(digest, name);
    fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) < 0)
        return error_set(err, errno == ENOENT ? ENODATA : errno,
                         "the container's stored filter '%s'", name);
    if (!S_ISREG(st.st_mode))
        return error_text(err, EINVAL, "the container's stored filter '%s' is not a file", name);
    rc = read_all(fd, name, limit, &read, len, err);
    if (rc < 0)
        return rc;
    *bytes = arena_copy(a, read, *len);
    if (strcmp(state_filter_digest(a, *bytes, *len), digest) != 0)
        return error_text(err, EINVAL, "the container's stored filter '%s' was changed", name);
    return 0;
}
