/* SPDX-License-Identifier: Apache-2.0 */
/* The command line against the tables of options and commands. */
#include "compiler/cli/cli.h"
#include "compiler/front/engine_caps.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct option_info {
    int letter; /* 0: none */
    const char *name, *argument, *help;
};

static const struct option_info options[OPTION_COUNT] = {
#define OPTION(id, letter, name, argument, help) [OPTION_##id] = {letter, name, argument, help},
#include "compiler/cli/options.def"
#undef OPTION
};

/* --- help ---------------------------------------------------------------------------------------
 */

static const char format_help[] =
    "\nFormats:\n"
    "  json        OCI JSON with the same meaning through libseccomp\n"
    "  docker      a profile of docker and podman: JSON with CAP_ and architectures left open\n"
    "  bpf         raw instructions for seccomp(2), in the target's byte order\n"
    "  annotation  the same in base64, for the annotation run.oci.seccomp_bpf_data\n"
    "  c           a C header with the instructions as an array\n"
    "  asm         disassembly with the policy's lines\n"
    "  dot         the decision graph for graphviz\n";

static void show_option(FILE *to, const struct option_info *o)
{
    char names[64];

    if (o->letter)
        snprintf(names, sizeof(names), "-%c, --%s", o->letter, o->name);
    else
        snprintf(names, sizeof(names), "    --%s", o->name);
    if (o->argument)
        snprintf(names + strlen(names), sizeof(names) - strlen(names), " %s", o->argument);
    fprintf(to, "  %-28s %s\n", names, o->help);
}

void show_help(FILE *to, const struct command *command)
{
    unsigned i;

    fprintf(to, "Usage: easyseccomp %s %s\n%c%s.\n\nOptions:\n", command->name, command->usage,
            command->summary[0] - 'a' + 'A', command->summary + 1);
    for (i = 0; i < OPTION_COUNT; i++)
        if (command->options & (option_set)1 << i)
            show_option(to, &options[i]);
    if (command->options & OPT(FORMAT))
        fputs(format_help, to);
    if (command->options & OPT(WARN))
        show_lints(to);
    fprintf(to, "\nExample:\n  %s\n", command->example);
}

void show_overview(FILE *to)
{
    size_t i;

    fputs("Usage: easyseccomp [COMMAND] [OPTION]… [OPERAND]…\n"
          "Compiles seccomp policies: easyseccomp < POLICY > PROFILE.json\n\nCommands:\n",
          to);
    for (i = 0; i < command_count; i++)
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\nWithout a command: compile. 'easyseccomp COMMAND --help' tells more.\n"
          "Exit status: 0 done, 1 findings or a policy that does not compile, 2 wrong usage or\n"
          "unreadable input.\n",
          to);
}

/* A month: more is a slip of the pen. */
#define MAX_LIMIT     2592000
#define DEFAULT_LIMIT 60

/* --- values -------------------------------------------------------------------------------------
 */

static int add_archs(struct cli *cli, const char *list)
{
    while (*list) {
        size_t len = strcspn(list, ",");
        const struct arch *arch = arch_by_name(list, len);

        if (!arch) {
            struct nearest near;
            size_t i;

            nearest_init(&near, list, len);
            for (i = 0; i < ARCH_COUNT; i++)
                nearest_feed(&near, arch_table[i].name);
            return usage_error("unknown architecture '%.*s'%s%s%s", (int)len, list,
                               near.best ? ": did you mean '" : "", near.best ? near.best : "",
                               near.best ? "'?" : "");
        }
        VEC_PUSH(&cli->arena, &cli->args.archs, arch);
        list += len + (list[len] == ',');
    }
    return 0;
}

static int add_define(struct cli *cli, const char *text)
{
    size_t len = strcspn(text, "=");
    struct define d = {arena_strndup(&cli->arena, text, len), 1};
    char *end;

    if (!len)
        return usage_error("-d needs a name: '%s'", text);
    if (text[len] == '=') {
        errno = 0;
        d.value = strtoull(text + len + 1, &end, 0);
        if (errno || *end || end == text + len + 1 || strchr(text + len, '-'))
            return usage_error("the value of '%s' is not a number of 64 bits", text);
    }
    VEC_PUSH(&cli->arena, &cli->args.defines, d);
    return 0;
}

static int set_level(struct cli *cli, const char *text)
{
    static const struct {
        const char *name;
        enum tuning_level level;
    } levels[] = {{"0", TUNE_NONE}, {"1", TUNE_LITTLE}, {"2", TUNE_DEFAULT}, {"s", TUNE_SIZE}};

    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
        if (!strcmp(text, levels[i].name)) {
            cli->args.tuning.level = levels[i].level;
            return 0;
        }
    return usage_error("-O is 0, 1, 2 or s, not '%s'", text);
}

