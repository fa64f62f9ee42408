/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp lsp: the language server on standard input and output, in the frames of the
 * protocol's base: header lines, an empty line, as many bytes as Content-Length says. */
#include "config.h"

#include "base/io.h"
#include "compiler/cli/cli.h"
#include "compiler/lsp/lsp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MAX_MESSAGE ((size_t)256 * 1024 * 1024)

/* Reads the header; 1: the length of what follows is in *len, 0: the stream has ended. */
static int read_header(char **line, size_t *room, size_t *len)
{
    static const char field[] = "Content-Length:";
    bool found = false, begun = false;

    for (;;) {
        ssize_t got = getline(line, room, stdin);
        char *end;

        if (got < 0)
            return begun ? -EPROTO : 0;
        begun = true;
        if ((*line)[strspn(*line, "\r\n")] == '\0')
            return found ? 1 : -EPROTO;
        if (strncasecmp(*line, field, strlen(field)) != 0)
            continue;
        errno = 0;
        *len = strtoul(*line + strlen(field), &end, 10);
        found = errno == 0 && end[strspn(end, " \t\r\n")] == '\0' && *len <= MAX_MESSAGE;
    }
}

/* 1: a message, malloc'ed; 0: the stream has ended. */
static int read_message(char **text, size_t *len)
{
    CLEANUP_FREE char *line = NULL;
    size_t room = 0;
    int ret = read_header(&line, &room, len);

    if (ret <= 0)
        return ret;
    *text = malloc(*len + 1);
    if (!*text)
        return -ENOMEM;
    return fread(*text, 1, *len, stdin) == *len ? 1 : -EPROTO;
}

/* ctx of handle() */
struct exchange {
    struct lsp *server;
    struct arena arena;
    const char *text;
    size_t len;
    lsp_messages answers;
};

static int handle(void *ctx)
{
    struct exchange *e = ctx;

    return lsp_handle(e->server, &e->arena, e->text, e->len, &e->answers);
}

static int write_messages(const lsp_messages *list)
{
    for (size_t i = 0; i < list->count; i++) {
        printf("Content-Length: %zu\r\n\r\n%s", strlen(list->at[i]), list->at[i]);
        if (fflush(stdout) != 0)
            return -errno;
    }
    return 0;
}

/* One message and what it is answered with. 1: on; 0: the client has gone. */
static int serve(struct lsp *server)
{
    CLEANUP_FREE char *text = NULL;
    struct exchange e = {.server = server};
    int ret = read_message(&text, &e.len);

    if (ret <= 0)
        return ret;
    e.text = text;
    arena_init(&e.arena);
    ret = arena_run(&e.arena, handle, &e);
    if (ret == 0)
        ret = write_messages(&e.answers);
    arena_release(&e.arena);
    return ret < 0 ? ret : 1;
}

int cmd_lsp(struct cli *cli)
{
    struct lsp server = {.version = PACKAGE_VERSION};
    int ret = lint_levels(cli, &server.lint);

    if (ret != EXIT_DONE)
        return ret;
    if (cli->args.operands.count)
        return usage_error("lsp takes no operands: documents come from the client");
    server.compile = options_of(cli);
    do
        ret = serve(&server);
    while (ret > 0 && !server.exited);
    lsp_release(&server);
    if (ret == -EPROTO)
        return usage_error("standard input is not of the Language Server Protocol");
    if (ret < 0)
        return usage_error("lsp: %s", strerror(-ret));
    return lsp_exit_status(&server) == 0 ? EXIT_DONE : EXIT_FINDINGS;
}
