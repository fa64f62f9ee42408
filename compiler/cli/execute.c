/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that are executed for the user. */
#include "compiler/cli/cli.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

char **command_of(struct cli *cli, size_t first)
{
    size_t count = cli->args.operands.count - first;
    char **command = ARENA_ARRAY(&cli->arena, char *, count + 1);

    for (size_t i = 0; i < count; i++)
        command[i] = arena_strdup(&cli->arena, cli->args.operands.at[first + i]);
    return command;
}

int shell_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int execute_command(char **command)
{
    int code;

    execvp(command[0], command);
    code = errno;
    usage_error("cannot execute '%s': %s", command[0], strerror(code));
    return code == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXECUTE;
}