static int add_cap(struct cli *cli, const char *name)
{
    struct define d = {name, 1};

    if (strncmp(name, "CAP_", 4) != 0 ||
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != strlen(name))
        return usage_error("a capability is a name such as CAP_SYS_ADMIN, not '%s'", name);
    VEC_PUSH(&cli->arena, &cli->args.defines, d);
    cli->args.caps_told = true;
    return 0;
}

static int add_caps(struct cli *cli, const char *engine)
{
    if (!is_engine(engine))
        return usage_error("--caps is podman, docker or none, not '%s'", engine);
    cli->args.caps_told = true;
    for (size_t i = 0; i < engine_cap_count; i++)
        if (!strcmp(engine_caps[i].engine, engine))
            add_cap(cli, engine_caps[i].cap);
    return 0;
}

/* Linux answers from a bitmap since 5.11. */
static int set_kernel(struct cli *cli, const char *text)
{
    unsigned major, minor;
    int end = 0;

    if (sscanf(text, "%3u.%3u%n", &major, &minor, &end) != 2 || (text[end] && text[end] != '.'))
        return usage_error("--kernel is a version such as 5.10, not '%s'", text);
    if (major > UINT8_MAX || minor > UINT8_MAX)
        return usage_error("there is no kernel '%s'", text);
    cli->args.kernel = KERNEL_RELEASE(major, minor, 0);
    cli->args.tuning.no_bitmap = major < 5 || (major == 5 && minor < 11);
    return 0;
}

static int set_runtime(struct cli *cli, const char *text)
{
    static const char *const names[] = {
        [OCI_AS_CRUN] = "crun", [OCI_AS_RUNC] = "runc", [OCI_AS_SPEC] = "spec"};

    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (!strcmp(text, names[i])) {
            cli->args.runtime = (enum oci_runtime)i;
            return 0;
        }
    return usage_error("--as is crun, runc or spec, not '%s'", text);
}

static int set_limit(struct cli *cli, const char *text)
{
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);

    if (*text < '0' || *text > '9' || *end || seconds > MAX_LIMIT)
        return usage_error("--limit is a number of seconds up to %d, not '%s'", MAX_LIMIT, text);
    cli->args.limit = (unsigned)seconds;
    return 0;
}

static int add_include_dir(struct cli *cli, const char *dir)
{
    VEC_PUSH(&cli->arena, &cli->args.include_dirs, dir);
    return 0;
}

static int add_warning(struct cli *cli, const char *text)
{
    VEC_PUSH(&cli->arena, &cli->args.warnings, text);
    return 0;
}

static int set_diagnostics(struct cli *cli, const char *form)
{
    cli->args.diagnostics = form;
    if (strcmp(form, "text") && strcmp(form, "json"))
        return usage_error("--diagnostics is text or json, not '%s'", form);
    return 0;
}

static int set_svg(struct cli *cli, const char *none)
{
    (void)none;
    cli->args.format = "svg";
    return 0;
}

/* What an option does: sets a flag, keeps its text, or what its function does. */
struct taking {
    enum { TAKE_FLAG, TAKE_TEXT, TAKE_CALL } kind;
    size_t member; /* FLAG, TEXT: of struct arguments */
    int (*call)(struct cli *cli, const char *value);
};

#define FLAG(member)                                                                               \
    {                                                                                              \
        TAKE_FLAG, offsetof(struct arguments, member), NULL                                        \
    }
#define TEXT(member)                                                                               \
    {                                                                                              \
        TAKE_TEXT, offsetof(struct arguments, member), NULL                                        \
    }
#define CALL(call)                                                                                 \
    {                                                                                              \
        TAKE_CALL, 0, call                                                                         \
    }

