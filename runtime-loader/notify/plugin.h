/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins: easyseccomp-notify-plugin.h is what they have to be. */
#ifndef NOTIFY_PLUGIN_H
#define NOTIFY_PLUGIN_H

#include "base/error.h"
#include "runtime-loader/notify/answer.h"
#include "runtime-loader/notify/easyseccomp-notify-plugin.h"

enum { PLUGIN_MAX = 16 };

struct plugin {
    void *opaque;
    __typeof__(run_oci_seccomp_notify_handle_request) *handle;
    __typeof__(run_oci_seccomp_notify_stop) *stop;
};

struct plugins {
    size_t count;
    struct plugin at[PLUGIN_MAX];
};

/* Loads and starts those of a list: absolute paths, or names that dlopen(3) finds, with ':'
 * between. */
int plugins_load(struct plugins *p, const char *list,
                 struct libcrun_load_seccomp_notify_conf_s *conf, struct error *err) MUST_CHECK;
void plugins_stop(struct plugins *p);

enum plugin_result { PLUGIN_NONE, PLUGIN_ANSWERED, PLUGIN_LATER };

/* Asks one after the other. PLUGIN_LATER: the answer is not to be sent here. */
enum plugin_result plugins_answer(const struct plugins *p, const struct notified *n,
                                  struct seccomp_notif_sizes *sizes);

#endif
