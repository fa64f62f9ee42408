/* SPDX-License-Identifier: Apache-2.0 */
/*
 * easyseccomp run: a command under a policy, with its denials told.
 *
 * The filter in force is the real one. What it denies is seen by tracing: before the filter runs,
 * the kernel stops a traced task at the entry of its call; there the policy is asked what it is
 * about to decide. With --quiet nothing is traced and the command replaces this process.
 */
#include "compiler/cli/cli.h"
#include "compiler/cli/source_map.h"
#include "compiler/cli/watch.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int load_filter(const struct program *p, uint32_t flags, struct error *err)
{
    struct sock_fprog prog = {.len = (unsigned short)p->count, .filter = p->code};

    /* never needed with CAP_SYS_ADMIN, harmless with it, and what every sandbox wants */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return error_set(err, errno, "cannot set no_new_privs");
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog) < 0)
        return error_set(err, errno, "cannot load the filter");
    return 0;
}

/* Does not return. Reports by itself: it is the command already. */
static void NORETURN execute_under(const struct program *p, uint32_t flags, char **command)
{
    struct error err;

    if (load_filter(p, flags, &err) < 0) {
        report_error(&err);
        _exit(EXIT_USAGE);
    }
    _exit(execute_command(command));
}

static int run_watched(const struct policy *policy, const struct program *p, uint32_t flags,
                       char **command)
{
    struct error err;
    pid_t pid = fork();
    int status;

    if (pid < 0) {
        error_set(&err, errno, "cannot fork");
        return report_error(&err);
    }
    if (pid == 0) {
        raise(SIGSTOP); /* until the tracer is there */
        execute_under(p, flags, command);
    }
    status = watch(pid, policy, p, &err);
    return status < 0 ? report_error(&err) : status;
}

/* A program of which no policy is known. */
static int run_alone(struct cli *cli, const struct program *p)
{
    if (cli->args.quiet)
        execute_under(p, 0, command_of(cli, 1));
    return run_watched(NULL, p, 0, command_of(cli, 1));
}

/* Raw BPF is run as it is; whose rules it denies by is in its source map. */
static int load_subject(struct cli *cli, struct compile *c, struct program *p)
{
    const char *path = cli->args.operands.at[0];
    struct source_map map;
    bool big_endian = false;
    int status = load_program(cli, c, path, p, &big_endian);

    if (status == EXIT_DONE && !c->ast)
        status = load_source_map(cli, c, path, p, big_endian, &map);
    return status;
}

static int run_policy(struct cli *cli, struct compile *c)
{
    struct program program, *p = &program;
    uint32_t flags;
    int status = load_subject(cli, c, p);

    if (status != EXIT_DONE)
        return status;
    if (!c->policy)
        return run_alone(cli, p);
    if (!policy_target(c->policy, arch_native()->audit, 0))
        return usage_error("the policy has no rules for %s, this machine's architecture",
                           arch_native()->name);
    if (c->policy->has_notify)
        return usage_error("the policy notifies, and 'run' has nobody to listen");
    flags = c->policy->filter_flags;
    if (cli->args.quiet)
        execute_under(p, flags, command_of(cli, 1));
    return run_watched(c->policy, p, flags, command_of(cli, 1));
}

int cmd_run(struct cli *cli)
{
    struct compile c;
    int status;

    if (cli->args.operands.count < 2)
        return usage_error("run takes a source and a command: %s", cli->command->usage);
    if (!arch_native())
        return usage_error("this machine's architecture is not in the table");
    init_compile(cli, &c);
    status = run_policy(cli, &c);
    compile_release(&c);
    return status;
}