static const struct taking takings[OPTION_COUNT] = {
    [OPTION_ARCH] = CALL(add_archs),
    [OPTION_DEFINE] = CALL(add_define),
    [OPTION_INCLUDE_DIR] = CALL(add_include_dir),
    [OPTION_INPUT] = TEXT(input),
    [OPTION_OUTPUT] = TEXT(output),
    [OPTION_FORMAT] = TEXT(format),
    [OPTION_FINDINGS] = TEXT(format),
    [OPTION_WARN] = CALL(add_warning),
    [OPTION_PICTURE] = TEXT(format), /* of another command, under the same name */
    [OPTION_SVG] = CALL(set_svg),
    [OPTION_VERBOSE] = FLAG(verbose),
    [OPTION_DIAGNOSTICS] = CALL(set_diagnostics),
    [OPTION_DUMP] = TEXT(dump),
    [OPTION_WHY] = FLAG(why),
    [OPTION_JSON] = FLAG(json),
    [OPTION_CHECK] = FLAG(check),
    [OPTION_CHECK_LAYOUT] = FLAG(check),
    [OPTION_WRITE] = FLAG(write),
    [OPTION_COVERAGE] = FLAG(coverage),
    [OPTION_CALLS] = TEXT(trace),
    [OPTION_SOURCE_MAP] = TEXT(source_map),
    [OPTION_MAP_OF] = TEXT(source_map),
    [OPTION_QUIET] = FLAG(quiet),
    [OPTION_OPTIMIZE] = CALL(set_level),
    [OPTION_TRACE] = TEXT(trace),
    [OPTION_KERNEL] = CALL(set_kernel),
    [OPTION_CAP] = CALL(add_cap),
    [OPTION_CAPS] = CALL(add_caps),
    [OPTION_AS] = CALL(set_runtime),
    [OPTION_VERIFY] = FLAG(verify),
    [OPTION_SUBSET] = FLAG(subset),
    [OPTION_INTERSECT] = FLAG(merge_intersect),
    [OPTION_UNION] = FLAG(merge_union),
    [OPTION_LIMIT] = CALL(set_limit),
    [OPTION_LISTENER_PATH] = TEXT(listener_path),
    [OPTION_LISTENER_METADATA] = TEXT(listener_metadata),
    [OPTION_BASE] = TEXT(base),
    [OPTION_APPEND] = FLAG(append),
    [OPTION_FROM] = TEXT(from),
    [OPTION_DEFAULT] = TEXT(default_action),
    [OPTION_STDIO] = FLAG(stdio),
};

static int take_option(struct cli *cli, enum option_id id, const char *value)
{
    const struct taking *t = &takings[id];
    char *member = (char *)&cli->args + t->member;

    switch (t->kind) {
    case TAKE_FLAG:
        *(bool *)member = true;
        break;
    case TAKE_TEXT:
        *(const char **)member = value;
        break;
    case TAKE_CALL:
        return t->call(cli, value);
    }
    return 0;
}

/* --- parsing ------------------------------------------------------------------------------------
 */

/* Long options get values above any letter. */
#define LONG_BASE 256
#define LONG_HELP (LONG_BASE + OPTION_COUNT)

static enum option_id id_of(int c)
{
    unsigned i;

    if (c >= LONG_BASE)
        return (enum option_id)(c - LONG_BASE);
    for (i = 0; i < OPTION_COUNT; i++)
        if (options[i].letter == c)
            return (enum option_id)i;
    __builtin_unreachable();
}

struct getopt_tables {
    char letters[2 * OPTION_COUNT + 8];
    struct option names[OPTION_COUNT + 2];
};

static void make_tables(const struct command *command, struct getopt_tables *t)
{
    size_t letters = 0, names = 0;
    unsigned i;

    t->letters[letters++] = ':'; /* a missing argument is told apart from an unknown option */
    t->letters[letters++] = 'h';
    for (i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *o = &options[i];

        if (!(command->options & (option_set)1 << i))
            continue;
        if (o->letter) {
            t->letters[letters++] = (char)o->letter;
            if (o->argument)
                t->letters[letters++] = ':';
        }
        t->names[names++] = (struct option){o->name, o->argument ? required_argument : no_argument,
                                            NULL, (int)(LONG_BASE + i)};
    }
    t->names[names++] = (struct option){"help", no_argument, NULL, LONG_HELP};
    t->letters[letters] = '\0';
    t->names[names] = (struct option){0};
}

static int wrong_option(struct cli *cli, int c)
{
    const char *text = cli->argv[optind - 1];

    if (c == ':')
        return usage_error("the option '%s' needs an argument", text);
    return usage_error("%s has no option '%s': see 'easyseccomp %s --help'", cli->command->name,
                       text, cli->command->name);
}

int parse_arguments(struct cli *cli, int first)
{
    /* getopt wants a program name before the options */
    char **argv = cli->argv + first - 1;
    int argc = cli->argc - first + 1, c, status;
    struct getopt_tables tables;

    make_tables(cli->command, &tables);
    cli->args.limit = DEFAULT_LIMIT;
    cli->argv = argv;
    opterr = 0;
    while ((c = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
        if (c == 'h' || c == LONG_HELP) {
            show_help(stdout, cli->command);
            return EXIT_DONE;
        }
        if (c == '?' || c == ':')
            return wrong_option(cli, c);
        status = take_option(cli, id_of(c), optarg);
        if (status)
            return status;
    }
    for (; optind < argc; optind++)
        VEC_PUSH(&cli->arena, &cli->args.operands, argv[optind]);
    return -1;
}
