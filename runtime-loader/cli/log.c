/* SPDX-License-Identifier: Apache-2.0 */
/* The log: to standard error, or to the file of --log, as text or JSON. */
#include "base/io.h"
#include "runtime-loader/cli/cli.h"
#include "runtime-loader/state/state.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static const char *const level_names[] = {
    [LOG_ERROR] = "error",
    [LOG_WARNING] = "warning",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

void cli_log(struct cli *cli, enum log_level level, const char *fmt, ...)
{
    const char *path = cli->globals.log;
    bool json = cli->globals.log_format && strcmp(cli->globals.log_format, "json") == 0;
    /* Who reads JSON wants the one object of this failure, not those of earlier runs before it. */
    int how = json && level == LOG_ERROR ? O_TRUNC : O_APPEND;
    CLEANUP_FD int file = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0640) : -1;
    struct error ignored;
    struct strbuf line;
    const char *text;
    va_list ap;

    if (level > cli->level)
        return;
    va_start(ap, fmt);
    text = arena_vprintf(cli->arena, fmt, ap);
    va_end(ap);
    strbuf_init(&line, cli->arena);
    if (json) {
        strbuf_puts(&line, "{\"msg\":");
        strbuf_json_string(&line, text);
        strbuf_printf(&line, ",\"level\":\"%s\",\"time\":\"%s\"}\n", level_names[level],
                      timestamp(cli->arena));
    } else if (path) {
        strbuf_printf(&line, "%s %s: %s\n", timestamp(cli->arena), level_names[level], text);
    } else {
        strbuf_printf(&line, "easyrun: %s%s\n", level == LOG_ERROR ? "" : "warning: ", text);
    }
    (void)!write_all(file >= 0 ? file : STDERR_FILENO, line.text, line.len, &ignored);
}
