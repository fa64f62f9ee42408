/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime-loader/notify/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* POSIX has dlsym(3) return functions as objects, which C has no conversion for. */
static void find(void *object, const char *name, void *function, size_t size)
{
    void *found = dlsym(object, name);

    memcpy(function, &found, size);
}

#define FIND(object, name, function) find(object, name, &(function), sizeof(function))

static int load_one(struct plugins *p, const char *path,
                    struct libcrun_load_seccomp_notify_conf_s *conf, struct error *err)
{
    __typeof__(run_oci_seccomp_notify_version) *version;
    __typeof__(run_oci_seccomp_notify_start) *start;
    struct plugin *one = &p->at[p->count];
    void *object;
    int rc;

    if (p->count == PLUGIN_MAX)
        return error_text(err, E2BIG, "more than %d plugins", PLUGIN_MAX);
    if (strchr(path, '/') && path[0] != '/')
        return error_text(err, EINVAL, "plugin '%s': not an absolute path", path);
    object = dlopen(path, RTLD_NOW);
    if (!object)
        return error_text(err, EINVAL, "plugin '%s': %s", path, dlerror());
    FIND(object, "run_oci_seccomp_notify_version", version);
    FIND(object, "run_oci_seccomp_notify_start", start);
    FIND(object, "run_oci_seccomp_notify_handle_request", one->handle);
    FIND(object, "run_oci_seccomp_notify_stop", one->stop);
    if (version && version() != 1)
        return error_text(err, ENOTSUP, "plugin '%s': version %d of the interface", path,
                          version());
    if (!one->handle)
        return error_text(err, ENOTSUP, "plugin '%s': has no run_oci_seccomp_notify_handle_request",
                          path);
    rc = start ? start(&one->opaque, conf, sizeof(*conf)) : 0;
    if (rc != 0)
        return error_set(err, rc < 0 ? -rc : EINVAL, "plugin '%s': start", path);
    p->count++;
    return 0;
}

int plugins_load(struct plugins *p, const char *list,
                 struct libcrun_load_seccomp_notify_conf_s *conf, struct error *err)
{
    char *names = strdup(list), *rest;
    int rc = names ? 0 : error_set(err, ENOMEM, "load plugins");

    for (char *name = names ? strtok_r(names, ":", &rest) : NULL; name && rc == 0;
         name = strtok_r(NULL, ":", &rest))
        rc = load_one(p, name, conf, err);
    free(names);
    return rc;
}

void plugins_stop(struct plugins *p)
{
    while (p->count--)
        if (p->at[p->count].stop)
            p->at[p->count].stop(p->at[p->count].opaque);
    p->count = 0;
}

/* They get the request as if it were theirs, and may write into it. */
enum plugin_result plugins_answer(const struct plugins *p, const struct notified *n,
                                  struct seccomp_notif_sizes *sizes)
{
    struct seccomp_notif *call = (struct seccomp_notif *)(uintptr_t)n->call;
    const __u64 id = n->call->id;

    for (size_t i = 0; i < p->count; i++) {
        int handled = RUN_OCI_SECCOMP_NOTIFY_HANDLE_NOT_HANDLED;
        int rc = p->at[i].handle(p->at[i].opaque, sizes, call, n->answer, n->listener, &handled);

        if (rc == 0 && handled == RUN_OCI_SECCOMP_NOTIFY_HANDLE_NOT_HANDLED)
            continue;
        if (rc == 0 && handled == RUN_OCI_SECCOMP_NOTIFY_HANDLE_DELAYED_RESPONSE)
            return PLUGIN_LATER;
        if (rc == 0 && handled == RUN_OCI_SECCOMP_NOTIFY_HANDLE_SEND_RESPONSE_AND_CONTINUE)
            answer_continue(n);
        else if (rc != 0 || handled != RUN_OCI_SECCOMP_NOTIFY_HANDLE_SEND_RESPONSE)
            *n->answer = (struct seccomp_notif_resp){.error = rc < 0 ? rc : -EIO};
        n->answer->id = id;
        return PLUGIN_ANSWERED;
    }
    return PLUGIN_NONE;
}
