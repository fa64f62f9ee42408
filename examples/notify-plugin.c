/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin that answers notified calls: a container has a quota of directories that it may make.
 *
 *     cc -shared -fPIC -o quota.so notify-plugin.c
 *
 * config.json notifies mkdir and mkdirat, and has the annotation run.oci.seccomp.plugins with the
 * path of quota.so. easyrun and crun both take it.
 */
#include <errno.h>
#include <stdlib.h>

#include <easyseccomp-notify-plugin.h>

struct quota {
    unsigned left;
};

int run_oci_seccomp_notify_version(void)
{
    return 1;
}

int run_oci_seccomp_notify_start(void **opaque, struct libcrun_load_seccomp_notify_conf_s *conf,
                                 size_t conf_size)
{
    struct quota *q;

    if (conf_size < sizeof(*conf))
        return -EINVAL;
    q = calloc(1, sizeof(*q));
    if (!q)
        return -ENOMEM;
    q->left = 3;
    *opaque = q;
    return 0;
}

/* It goes by how often it is asked and reads nothing of the caller, so there is nothing that the
 * caller could change between the answer and the call. */
int run_oci_seccomp_notify_handle_request(void *opaque, struct seccomp_notif_sizes *sizes,
                                          struct seccomp_notif *request,
                                          struct seccomp_notif_resp *response, int listener,
                                          int *handled)
{
    struct quota *q = opaque;

    (void)sizes;
    (void)request;
    (void)listener;
    if (q->left) {
        q->left--;
        *handled = RUN_OCI_SECCOMP_NOTIFY_HANDLE_SEND_RESPONSE_AND_CONTINUE;
        return 0;
    }
    response->error = -EDQUOT;
    *handled = RUN_OCI_SECCOMP_NOTIFY_HANDLE_SEND_RESPONSE;
    return 0;
}

int run_oci_seccomp_notify_stop(void *opaque)
{
    free(opaque);
    return 0;
}
