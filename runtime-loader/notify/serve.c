/* SPDX-License-Identifier: Apache-2.0 */
/* What a descriptor is, epoll keeps beside its number: there is no table to go through. */
#include "runtime-loader/notify/serve.h"

#include "base/io.h"
#include "runtime-loader/proto/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { SOCKET, CONNECTION, LISTENER, CHILDREN, SIGNALS };

static int watch(struct server *s, enum kind kind, int fd, struct error *err)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)kind << 32 | (unsigned)fd};

    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0 ||
        epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
        close(fd);
        return error_set(err, errno, "watch a descriptor");
    }
    s->watched += kind < CHILDREN;
    return 0;
}

static void forget(struct server *s, int fd)
{
    workers_drop(&s->workers, fd);
    epoll_ctl(s->epoll, EPOLL_CTL_DEL, fd, NULL);
    close(fd);
    s->watched--;
}

int server_init(struct server *s, struct error *err)
{
    size_t call = sizeof(*s->call), answer = sizeof(*s->answer);
    sigset_t children;

    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &s->sizes) < 0)
        return error_set(err, errno, "this kernel does not notify calls");
    s->call = calloc(1, s->sizes.seccomp_notif > call ? s->sizes.seccomp_notif : call);
    s->answer =
        calloc(1, s->sizes.seccomp_notif_resp > answer ? s->sizes.seccomp_notif_resp : answer);
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!s->call || !s->answer || s->epoll < 0)
        return error_set(err, ENOMEM, "prepare to serve");
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    return watch(s, CHILDREN, signalfd(-1, &children, SFD_CLOEXEC), err);
}

void server_release(struct server *s)
{
    workers_release(&s->workers);
    plugins_stop(&s->plugins);
    handlers_release(&s->handlers);
    free(s->call);
    free(s->answer);
}

int server_add_socket(struct server *s, int fd, struct error *err)
{
    return watch(s, SOCKET, fd, err);
}

int server_add_connection(struct server *s, int fd, struct error *err)
{
    return watch(s, CONNECTION, fd, err);
}

int server_add_signals(struct server *s, int fd, struct error *err)
{
    return watch(s, SIGNALS, fd, err);
}

/* One that is gone again is no fault. */
static void accept_one(struct server *s, int fd)
{
    int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
    struct error ignored;

    if (connection >= 0)
        (void)!watch(s, CONNECTION, connection, &ignored);
}

/* A connection brings one message with the descriptor, and is then of no use any more. Who the
 * container is, the message says; all are answered alike. */
static void receive_listener(struct server *s, int connection)
{
    char message[65536];
    struct error ignored;
    int listener = -1;
    ssize_t n = rights_receive(connection, message, sizeof(message), &listener);

    if (n == -EAGAIN)
        return;
    if (listener >= 0)
        (void)!watch(s, LISTENER, listener, &ignored);
    forget(s, connection);
}

static void reap_workers(struct server *s, int signals)
{
    struct signalfd_siginfo info;

    while (read(signals, &info, sizeof(info)) > 0)
        ;
    memset(s->answer, 0, s->sizes.seccomp_notif_resp);
    workers_reap(&s->workers, s->answer);
}

static void answer_call(struct server *s, int listener)
{
    struct notified n = {.listener = listener,
                         .call = s->call,
                         .answer = s->answer,
                         .may_work = workers_have_room(&s->workers, listener)};
    enum plugin_result result;

    memset(s->call, 0, s->sizes.seccomp_notif);
    memset(s->answer, 0, s->sizes.seccomp_notif_resp);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, s->call) < 0) {
        /* ENOENT: the caller is gone by now, which is normal */
        if (errno != ENOENT && errno != EINTR && errno != EAGAIN)
            forget(s, listener); /* some other descriptor */
        return;
    }
    s->answer->id = s->call->id;
    result = plugins_answer(&s->plugins, &n, &s->sizes);
    if (result == PLUGIN_LATER)
        return;
    if (result == PLUGIN_NONE && s->handlers.program.len)
        handlers_answer(&s->handlers, &n);
    else if (result == PLUGIN_NONE)
        answer_errno(&n, ENOTSUP);
    if (n.worker)
        workers_add(&s->workers, &n);
    else
        (void)!ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, s->answer);
}

int server_run(struct server *s, struct error *err)
{
    while (s->watched) {
        struct epoll_event event;
        int n = epoll_wait(s->epoll, &event, 1, -1);
        int fd = (int)(event.data.u64 & 0xffffffff);

        if (n < 0 && errno != EINTR)
            return error_set(err, errno, "wait for calls");
        if (n <= 0)
            continue;
        switch ((enum kind)(event.data.u64 >> 32)) {
        case SOCKET:
            accept_one(s, fd);
            break;
        case CONNECTION:
            receive_listener(s, fd);
            break;
        case LISTENER:
            if (event.events & EPOLLIN)
                answer_call(s, fd);
            else
                forget(s, fd); /* nobody is left under its filter */
            break;
        case CHILDREN:
            reap_workers(s, fd);
            break;
        case SIGNALS:
            return 0;
        }
    }
    return 0;
}
