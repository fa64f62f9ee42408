/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun list, ps. */
#include "runtime-loader/cli/container.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct options {
    const char *format;
    bool quiet;
};

static int parse_format(const char *format, bool *json, struct error *err)
{
    *json = format && strcmp(format, "json") == 0;
    if (format && !*json && strcmp(format, "table") != 0)
        return error_text(err, EINVAL, "--format: 'table' or 'json', not '%s'", format);
    return 0;
}

static void print_row(struct container *c, bool json, bool quiet, const char *comma)
{
    const char *status = status_names[container_status(c)];

    if (json)
        printf("%s%s", comma, state_json_full(c->cli->arena, &c->state, status));
    else if (quiet)
        printf("%s\n", c->state.id);
    else
        printf("%-24s %-8d %-9s %-40s %s\n", c->state.id, c->state.pid, status, c->state.bundle,
               c->state.created ? c->state.created : "-");
}

static int run_list(struct cli *cli, const void *options, const string_list *operands,
                    struct error *err)
{
    const struct options *o = options;
    const char *comma = "";
    string_list ids;
    bool json;
    int rc = parse_format(o->format, &json, err);

    (void)operands;
    if (rc == 0)
        rc = state_list(cli->arena, cli->root, &ids, err);
    if (rc < 0)
        return rc;
    if (json)
        printf("[");
    else if (!o->quiet)
        printf("%-24s %-8s %-9s %-40s %s\n", "ID", "PID", "STATUS", "BUNDLE", "CREATED");
    for (size_t i = 0; i < ids.count; i++) {
        struct container c;
        struct error one;

        /* One that is being deleted meanwhile, or is damaged, does not hide the others. */
        rc = container_open(cli, ids.at[i], false, &c, &one);
        if (rc == 0) {
            print_row(&c, json, o->quiet, comma);
            comma = ",";
        } else if (rc != -ENOENT) {
            cli_log(cli, LOG_WARNING, "%s", one.text);
        }
        container_release(&c);
    }
    if (json)
        printf("]\n");
    return 0;
}

static bool is_member(const pid_list *pids, long pid)
{
    for (size_t i = 0; i < pids->count; i++)
        if (pids->at[i] == (pid_t)pid)
            return true;
    return false;
}

/* Prints the head line and the lines of our processes, by the column that is called PID. */
static int filter_table(FILE *in, const pid_list *pids, struct error *err)
{
    char line[8192];
    int column = -1;

    while (fgets(line, sizeof(line), in)) {
        char copy[sizeof(line)];
        char *words, *word;
        int index = 0;
        bool first = column < 0;

        memcpy(copy, line, sizeof(copy));
        for (word = strtok_r(copy, " \t\n", &words); word;
             word = strtok_r(NULL, " \t\n", &words), index++) {
            if (first && strcmp(word, "PID") == 0)
                column = index;
            if (index == column)
                break;
        }
        if (first && column < 0)
            return error_text(err, EINVAL, "ps: its output has no column PID");
        if (first || (word && is_member(pids, strtol(word, NULL, 10))))
            fputs(line, stdout);
    }
    return 0;
}

static int print_table(struct cli *cli, const pid_list *pids, const string_list *operands,
                       struct error *err)
{
    static const char *const usual[] = {"ps", "-ef", NULL};
    string_list name = {(const char *[]){"ps"}, 1};
    string_list rest = {operands->at + 1, operands->count - 1};
    string_list args = join_lists(cli->arena, &name, &rest);
    int ends[2];
    FILE *in;
    pid_t child;
    int rc;

    if (pipe(ends) < 0)
        return error_set(err, errno, "pipe");
    child = fork();
    if (child < 0)
        return error_set(err, errno, "fork");
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execvp("ps", (char *const *)(uintptr_t)(rest.count ? args.at : usual));
        _exit(127);
    }
    close(ends[1]);
    in = fdopen(ends[0], "r");
    rc = in ? filter_table(in, pids, err) : error_set(err, errno, "fdopen");
    if (in)
        fclose(in);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return rc;
}

static int run_ps(struct cli *cli, const void *options, const string_list *operands,
                  struct error *err)
{
    const struct options *o = options;
    struct container c;
    pid_list pids = {0};
    bool json;
    int rc = container_open(cli, operands->at[0], false, &c, err);

    if (rc == 0)
        rc = parse_format(o->format, &json, err);
    if (rc == 0 && !c.state.cgroup)
        rc = error_text(err, ENOTSUP, "container '%s' has no cgroup to be listed", c.state.id);
    if (rc == 0)
        rc = cgroup_processes(cli->arena, &c.cgroups, c.state.cgroup, &pids, err);
    container_release(&c);
    if (rc < 0)
        return rc;
    if (!json)
        return print_table(cli, &pids, operands, err);
    printf("[");
    for (size_t i = 0; i < pids.count; i++)
        printf("%s%d", i ? "," : "", pids.at[i]);
    printf("]\n");
    return 0;
}

static const struct option list_options[] = {
    {"format", 'f', OPTION_TEXT, offsetof(struct options, format), "FORMAT", "table or json"},
    {"quiet", 'q', OPTION_FLAG, offsetof(struct options, quiet), NULL, "only the names"},
};
static const struct option ps_options[] = {
    {"format", 'f', OPTION_TEXT, offsetof(struct options, format), "FORMAT", "table or json"},
};

const struct command command_list = {
    .name = "list",
    .operands = "",
    .summary = "all containers",
    .options = OPTIONS(list_options),
    .size = sizeof(struct options),
    .run = run_list,
};

const struct command command_ps = {
    .name = "ps",
    .operands = "ID [PS OPTIONS…]",
    .summary = "the processes of a container",
    .options = OPTIONS(ps_options),
    .size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .in_order = true,
    .run = run_ps,
};
