/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/prover.h"

#include "base/io.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where it is, for a build that is not installed. */
#define PROVE_VARIABLE "EASYSECCOMP_PROVE"

struct prover_source prover_source_of(struct cli *cli, const struct compile *c,
                                      const struct program *p, bool big_endian, const char *name)
{
    size_t len = p->count * sizeof(struct sock_filter);
    unsigned char *bytes;

    if (c->source)
        return (struct prover_source){c->source->name, c->source->text, c->source->len};
    bytes = arena_alloc(&cli->arena, len);
    program_to_bytes(p, big_endian, bytes);
    return (struct prover_source){name, bytes, len};
}

/* A file in memory that the child inherits. */
static int memory_file(const struct prover_source *s, struct error *err)
{
    CLEANUP_FD int fd = memfd_create("easyseccomp", 0);
    int ret;

    if (fd < 0)
        return error_set(err, errno, "cannot make a file in memory");
    ret = write_all(fd, s->bytes, s->len, err);
    if (ret < 0)
        return ret;
    if (lseek(fd, 0, SEEK_SET) < 0)
        return error_set(err, errno, "cannot rewind a file in memory");
    return steal_fd(&fd);
}

/* --- its command line -------------------------------------------------------------------------*/

struct words {
    struct arena *arena;
    VEC(char *) list;
};

static void PRINTF(2, 3) add_word(struct words *w, const char *fmt, ...)
{
    va_list ap;
    char *word;

    va_start(ap, fmt);
    word = arena_vprintf(w->arena, fmt, ap);
    va_end(ap);
    VEC_PUSH(w->arena, &w->list, word);
}

static char **command_line(struct cli *cli, const char *what, const struct prover_source *sources,
                           size_t count, bool quiet, const int *fds)
{
    const struct arguments *args = &cli->args;
    struct words w = {.arena = &cli->arena};

    add_word(&w, "easyseccomp-prove");
    for (size_t i = 0; i < args->archs.count; i++)
        add_word(&w, "-a%s", args->archs.at[i]->name);
    for (size_t i = 0; i < args->defines.count; i++)
        add_word(&w, "-d%s=%" PRIu64, args->defines.at[i].name, args->defines.at[i].value);
    for (size_t i = 0; i < args->include_dirs.count; i++)
        add_word(&w, "-I%s", args->include_dirs.at[i]);
    add_word(&w, "-r%d", (int)args->runtime);
    add_word(&w, "-k%" PRIu32, args->kernel);
    add_word(&w, "-t%u", args->limit);
    if (args->json)
        add_word(&w, "-j");
    if (quiet)
        add_word(&w, "-q");
    add_word(&w, "--");
    add_word(&w, "%s", what);
    for (size_t i = 0; i < count; i++) {
        add_word(&w, "%s", sources[i].name);
        add_word(&w, "%d", fds[i]);
    }
    VEC_PUSH(w.arena, &w.list, NULL);
    return w.list.at;
}

/* --- running it -------------------------------------------------------------------------------*/

static const char *prover_path(void)
{
    const char *path = getenv(PROVE_VARIABLE);

    return path && *path ? path : PROVER;
}

/* Does not return. */
static void NORETURN execute(char **words, int to)
{
    int code;

    if (dup2(to, STDOUT_FILENO) >= 0)
        execv(prover_path(), words);
    code = errno;
    if (code == ENOENT)
        usage_error("there is no prover, '%s': it is built where configure finds Z3 (Debian's "
                    "libz3-dev)",
                    prover_path());
    else
        usage_error("cannot execute '%s': %s", prover_path(), strerror(code));
    _exit(EXIT_USAGE);
}

static int wait_for(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return usage_error("lost the prover: %s", strerror(errno));
    if (WIFSIGNALED(status))
        return usage_error("the prover was killed by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

int run_prover(struct cli *cli, const char *what, const struct prover_source *sources, size_t count,
               bool quiet, int to)
{
    int *fds = ARENA_ARRAY(&cli->arena, int, count), status;
    char **words;
    struct error err;
    pid_t child;

    for (size_t i = 0; i < count; i++) {
        fds[i] = memory_file(&sources[i], &err);
        if (fds[i] < 0)
            return report_error(&err);
    }
    words = command_line(cli, what, sources, count, quiet, fds);
    fflush(stdout);
    child = fork();
    if (child == 0)
        execute(words, to);
    status = child < 0 ? usage_error("cannot fork: %s", strerror(errno)) : wait_for(child);
    for (size_t i = 0; i < count; i++)
        close(fds[i]);
    return status;
}
