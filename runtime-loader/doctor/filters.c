/* SPDX-License-Identifier: Apache-2.0 */
/* What this kernel knows of seccomp. */
#include "runtime-loader/doctor/doctor.h"

#include "base/io.h"
#include "compiler/include/easyseccomp.h"
#include "runtime-loader/exec/filter.h"
#include "runtime-loader/precompiled/store.h"

#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int load(uint32_t result, uint32_t flags, struct error *err)
{
    struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, result)};
    struct sock_fprog program = {ARRAY_SIZE(code), code};
    int fd;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return error_set(err, errno, "PR_SET_NO_NEW_PRIVS");
    fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    return fd < 0 ? error_set(err, errno, "seccomp") : fd;
}

static int load_filter(struct doctor *d, struct error *err)
{
    (void)d;
    return load(SECCOMP_RET_ALLOW, 0, err);
}

static int load_listener(struct doctor *d, struct error *err)
{
    (void)d;
    return load(SECCOMP_RET_ALLOW, SECCOMP_FILTER_FLAG_NEW_LISTENER, err);
}

static void add_flags(struct doctor *d)
{
    struct strbuf known, missing;

    strbuf_init(&known, d->arena);
    strbuf_init(&missing, d->arena);
    for (size_t i = 0; es_word(ES_FLAGS, i); i++)
        strbuf_printf(filter_flag_known(es_flag_bit(i)) ? &known : &missing, " %s",
                      es_word(ES_FLAGS, i) + strlen("SECCOMP_FILTER_FLAG_"));
    if (missing.len)
        doctor_add(d, "seccomp-flags", VERDICT_NOTE, "a later kernel",
                   "a filter that asks for one of these is refused:%s", strbuf_text(&missing));
    else
        doctor_add(d, "seccomp-flags", VERDICT_OK, NULL, "all:%s", strbuf_text(&known));
}

static size_t count_entries(int dir)
{
    DIR *entries = fdopendir(dir);
    struct dirent *entry;
    size_t count = 0;

    while (entries && (entry = readdir(entries)))
        count += entry->d_name[0] != '.';
    if (entries)
        closedir(entries);
    return count;
}

static void add_store(struct doctor *d, const char *path)
{
    struct error err;
    int dir = -1;
    int rc = precompiled_open(path, &dir, &err);

    if (rc == 0)
        doctor_add(d, "precompiled", VERDICT_OK, NULL, "%zu in '%s'", count_entries(dir), path);
    else if (rc != -ENOENT)
        doctor_add(d, "precompiled", VERDICT_NOTE,
                   arena_printf(d->arena, "chown root '%s' && chmod go-w '%s'", path, path),
                   "not used: %s", err.text);
}

void doctor_filters(struct doctor *d)
{
    struct error err;

    if (doctor_try(d, load_filter, &err) == 0)
        doctor_add(d, "seccomp", VERDICT_OK, NULL, "a filter can be loaded");
    else
        doctor_add(d, "seccomp", VERDICT_NOTE, "a kernel with CONFIG_SECCOMP_FILTER",
                   "containers with a filter do not start: %s", err.text);
    add_flags(d);
    if (doctor_try(d, load_listener, &err) == 0)
        doctor_add(d, "seccomp-listener", VERDICT_OK, NULL, "calls can be notified");
    else
        doctor_add(d, "seccomp-listener", VERDICT_NOTE,
                   "Linux 5.0 or later; and one process has one listener: none around easyrun",
                   "filters that notify do not load: %s", err.text);
    if (doctor_since(5, 11))
        doctor_add(d, "seccomp-bitmap", VERDICT_OK, NULL,
                   "calls that are always allowed pass without running filters");
    else
        doctor_add(d, "seccomp-bitmap", VERDICT_NOTE, "Linux 5.11 or later",
                   "each call runs all filters");
    if (access(d->agent, X_OK) == 0)
        doctor_add(d, "agent", VERDICT_OK, NULL, "'%s'", d->agent);
    else
        doctor_add(d, "agent", VERDICT_NOTE, "install easyseccomp-agent, or set EASYSECCOMP_AGENT",
                   "handlers and plugins need '%s', which cannot be executed", d->agent);
    for (size_t i = 0; i < d->precompiled.count; i++)
        add_store(d, d->precompiled.at[i]);
}
