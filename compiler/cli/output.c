/* SPDX-License-Identifier: Apache-2.0 */
/* Results: to a file, whole or not at all, or to standard output. */
#include "compiler/cli/cli.h"

#include "base/io.h"

#include <string.h>
#include <unistd.h>

int write_result(struct cli *cli, const void *bytes, size_t len, bool is_text)
{
    const char *path = cli->args.output;
    struct error err;
    int ret;

    if (path && strcmp(path, "-")) {
        ret = write_file(path, bytes, len, &err);
    } else {
        if (!is_text && isatty(STDOUT_FILENO))
            return usage_error("raw bytes are not written to a terminal: name a file with -o");
        ret = write_all(STDOUT_FILENO, bytes, len, &err);
    }
    return ret < 0 ? report_error(&err) : EXIT_DONE;
}
