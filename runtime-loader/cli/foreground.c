/* SPDX-License-Identifier: Apache-2.0 */
/* A process in the foreground: signals, terminal, exit status. */
#include "runtime-loader/cli/container.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* One direction of the terminal: bytes that were read and not yet written. */
struct stream {
    int from, to; /* -1 when it has ended */
    size_t begin, end;
    char bytes[8192];
};

struct foreground {
    struct executor *x;
    int signals;
    bool raw; /* our own terminal was changed */
    struct termios saved;
    struct stream in, out;
};

void foreground_prepare(void)
{
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
}

static void copy_size(const struct foreground *f)
{
    struct winsize size;

    if (f->x->console >= 0 && ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
        ioctl(f->x->console, TIOCSWINSZ, &size);
}

static void make_raw(struct foreground *f)
{
    struct termios raw;

    if (f->x->console < 0 || tcgetattr(STDIN_FILENO, &f->saved) < 0)
        return;
    raw = f->saved;
    cfmakeraw(&raw);
    f->raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

/* Job control of our own terminal is ours; everything else is for the process. */
static bool is_ours(int signal)
{
    return signal == SIGCHLD || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU ||
           signal == SIGURG || signal == SIGPIPE;
}

static void hand_on_signals(struct foreground *f)
{
    struct signalfd_siginfo info;

    while (read(f->signals, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGWINCH)
            copy_size(f);
        else if (!is_ours((int)info.ssi_signo))
            syscall(SYS_pidfd_send_signal, f->x->pidfd, info.ssi_signo, NULL, 0);
    }
}

static void read_stream(struct stream *s)
{
    ssize_t n = read(s->from, s->bytes, sizeof(s->bytes));

    if (n > 0) {
        s->begin = 0;
        s->end = (size_t)n;
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        s->from = -1;
    }
}

static void write_stream(struct stream *s)
{
    ssize_t n = write(s->to, s->bytes + s->begin, s->end - s->begin);

    if (n > 0)
        s->begin += (size_t)n;
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        s->from = -1, s->begin = s->end = 0;
}

static struct pollfd interest(const struct stream *s)
{
    if (s->begin < s->end)
        return (struct pollfd){.fd = s->to, .events = POLLOUT};
    return (struct pollfd){.fd = s->from, .events = POLLIN};
}

static void serve(struct stream *s, const struct pollfd *p)
{
    if (!p->revents)
        return;
    if (p->events == POLLOUT)
        write_stream(s);
    else
        read_stream(s);
}

/* What the process printed last may still be in the terminal. */
static void drain(struct foreground *f)
{
    for (;;) {
        struct pollfd p = interest(&f->out);

        if (p.fd < 0 || poll(&p, 1, p.events == POLLOUT ? -1 : 0) <= 0)
            return;
        serve(&f->out, &p);
    }
}

static int wait_end(struct foreground *f, int *status, struct error *err)
{
    for (;;) {
        struct pollfd p[] = {
            {.fd = f->x->pidfd, .events = POLLIN},
            {.fd = f->signals, .events = POLLIN},
            interest(&f->in),
            interest(&f->out),
        };

        if (poll(p, ARRAY_SIZE(p), -1) < 0 && errno != EINTR)
            return error_set(err, errno, "poll");
        if (p[1].revents)
            hand_on_signals(f);
        serve(&f->in, &p[2]);
        serve(&f->out, &p[3]);
        if (p[0].revents && waitpid(f->x->pid, status, WNOHANG) == f->x->pid)
            return 0;
    }
}

int foreground_wait(struct executor *x, struct error *err)
{
    struct foreground f = {
        .x = x,
        .in = {.from = x->console >= 0 ? STDIN_FILENO : -1, .to = x->console},
        .out = {.from = x->console, .to = STDOUT_FILENO},
    };
    sigset_t all;
    int status = 0;
    int rc;

    sigfillset(&all);
    f.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    if (f.signals < 0)
        return error_set(err, errno, "signalfd");
    make_raw(&f);
    copy_size(&f);
    rc = wait_end(&f, &status, err);
    if (rc == 0)
        drain(&f);
    if (f.raw)
        tcsetattr(STDIN_FILENO, TCSANOW, &f.saved);
    close(f.signals);
    if (rc < 0)
        return rc;
    x->pid = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
