/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp: finds the command and runs it. */
#include "config.h"

#include "compiler/cli/cli.h"

#include <string.h>

const struct command commands[] = {
#define COMMAND(name, usage, summary, example, options)                                            \
    {#name, usage, summary, example, options, cmd_##name},
#include "compiler/cli/commands.def"
#undef COMMAND
};
const size_t command_count = ARRAY_SIZE(commands);

static const struct command *find_command(const char *name)
{
    size_t i;

    for (i = 0; i < command_count; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static int help(int argc, char **argv)
{
    const struct command *command;

    if (argc < 3) {
        show_overview(stdout);
        return EXIT_DONE;
    }
    command = find_command(argv[2]);
    if (!command)
        return usage_error("there is no command '%s': 'easyseccomp --help' lists them", argv[2]);
    show_help(stdout, command);
    return EXIT_DONE;
}

static int run_command(void *ctx)
{
    struct cli *cli = ctx;
    int first = 1, status;

    cli->command = cli->argc > 1 ? find_command(cli->argv[1]) : NULL;
    if (cli->command)
        first = 2;
    else
        cli->command = find_command("compile");
    status = parse_arguments(cli, first);
    return status >= 0 ? status : cli->command->run(cli);
}

static int flush(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    return usage_error("cannot write to standard output");
}

int main(int argc, char **argv)
{
    struct cli cli = {.argc = argc, .argv = argv};
    int status;

    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")))
        return flush(help(argc, argv));
    if (argc > 1 && !strcmp(argv[1], "--version")) {
        printf("easyseccomp %s\n", PACKAGE_VERSION);
        return flush(EXIT_DONE);
    }
    arena_init(&cli.arena);
    status = arena_run(&cli.arena, run_command, &cli);
    arena_release(&cli.arena);
    if (status < 0)
        status = usage_error("out of memory");
    return flush(status);
}
