/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun events: what a container uses, and when it runs out of memory, as lines of JSON. */
#include "runtime-loader/cli/container.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct options {
    bool stats;
    const char *interval;
};

static const struct unit {
    const char *name;
    double milliseconds;
} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};

/* As clients written in Go have it: 5s, 1m30s, 500ms. */
static int parse_interval(const char *text, int64_t *milliseconds, struct error *err)
{
    const char *at = text ? text : "5s";
    double sum = 0;

    do {
        char *end;
        double value = strtod(at, &end);
        size_t len = strcspn(end, "0123456789."), i = 0;

        while (i < ARRAY_SIZE(units) &&
               (strlen(units[i].name) != len || strncmp(units[i].name, end, len) != 0))
            i++;
        if (end == at || !(value > 0) || i == ARRAY_SIZE(units))
            return error_text(err, EINVAL, "--interval: '%s' is not of the form 5s", text);
        sum += value * units[i].milliseconds;
        at = end + len;
    } while (*at);
    if (sum < 1 || sum > INT32_MAX)
        return error_text(err, EINVAL, "--interval: '%s' is too short or too long", text);
    *milliseconds = (int64_t)sum;
    return 0;
}

struct event {
    struct container *container;
    struct arena arena; /* its own: a stream has no end */
    bool stats;
    struct error *err;
};

static int write_event(void *ctx)
{
    struct event *e = ctx;
    const struct container *c = e->container;
    struct strbuf line;

    strbuf_init(&line, &e->arena);
    strbuf_printf(&line, "{\"type\":\"%s\",\"id\":", e->stats ? "stats" : "oom");
    strbuf_json_string(&line, c->state.id);
    if (e->stats) {
        strbuf_puts(&line, ",\"data\":");
        cgroup_stats(&e->arena, &c->cgroups, c->state.cgroup, &line);
    }
    strbuf_puts(&line, "}\n");
    fputs(line.text, stdout);
    return fflush(stdout) == EOF ? error_set(e->err, errno, "write an event") : 0;
}

static int print_event(struct container *c, bool stats, struct error *err)
{
    struct event e = {.container = c, .stats = stats, .err = err};
    int rc;

    arena_init(&e.arena);
    rc = arena_run(&e.arena, write_event, &e);
    arena_release(&e.arena);
    return rc == -ENOMEM ? error_set(err, ENOMEM, "write an event") : rc;
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct watch {
    struct container *container;
    struct cgroup_oom oom;
    int init; /* pidfd */
    int64_t interval;
};

static int print_ooms(struct watch *w, struct error *err)
{
    int rc = 0;

    for (uint64_t count = cgroup_oom_read(&w->oom); rc == 0 && count > 0; count--)
        rc = print_event(w->container, false, err);
    return rc;
}

/* One turn: what has happened by the time of the next statistics. *over: the container has ended.
 */
static int wait_turn(struct watch *w, int64_t next, bool *over, struct error *err)
{
    int64_t left = next - now();
    struct pollfd fds[] = {{w->init, POLLIN, 0}, {w->oom.fd, w->oom.events, 0}};
    int n = poll(fds, ARRAY_SIZE(fds), left < 0 ? 0 : (int)left);
    int rc = 0;

    if (n < 0 && errno != EINTR)
        return error_set(err, errno, "wait for events of container '%s'", w->container->state.id);
    *over = n > 0 && fds[0].revents;
    /* The end of a cgroup of version 1 wakes too; the last death may be one for want of memory. */
    if (n > 0 && fds[1].revents && !(*over && w->oom.file >= 0 && fds[1].revents & POLLERR))
        rc = print_ooms(w, err);
    if (rc == 0 && !*over && now() >= next)
        rc = print_event(w->container, true, err);
    return rc;
}

static int follow(struct watch *w, struct error *err)
{
    int64_t next = now() + w->interval;
    bool over = false;
    int rc = 0;

    while (rc == 0 && !over) {
        rc = wait_turn(w, next, &over, err);
        if (now() >= next)
            next += w->interval;
    }
    return rc;
}

static int watch_container(struct container *c, int64_t interval, struct error *err)
{
    struct watch w = {.container = c, .init = -1, .interval = interval};
    int rc = cgroup_oom_open(c->cli->arena, &c->cgroups, c->state.cgroup, &w.oom, err);

    if (rc < 0)
        return rc;
    rc = process_open(c->state.pid, c->state.start_time, &w.init, err);
    if (rc == 0)
        rc = follow(&w, err);
    cgroup_oom_close(&w.oom);
    cleanup_fd(&w.init);
    return rc == -ESRCH ? 0 : rc;
}

static int run_events(struct cli *cli, const void *options, const string_list *operands,
                      struct error *err)
{
    const struct options *o = options;
    struct container c;
    int64_t interval = 0;
    int rc = parse_interval(o->interval, &interval, err);

    if (rc < 0)
        return rc;
    rc = container_open(cli, operands->at[0], false, &c, err);
    if (rc == 0 && container_status(&c) == STATUS_STOPPED)
        rc = error_text(err, EINVAL, "container '%s' is not running but stopped", c.state.id);
    if (rc == 0 && !c.state.cgroup)
        rc = error_text(err, ENOTSUP, "container '%s' has no cgroup to be watched", c.state.id);
    if (rc == 0)
        rc = o->stats ? print_event(&c, true, err) : watch_container(&c, interval, err);
    container_release(&c);
    return rc;
}

static const struct option events_options[] = {
    {"stats", 0, OPTION_FLAG, offsetof(struct options, stats), NULL,
     "print what it uses now, and end"},
    {"interval", 0, OPTION_TEXT, offsetof(struct options, interval), "TIME",
     "between two lines of what it uses (default 5s)"},
};

const struct command command_events = {
    .name = "events",
    .operands = "ID",
    .summary = "print what a container uses, and when it runs out of memory",
    .options = OPTIONS(events_options),
    .size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_events,
};
