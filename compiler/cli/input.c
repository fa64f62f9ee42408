/* SPDX-License-Identifier: Apache-2.0 */
/* Sources: from a path or standard input to a resolved policy, or to a program. */
#include "compiler/cli/cli.h"

#include "base/io.h"

#include <string.h>
#include <unistd.h>

int read_source(const char *path, char **bytes, size_t *len)
{
    struct error err;
    int ret;

    if (!strcmp(path, "-"))
        ret = read_all(STDIN_FILENO, "standard input", COMPILE_MAX_SOURCE, bytes, len, &err);
    else
        ret = read_file(path, COMPILE_MAX_SOURCE, bytes, len, &err);
    if (ret < 0)
        report_error(&err);
    return ret;
}

void init_compile(struct cli *cli, struct compile *c)
{
    const struct arguments *args = &cli->args;

    compile_init(c, &(struct compile_options){.targets = args->archs.at,
                                              .target_count = args->archs.count,
                                              .tuning = args->tuning,
                                              .defines = args->defines.at,
                                              .define_count = args->defines.count,
                                              .include_dirs = args->include_dirs.at,
                                              .include_dir_count = args->include_dirs.count,
                                              .runtime = args->runtime,
                                              .kernel = args->kernel});
}

int load_text(struct cli *cli, struct compile *c, const char *path, const char *text, size_t len)
{
    int ret = compile_parse(c, strcmp(path, "-") ? path : "<stdin>", text, len);

    if (ret == 0)
        ret = compile_resolve(c);
    return ret < 0 ? report_failure(cli, c, ret) : load_trace(cli, c);
}

int load_policy(struct cli *cli, struct compile *c, const char *path)
{
    CLEANUP_FREE char *text = NULL;
    size_t len = 0;

    if (read_source(path, &text, &len) < 0)
        return EXIT_USAGE;
    return load_text(cli, c, path, text, len);
}

int load_source(struct cli *cli, struct compile *c, const char *path, struct program *program,
                bool *big_endian)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t len = 0;
    int guess;

    if (read_source(path, &bytes, &len) < 0)
        return EXIT_USAGE;
    /* no text ends in what a program must end in: opcodes of returns hold a NUL */
    guess = program_guess_endian(&cli->arena, (const unsigned char *)bytes, len);
    if (guess < 0)
        return load_text(cli, c, path, bytes, len);
    *big_endian = guess == 1;
    program_from_bytes(&cli->arena, (const unsigned char *)bytes, len, *big_endian, program);
    return EXIT_DONE;
}
