/* SPDX-License-Identifier: Apache-2.0 */
/* What every command of easyrun has in common. */
#ifndef RUNTIME_CLI_CLI_H
#define RUNTIME_CLI_CLI_H

#include "runtime-loader/cli/options.h"
#include "runtime-loader/exec/privilege.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Options before the command. */
struct globals {
    const char *root, *log, *log_format, *log_level, *cgroup_manager;
    bool debug, systemd_cgroup, version, help;
    string_list seccomp_bpf;
    const char *precompiled, *complain;
};

struct cli {
    struct arena *arena;
    struct globals globals;
    enum log_level level;
    const char *root; /* where states are */
    struct privilege privilege;
};

/* A command: its options go into a zeroed structure of `size` bytes. run returns the exit status,
 * or a negative errno value with an error record. */
struct command {
    const char *name, *operands, *summary;
    struct option_table options;
    size_t size;
    size_t min_operands, max_operands;
    bool in_order;
    int (*run)(struct cli *cli, const void *options, const string_list *operands,
               struct error *err);
};

#define COMMAND(name) extern const struct command command_##name;
#include "runtime-loader/cli/commands.def"
#undef COMMAND

/* Writes one entry to the log: a line of text, or an object with --log-format json. */
void cli_log(struct cli *cli, enum log_level level, const char *fmt, ...) PRINTF(3, 4);

#endif
