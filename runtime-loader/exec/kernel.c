/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the kernel for the container: sysctl, names of the host, the OOM killer. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/target.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Names may be written with dots or, where a part has dots itself, with slashes. */
static int sysctl_path(const char *key, char *path, size_t size)
{
    bool slashes = strchr(key, '/') != NULL;
    int len = snprintf(path, size, "/sys/%s", key);

    if (len < 0 || (size_t)len >= size)
        return -ENAMETOOLONG;
    for (char *at = path + 5; !slashes && *at; at++)
        if (*at == '.')
            *at = '/';
    return 0;
}

int step_sysctl(struct executor *x, const struct step *s, struct error *err)
{
    CLEANUP_FD
    int fd = -1;
    size_t len = strlen(s->pair.value);
    char path[512];
    int proc;
    int rc = private_proc(x, &proc, err);

    if (rc < 0)
        return rc;
    if (sysctl_path(s->pair.key, path, sizeof(path)) < 0)
        return error_set(err, ENAMETOOLONG, "sysctl '%s'", s->pair.key);
    rc = target_open(proc, path, O_WRONLY, RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV, &fd, err);
    if (rc < 0)
        return error_set(err, -rc, "open sysctl '%s'", s->pair.key);
    if (!is_on(fd, PROC_SUPER_MAGIC))
        return error_text(err, EINVAL, "sysctl '%s' is not in a procfs", s->pair.key);
    if (write(fd, s->pair.value, len) != (ssize_t)len)
        return error_set(err, errno, "set sysctl '%s' to '%s'", s->pair.key, s->pair.value);
    return 0;
}

int step_hostname(struct executor *x, const struct step *s, struct error *err)
{
    (void)x;
    if (sethostname(s->text, strlen(s->text)) < 0)
        return error_set(err, errno, "set the host name to '%s'", s->text);
    return 0;
}

int step_domainname(struct executor *x, const struct step *s, struct error *err)
{
    (void)x;
    if (setdomainname(s->text, strlen(s->text)) < 0)
        return error_set(err, errno, "set the domain name to '%s'", s->text);
    return 0;
}

int step_oom_score(struct executor *x, const struct step *s, struct error *err)
{
    CLEANUP_FD
    int fd = -1;
    char path[64], text[16];
    int len = snprintf(text, sizeof(text), "%d", (int)s->number);

    snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", x->pid);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0 && write(fd, text, (size_t)len) == len)
        return 0;
    /* To be killed later than the caller takes CAP_SYS_RESOURCE: without that it stays as it is. */
    if (!x->options->privileged && (errno == EACCES || errno == EPERM))
        return 0;
    return error_set(err, errno, "set oom_score_adj to %s", text);
}
