/* SPDX-License-Identifier: Apache-2.0 */
/* Serving containers: connections that bring listeners, and the calls that these notify. */
#ifndef NOTIFY_SERVE_H
#define NOTIFY_SERVE_H

#include "runtime-loader/notify/handlers.h"
#include "runtime-loader/notify/plugin.h"
#include "runtime-loader/notify/workers.h"

struct server {
    int epoll;
    size_t watched; /* descriptors that keep it at work: sockets, connections, listeners */
    struct handlers handlers;
    struct plugins plugins;
    struct workers workers;
    struct seccomp_notif_sizes sizes;
    struct seccomp_notif *call;
    struct seccomp_notif_resp *answer;
};

/* What there is to answer with is set before. */
int server_init(struct server *s, struct error *err) MUST_CHECK;
/* Takes over a socket that listens, or a connection. */
int server_add_socket(struct server *s, int fd, struct error *err) MUST_CHECK;
int server_add_connection(struct server *s, int fd, struct error *err) MUST_CHECK;
/* One of these signals ends it. */
int server_add_signals(struct server *s, int fd, struct error *err) MUST_CHECK;

/* The descriptors that are watched end with the process. */
void server_release(struct server *s);

/* Until nothing is left that could bring work, or a signal came. */
int server_run(struct server *s, struct error *err) MUST_CHECK;

#endif
