/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of config.json. */
#include "runtime-loader/exec/hooks.h"

#include "runtime-loader/exec/executor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file in memory: a hook that does not read its input cannot hold us up. */
static int state_file(const char *json, struct error *err)
{
    CLEANUP_FD
    int fd = memfd_create("state", MFD_CLOEXEC);
    int rc;

    if (fd < 0)
        return error_set(err, errno, "memfd_create for the state of a hook");
    rc = write_all(fd, json, strlen(json), err);
    if (rc < 0)
        return rc;
    if (lseek(fd, 0, SEEK_SET) < 0)
        return error_set(err, errno, "rewind the state of a hook");
    return steal_fd(&fd);
}

/* A hook starts with the signals of a fresh program, whatever the runtime did to its own. */
static int spawn(const struct spec_hook *hook, int input, pid_t *pid)
{
    static char *const no_environment[] = {NULL};
    char *const only_path[] = {(char *)(uintptr_t)hook->path, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int code;

    sigemptyset(&none);
    sigfillset(&all);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    /* A group of its own: what runs out of time goes with all that it started. */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    code = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (code == 0)
        code =
            posix_spawn(pid, hook->path, &actions, &attributes,
                        hook->args.count ? (char *const *)(uintptr_t)hook->args.at : only_path,
                        hook->env.count ? (char *const *)(uintptr_t)hook->env.at : no_environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

/* Returns 0 when it ended in time, -ETIMEDOUT after killing it. */
static int wait_in_time(pid_t pid, const struct opt_int *seconds, int *status)
{
    CLEANUP_FD
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd poll_for = {.fd = pidfd, .events = POLLIN};
    int timeout = -1;
    int rc = 0;

    if (seconds->set)
        timeout = seconds->value > INT32_MAX / 1000 ? INT32_MAX : (int)seconds->value * 1000;
    if (pidfd >= 0 && poll(&poll_for, 1, timeout) == 0) {
        kill(-pid, SIGKILL);
        rc = -ETIMEDOUT;
    }
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR)
            return -errno;
    return rc;
}

static int run_hook(const struct spec_hook *hook, const char *name, size_t index,
                    const char *state_json, struct error *err)
{
    CLEANUP_FD
    int input = state_file(state_json, err);
    int status = 0;
    pid_t pid;
    int code;

    if (input < 0)
        return input;
    code = spawn(hook, input, &pid);
    if (code != 0)
        return error_set(err, code, "start hook hooks.%s[%zu] '%s'", name, index, hook->path);
    code = wait_in_time(pid, &hook->timeout, &status);
    if (code == -ETIMEDOUT)
        return error_text(err, ETIMEDOUT, "hook hooks.%s[%zu] '%s' did not end in %d s", name,
                          index, hook->path, (int)hook->timeout.value);
    if (code < 0)
        return error_set(err, -code, "wait for hook hooks.%s[%zu] '%s'", name, index, hook->path);
    if (WIFSIGNALED(status))
        return error_text(err, ECANCELED, "hook hooks.%s[%zu] '%s' was killed by signal %d", name,
                          index, hook->path, WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return error_text(err, ECANCELED, "hook hooks.%s[%zu] '%s' failed with status %d", name,
                          index, hook->path, WEXITSTATUS(status));
    return 0;
}

int hooks_run(const hook_list *list, const char *name, const char *state_json, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < list->count; i++)
        rc = run_hook(&list->at[i], name, i, state_json, err);
    return rc;
}

int step_hooks(struct executor *x, const struct step *s, struct error *err)
{
    bool start = s->hooks.list == &x->plan->spec->hooks.start_container;
    bool in_init = x->channel.side == SIDE_INIT;
    const char *status = status_names[start ? STATUS_CREATED : STATUS_CREATING];

    return hooks_run(s->hooks.list, s->hooks.name,
                     state_json(x->arena, x->state, status, in_init ? getpid() : x->pid), err);
}
