/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers by a policy. It is one of easyseccomp-policy(5), asked once more about each call that the
 * filter notified; its actions are the answers:
 *
 *     ALLOW, LOG      the kernel goes on with the call
 *     ERRNO(n)        the call fails with n; with 0 it seems to have been made
 *     NOTIFY          the call is made in place of the caller: mknod and mknodat of safe devices
 *     KILL_PROCESS    the caller is killed
 *
 * Other actions are refused when it is read.
 */
#ifndef NOTIFY_HANDLERS_H
#define NOTIFY_HANDLERS_H

#include "base/error.h"
#include "compiler/include/easyseccomp.h"
#include "runtime-loader/notify/answer.h"

struct handlers {
    struct es_blob program; /* len 0: there are none */
};

/* source: an absolute path, or the text of the policy. */
int handlers_read(struct handlers *out, const char *source, struct error *err) MUST_CHECK;
void handlers_release(struct handlers *h);
void handlers_answer(const struct handlers *h, struct notified *n);

#endif
