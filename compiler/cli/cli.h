/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands share: their table, their options, input and output. Only cli/ prints. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/str.h"
#include "compiler/driver.h"

#include <stdio.h>

/* Exit statuses, as easyseccomp(1) has them: the same for every command. */
enum {
    EXIT_DONE = 0,     /* done, clean, the same */
    EXIT_FINDINGS = 1, /* findings, different, failed tests; a policy that does not compile */
    EXIT_USAGE = 2,    /* wrong usage, or input that cannot be read */
};

enum option_id {
#define OPTION(id, ...) OPTION_##id,
#include "compiler/cli/options.def"
#undef OPTION
    OPTION_COUNT
};

typedef uint64_t option_set;
#define OPT(id)         ((option_set)1 << OPTION_##id)
#define PROFILE_OPTIONS (OPT(CAP) | OPT(CAPS) | OPT(AS) | OPT(KERNEL))
#define SOURCE_OPTIONS                                                                             \
    (OPT(ARCH) | OPT(DEFINE) | OPT(INCLUDE_DIR) | OPT(DIAGNOSTICS) | PROFILE_OPTIONS)
#define TUNING_OPTIONS (OPT(OPTIMIZE) | OPT(TRACE))

/* Of those that execute a command, as a shell says it: it cannot be executed, or does not exist. */
enum { EXIT_CANNOT_EXECUTE = 126, EXIT_NOT_FOUND = 127 };

/* The command line, parsed. */
struct arguments {
    VEC(const struct arch *) archs;
    VEC(struct define) defines;
    VEC(const char *) include_dirs;
    const char *input, *output, *format, *diagnostics, *dump, *trace, *source_map;
    enum oci_runtime runtime;
    kernel_release kernel; /* 0: any new one */
    struct tuning tuning;
    unsigned limit; /* seconds */
    const char *listener_path, *listener_metadata;
    const char *base, *default_action, *from;
    bool verify, subset, merge_intersect, merge_union;
    bool caps_told; /* --cap or --caps */
    bool verbose, why, json, check, write, quiet, coverage, append, stdio;
    VEC(const char *) warnings; /* of lint, as they stand behind -W */
    VEC(const char *) operands;
};

struct cli {
    struct arena arena; /* of the command line; each compile has its own */
    const struct command *command;
    struct arguments args;
    int argc;
    char **argv;
    bool heap_populated; /* input.c */
};

struct command {
    const char *name, *usage, *summary, *example;
    option_set options;
    int (*run)(struct cli *cli); /* returns the exit status; inside arena_run() of cli->arena */
};

extern const struct command commands[];
extern const size_t command_count;

#define COMMAND(name, ...) int cmd_##name(struct cli *cli);
#include "compiler/cli/commands.def"
#undef COMMAND

/* --- options.c ----------------------------------------------------------------------------------
 */

/* Fills cli->args from argv[first]…; < 0: parsed; else the exit status (help was shown, or an
 * error). */
int parse_arguments(struct cli *cli, int first);
void show_help(FILE *to, const struct command *command);
void show_overview(FILE *to);

/* Of the command lint: its table. */
void show_lints(FILE *to);

/* --- report.c: what goes to standard error ------------------------------------------------------
 */

/* "easyseccomp: ..." on standard error; returns EXIT_USAGE. */
int usage_error(const char *fmt, ...) PRINTF(1, 2);
int report_error(const struct error *err);
/* Is this a terminal that is to have colours? */
bool wants_colour(FILE *to);
/* Shows the diagnostics as asked for; returns the exit status they make: findings if there are
 * errors. */
int report_diags(struct cli *cli, struct compile *c);
/* The same for diagnostics in cli->arena. */
int report_list(struct cli *cli, struct diags *diags);
/* Result of a driver step that failed: diagnostics, or no memory. */
int report_failure(struct cli *cli, struct compile *c, int ret);

/* --- input.c ------------------------------------------------------------------------------------
 */

/* Reads a file or, for "-", standard input; malloc'ed. Negative after a report. */
int read_source(const char *path, char **bytes, size_t *len) MUST_CHECK;
/* How a path is shown: "-" is standard input. */
const char *source_name(const char *path);
/* Those of the command line. */
struct compile_options options_of(const struct cli *cli);
/* A compile with the options of the command line. */
void init_compile(struct cli *cli, struct compile *c);
/* Parses and resolves a text; path: its name, "-" for standard input. EXIT_DONE, or another status
 * after a report. */
int load_text(struct cli *cli, struct compile *c, const char *path, const char *text,
              size_t len) MUST_CHECK;
/* Reads, parses and resolves a policy. EXIT_DONE, or another status after a report. */
int load_policy(struct cli *cli, struct compile *c, const char *path) MUST_CHECK;
/* The same for a source that may also be raw BPF: then c->ast stays NULL, and program (in
 * cli->arena) is one that the kernel accepts. */
int load_source(struct cli *cli, struct compile *c, const char *path, struct program *program,
                bool *big_endian) MUST_CHECK;

/* The same with the program of whatever it is, once what was to say of it is shown. */
int load_program(struct cli *cli, struct compile *c, const char *path, struct program *program,
                 bool *big_endian) MUST_CHECK;

/* --- lint.c -------------------------------------------------------------------------------------
 */

struct lint_options;

/* The lints as -W has them; EXIT_DONE, or another status after a report. */
int lint_levels(struct cli *cli, struct lint_options *o);

/* --- trace.c ------------------------------------------------------------------------------------
 */

/* Reads --trace, if it is given, into the tuning of the compile. */
int load_trace(struct cli *cli, struct compile *c) MUST_CHECK;

/* --- execute.c ----------------------------------------------------------------------------------
 */

/* The operands from the first one on, as execvp(3) takes them. */
char **command_of(struct cli *cli, size_t first);
/* What a shell makes of a status of wait(2). */
int shell_status(int status);
/* Becomes the command, or reports and returns the status to end with. It is not declared never to
 * return: before such calls AddressSanitizer makes system calls, and a filter may be in force. */
int execute_command(char **command);

/* --- output.c -----------------------------------------------------------------------------------
 */

/* Writes a result to --output or standard output, whole or not at all; raw bytes never to a
 * terminal. Returns the exit status. */
int write_result(struct cli *cli, const void *bytes, size_t len, bool is_text);

#endif
