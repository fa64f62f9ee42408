/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In place of libFuzzer's main: gives a fuzz target, tests/fuzz/NAME_fuzz.c, each file of its
 * corpus, or the files named on the command line, once. A case is a file; what it tests is that the
 * target comes back.
 */
#include "tests/fuzz/target.h"

#include "base/io.h"
#include "tests/lib/tap.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>

#define LARGEST ((size_t)16 * 1024 * 1024)

static void replay(struct tap *t, const char *path, const char *title)
{
    CLEANUP_FREE char *bytes = NULL;
    struct error err;
    size_t len;

    tap_note("%s", title); /* if it does not come back, this was the one */
    if (read_file(path, LARGEST, &bytes, &len, &err) < 0) {
        tap_case(t, false, "%s: %s", title, err.text);
        return;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, len);
    tap_case(t, true, "%s", title);
}

static int no_dots(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

/* tests/fuzz/corpus/NAME of the program NAME_fuzz */
static void replay_corpus(struct tap *t, const char *program)
{
    const char *top = getenv("top_srcdir"), *slash = strrchr(program, '/');
    const char *name = slash ? slash + 1 : program;
    char directory[PATH_MAX], path[PATH_MAX];
    struct dirent **files;
    int count, i;

    snprintf(directory, sizeof(directory), "%s/tests/fuzz/corpus/%.*s", top ? top : ".",
             (int)strcspn(name, "_"), name);
    count = scandir(directory, &files, no_dots, alphasort);
    if (count <= 0) {
        tap_case(t, false, "'%s' has no inputs", directory);
        return;
    }
    for (i = 0; i < count; i++) {
        if (snprintf(path, sizeof(path), "%s/%s", directory, files[i]->d_name) < PATH_MAX)
            replay(t, path, files[i]->d_name);
        free(files[i]);
    }
    free(files);
}

int main(int argc, char **argv)
{
    struct tap t = {0};
    int i;

    if (argc == 1)
        replay_corpus(&t, argv[0]);
    for (i = 1; i < argc; i++)
        replay(&t, argv[i], argv[i]);
    return tap_end(&t);
}
