/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of plugins that answer notified calls, version 1, which crun has too (annotation
 * run.oci.seccomp.plugins): a shared object with these functions. Only the one that handles a
 * request has to be there. They return 0, or a negative errno value.
 */
#ifndef EASYSECCOMP_NOTIFY_PLUGIN_H
#define EASYSECCOMP_NOTIFY_PLUGIN_H

#include <stddef.h>

#include <linux/seccomp.h>

struct libcrun_load_seccomp_notify_conf_s {
    const char *runtime_root_path; /* where the states of containers are */
    const char *name;              /* of the container */
    const char *bundle_path;
    const char *oci_config_path;
};

/* What became of a request. */
enum {
    RUN_OCI_SECCOMP_NOTIFY_HANDLE_NOT_HANDLED = 0, /* the next plugin is asked */
    RUN_OCI_SECCOMP_NOTIFY_HANDLE_SEND_RESPONSE = 1,
    RUN_OCI_SECCOMP_NOTIFY_HANDLE_DELAYED_RESPONSE = 2, /* the plugin sends it by itself */
    RUN_OCI_SECCOMP_NOTIFY_HANDLE_SEND_RESPONSE_AND_CONTINUE = 3,
};

/* 1 */
int run_oci_seccomp_notify_version(void);
/* Before any request. *opaque goes to the other functions. */
int run_oci_seccomp_notify_start(void **opaque, struct libcrun_load_seccomp_notify_conf_s *conf,
                                 size_t conf_size);
int run_oci_seccomp_notify_handle_request(void *opaque, struct seccomp_notif_sizes *sizes,
                                          struct seccomp_notif *request,
                                          struct seccomp_notif_resp *response, int listener,
                                          int *handled);
int run_oci_seccomp_notify_stop(void *opaque);

#endif
