/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun: global options, then a command. */
#include "runtime-loader/cli/cli.h"
#include "runtime-loader/cli/self.h"
#include "runtime-loader/spec/spec.h"
#include "runtime-loader/version.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option global_options[] = {
    {"root", 0, OPTION_TEXT, offsetof(struct globals, root), "DIR",
     "where the states of containers are (default: /run/easyrun)"},
    {"log", 0, OPTION_TEXT, offsetof(struct globals, log), "FILE", "log to FILE, not stderr"},
    {"log-format", 0, OPTION_TEXT, offsetof(struct globals, log_format), "FORMAT", "text or json"},
    {"log-level", 0, OPTION_TEXT, offsetof(struct globals, log_level), "LEVEL",
     "error, warning, info or debug"},
    {"debug", 0, OPTION_FLAG, offsetof(struct globals, debug), NULL, "as --log-level debug"},
    {"cgroup-manager", 0, OPTION_TEXT, offsetof(struct globals, cgroup_manager), "MANAGER",
     "cgroupfs (default), systemd or disabled"},
    {"systemd-cgroup", 0, OPTION_FLAG, offsetof(struct globals, systemd_cgroup), NULL,
     "as --cgroup-manager systemd"},
    {"rootless", 0, OPTION_UNUSED, 0, "X", "accepted"},
    {"criu", 0, OPTION_UNUSED, 0, "X", "accepted"},
    {"seccomp-bpf", 0, OPTION_LIST, offsetof(struct globals, seccomp_bpf), "FILE",
     "load a compiled filter too (may be repeated)"},
    {"seccomp-complain", 0, OPTION_TEXT, offsetof(struct globals, complain), "FILE",
     "deny nothing, write to FILE what would be denied: no security boundary"},
    {"precompiled", 0, OPTION_TEXT, offsetof(struct globals, precompiled), "DIR",
     "precompiled filters are there, not in the system's directories ('': nowhere)"},
    {"version", 'v', OPTION_FLAG, offsetof(struct globals, version), NULL, "print the version"},
    {"help", 'h', OPTION_FLAG, offsetof(struct globals, help), NULL, "print this help"},
};
static const struct option_table global_table = OPTIONS(global_options);

static const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "runtime-loader/cli/commands.def"
#undef COMMAND
};

static int print_help(struct cli *cli)
{
    struct strbuf out;

    strbuf_init(&out, cli->arena);
    strbuf_puts(&out, "usage: easyrun [OPTIONS] COMMAND …\n\ncommands:\n");
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
        strbuf_printf(&out, "  %-10s %-20s %s\n", commands[i]->name, commands[i]->operands,
                      commands[i]->summary);
    strbuf_puts(&out, "\noptions:\n");
    options_help(&global_table, &out);
    fputs(out.text, stdout);
    return 0;
}

static int print_command_help(struct cli *cli, const struct command *command)
{
    struct strbuf out;

    strbuf_init(&out, cli->arena);
    strbuf_printf(&out, "usage: easyrun %s [OPTIONS] %s\n%s\n\noptions:\n", command->name,
                  command->operands, command->summary);
    options_help(&command->options, &out);
    fputs(out.text, stdout);
    return 0;
}

static int set_log(struct cli *cli, struct error *err)
{
    static const struct name_value levels[] = {
        {"error", LOG_ERROR}, {"warning", LOG_WARNING}, {"warn", LOG_WARNING},
        {"info", LOG_INFO},   {"debug", LOG_DEBUG},     {0},
    };
    const char *format = cli->globals.log_format;
    const char *level = cli->globals.log_level;
    const struct name_value *n = levels;

    cli->level = cli->globals.debug ? LOG_DEBUG : LOG_WARNING;
    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        cli->globals.log_format = NULL;
        return error_text(err, EINVAL, "--log-format: 'text' or 'json', not '%s'", format);
    }
    if (!level || cli->globals.debug)
        return 0;
    while (n->name && strcmp(n->name, level) != 0)
        n++;
    if (!n->name)
        return error_text(err, EINVAL, "--log-level: unknown level '%s'", level);
    cli->level = (enum log_level)n->value;
    return 0;
}

static const char *state_root(struct cli *cli)
{
    const char *dir = getenv("XDG_RUNTIME_DIR");
    const char *usual = arena_printf(cli->arena, "/run/user/%d", getuid());

    if (cli->globals.root)
        return cli->globals.root;
    if (cli->privilege.host)
        return "/run/easyrun";
    if (dir && dir[0])
        return arena_printf(cli->arena, "%s/easyrun", dir);
    return access(usual, W_OK) == 0 ? arena_printf(cli->arena, "%s/easyrun", usual)
                                    : "/run/easyrun";
}

static int run_command(struct cli *cli, const struct command *command, int argc, char **argv,
                       struct error *err)
{
    void *options = arena_alloc(cli->arena, command->size + 1);
    string_list operands;
    int rc;

    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return print_command_help(cli, command);
    rc = options_parse(cli->arena, &command->options, argc, argv, command->in_order, options,
                       &operands, err);
    if (rc < 0)
        return rc;
    if (operands.count < command->min_operands)
        return error_text(err, EINVAL, "%s: needs %s", command->name, command->operands);
    if (operands.count > command->max_operands)
        return error_text(err, EINVAL, "%s: '%s' is too much", command->name,
                          operands.at[command->max_operands]);
    return command->run(cli, options, &operands, err);
}

struct invocation {
    struct cli cli;
    int argc;
    char **argv;
    struct error err;
};

static int run_line(struct invocation *v)
{
    struct cli *cli = &v->cli;
    string_list operands;
    int rc = options_parse(cli->arena, &global_table, v->argc, v->argv, true, &cli->globals,
                           &operands, &v->err);

    if (rc == 0)
        rc = set_log(cli, &v->err);
    if (rc < 0)
        return rc;
    privilege_find(&cli->privilege);
    cli->root = state_root(cli);
    if (cli->globals.version) {
        printf("easyrun version %s\ncommit: %s\nspec: %s\n", PACKAGE_VERSION, GIT_COMMIT,
               SPEC_VERSION);
        return 0;
    }
    if (cli->globals.help || operands.count == 0)
        return print_help(cli);
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        int skipped = v->argc - (int)operands.count;

        if (strcmp(commands[i]->name, operands.at[0]) == 0)
            return run_command(cli, commands[i], v->argc - skipped, v->argv + skipped, &v->err);
    }
    return error_text(&v->err, EINVAL, "unknown command '%s'", operands.at[0]);
}

static int run_and_report(void *ctx)
{
    struct invocation *v = ctx;
    int rc = run_line(v);

    if (rc < 0)
        cli_log(&v->cli, LOG_ERROR, "%s", v->err.text);
    return rc < 0 ? 1 : rc;
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct invocation v = {.argc = argc, .argv = argv};
    int rc = protect_self(argv);

    if (rc < 0) {
        fprintf(stderr, "easyrun: protect the program from containers: %s\n", strerror(-rc));
        return 1;
    }
    arena_init(&arena);
    v.cli.arena = &arena;
    rc = arena_run(&arena, run_and_report, &v);
    if (rc < 0) {
        fprintf(stderr, "easyrun: %s\n", strerror(-rc));
        rc = 1;
    }
    arena_release(&arena);
    return fflush(stdout) == 0 ? rc : 1;
}
