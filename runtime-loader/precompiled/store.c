/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime-loader/precompiled/store.h"

#include "base/io.h"
#include "base/str.h"
#include "compiler/include/easyseccomp.h"
#include "runtime-loader/exec/privilege.h"
#include "runtime-loader/version.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PRECOMPILED_ADMIN
#define PRECOMPILED_ADMIN "/var/lib/easyrun/seccomp"
#endif
#ifndef PRECOMPILED_PACKAGED
#define PRECOMPILED_PACKAGED "/usr/lib/easyrun/seccomp"
#endif

const char *const precompiled_dirs[] = {PRECOMPILED_ADMIN, PRECOMPILED_PACKAGED, NULL};

/* A file: this, then the instructions. Texts are filled up with NULs. */
struct head {
    char magic[8];
    char digest[SHA256_HEX - 1]; /* of all that follows */
    char key[SHA256_HEX - 1];
    char compiler[64];
    char name[PRECOMPILED_NAME_SIZE];
    uint32_t arch, flags, count;
    uint32_t reserved; /* 0 */
};
static const char magic[8] = "easyrun\1";

#define AFTER_DIGEST offsetof(struct head, key)
#define LARGEST      (sizeof(struct head) + BPF_MAXINSNS * sizeof(struct sock_filter))

static const char own_compiler[] = PACKAGE_VERSION " " GIT_COMMIT;

/* Its length goes before each part, so that no two lists of parts are the same bytes. */
static void add_part(struct strbuf *out, const void *bytes, size_t len)
{
    const uint64_t length = len;

    strbuf_add(out, (const char *)&length, sizeof(length));
    strbuf_add(out, bytes, len);
}

void precompiled_init(struct arena *a, const char *section, struct precompiled *out)
{
    struct strbuf parts;

    *out = (struct precompiled){.compiler = own_compiler, .arch = es_native_arch(), .name = ""};
    strbuf_init(&parts, a);
    add_part(&parts, magic, sizeof(magic));
    add_part(&parts, out->compiler, strlen(out->compiler));
    add_part(&parts, &out->arch, sizeof(out->arch));
    add_part(&parts, section, strlen(section));
    sha256_hex(parts.text, parts.len, out->key);
}

bool precompiled_is_ours(const struct precompiled *filter)
{
    return filter->arch == es_native_arch() && strcmp(filter->compiler, own_compiler) == 0;
}

