/* SPDX-License-Identifier: Apache-2.0 */
/* Sources: from a path or standard input to a resolved policy, or to a program. */
#include "compiler/cli/cli.h"

#include "base/io.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

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

/* What a container's policy takes; for a few lines it is not much too much. */
#define USUAL_MEMORY ((size_t)640 * 1024)

/* Most of a short compile's time goes into faults, one for each page of its memory: the heap gets
 * these pages at once. Where that cannot be (before Linux 5.14), it goes on as it was. */
static void populate_heap(struct cli *cli)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin;
    void *all;

    if (cli->heap_populated)
        return;
    cli->heap_populated = true;
    mallopt(M_MMAP_THRESHOLD, 4 * USUAL_MEMORY);
    mallopt(M_TRIM_THRESHOLD, 4 * USUAL_MEMORY);
    all = malloc(USUAL_MEMORY);
    /* cppcheck-suppress uninitdata ; only its place matters */
    begin = ((uintptr_t)all + page - 1) / page * page;
    if (all)
        madvise((void *)begin, USUAL_MEMORY - page, MADV_POPULATE_WRITE);
    free(all);
}

const char *source_name(const char *path)
{
    return strcmp(path, "-") ? path : "<stdin>";
}

struct compile_options options_of(const struct cli *cli)
{
    const struct arguments *args = &cli->args;

    return (struct compile_options){.targets = args->archs.at,
                                    .target_count = args->archs.count,
                                    .tuning = args->tuning,
                                    .defines = args->defines.at,
                                    .define_count = args->defines.count,
                                    .include_dirs = args->include_dirs.at,
                                    .include_dir_count = args->include_dirs.count,
                                    .runtime = args->runtime,
                                    .kernel = args->kernel};
}

void init_compile(struct cli *cli, struct compile *c)
{
    struct compile_options options = options_of(cli);

    populate_heap(cli);
    compile_init(c, &options);
}

int load_text(struct cli *cli, struct compile *c, const char *path, const char *text, size_t len)
{
    int ret = compile_parse(c, source_name(path), text, len);

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

int load_program(struct cli *cli, struct compile *c, const char *path, struct program *program,
                 bool *big_endian)
{
    int status = load_source(cli, c, path, program, big_endian), ret;

    if (status != EXIT_DONE || !c->ast)
        return status;
    ret = compile_filter(c);
    if (ret < 0)
        return report_failure(cli, c, ret);
    report_diags(cli, c);
    *program = c->filter->layout.program;
    *big_endian = c->policy->targets[0].arch->big_endian;
    return EXIT_DONE;
}