/* Neither group nor others may change what root or the caller has put there. */
static bool is_safe(const struct stat *st)
{
    return (st->st_uid == 0 || st->st_uid == geteuid()) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* In a user namespace root's files look like those of anybody else who has no number there. */
static bool is_unseen(const struct stat *st)
{
    static const uid_t nobody = 65534; /* /proc/sys/kernel/overflowuid */

    return st->st_uid == nobody && !in_first_user_namespace();
}

int precompiled_open(const char *path, int *dir, struct error *err)
{
    CLEANUP_FD
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return error_set(err, errno, "precompiled filters '%s'", path);
    if (!is_safe(&st) && is_unseen(&st))
        return error_text(err, ENOENT,
                          "precompiled filters '%s': whose they are is not seen in a "
                          "user namespace",
                          path);
    if (!is_safe(&st))
        return error_text(err, EPERM, "precompiled filters '%s': others may write there", path);
    *dir = steal_fd(&fd);
    return 0;
}

static int damaged(const char *key, const char *why, struct error *err)
{
    return error_text(err, EINVAL, "precompiled filter '%s': %s", key, why);
}

static const char *text_of(struct arena *a, const char *bytes, size_t size)
{
    return arena_strndup(a, bytes, strnlen(bytes, size));
}

static int take(struct arena *a, const char *key, const char *bytes, size_t len,
                struct precompiled *out, struct error *err)
{
    struct head head;
    char digest[SHA256_HEX];

    if (len < sizeof(head))
        return damaged(key, "cut short", err);
    memcpy(&head, bytes, sizeof(head));
    sha256_hex(bytes + AFTER_DIGEST, len - AFTER_DIGEST, digest);
    if (memcmp(head.magic, magic, sizeof(magic)) != 0 ||
        memcmp(head.digest, digest, sizeof(head.digest)) != 0)
        return damaged(key, "damaged", err);
    if (strlen(key) != sizeof(head.key) || memcmp(head.key, key, sizeof(head.key)) != 0)
        return damaged(key, "the file has the name of another", err);
    if (head.count > BPF_MAXINSNS || len != sizeof(head) + head.count * sizeof(struct sock_filter))
        return damaged(key, "damaged", err);
    *out = (struct precompiled){
        .compiler = text_of(a, head.compiler, sizeof(head.compiler)),
        .arch = head.arch,
        .name = text_of(a, head.name, sizeof(head.name)),
        .flags = head.flags,
        .code = arena_copy(a, bytes + sizeof(head), len - sizeof(head)),
        .count = head.count,
    };
    memcpy(out->key, key, sizeof(out->key));
    return 0;
}

int precompiled_read(struct arena *a, int dir, const char *key, struct precompiled *out,
                     struct error *err)
{
    CLEANUP_FD
    int fd = openat(dir, key, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    /* The largest that there may be, and a byte that would be too many. */
    char *bytes = arena_alloc(a, LARGEST + 1);
    struct stat st;
    ssize_t len;

    if (fd < 0 || fstat(fd, &st) < 0)
        return error_set(err, errno, "precompiled filter '%s'", key);
    if (!S_ISREG(st.st_mode))
        return damaged(key, "not a regular file", err);
    if (!is_safe(&st))
        return error_text(err, EPERM, "precompiled filter '%s': others may write to it", key);
    len = read(fd, bytes, LARGEST + 1);
    if (len < 0)
        return error_set(err, errno, "precompiled filter '%s'", key);
    return take(a, key, bytes, (size_t)len, out, err);
}

static void fill_text(char *to, size_t size, const char *text)
{
    size_t len = strlen(text);

    memset(to, 0, size);
    memcpy(to, text, len < size ? len : size);
}

int precompiled_write(struct arena *a, int dir, const struct precompiled *filter, struct error *err)
{
    size_t program = filter->count * sizeof(*filter->code), len = sizeof(struct head) + program;
    const char *fresh = arena_printf(a, ".%s.new", filter->key);
    char *bytes = arena_alloc(a, len);
    char digest[SHA256_HEX];
    struct head head = {.arch = filter->arch, .flags = filter->flags, .count = filter->count};
    CLEANUP_FD
    int fd = -1;
    int rc;

    memcpy(head.magic, magic, sizeof(magic));
    memcpy(head.key, filter->key, sizeof(head.key));
    fill_text(head.compiler, sizeof(head.compiler), filter->compiler);
    fill_text(head.name, sizeof(head.name), filter->name);
    memcpy(bytes, &head, sizeof(head));
    memcpy(bytes + sizeof(head), filter->code, program);
    sha256_hex(bytes + AFTER_DIGEST, len - AFTER_DIGEST, digest);
    memcpy(bytes + offsetof(struct head, digest), digest, sizeof(head.digest));
    if (unlinkat(dir, fresh, 0) < 0 && errno != ENOENT)
        return error_set(err, errno, "write precompiled filter '%s'", filter->key);
    fd = openat(dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
    rc = fd < 0 ? error_set(err, errno, "write precompiled filter '%s'", filter->key)
                : write_all(fd, bytes, len, err);
    if (rc == 0 && (fsync(fd) < 0 || renameat(dir, fresh, dir, filter->key) < 0))
        rc = error_set(err, errno, "write precompiled filter '%s'", filter->key);
    if (rc < 0)
        (void)!unlinkat(dir, fresh, 0);
    return rc;
}
