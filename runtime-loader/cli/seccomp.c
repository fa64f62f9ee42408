/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun seccomp: the filters that are compiled before they are needed. */
#include "runtime-loader/cli/container.h"

#include "runtime-loader/precompiled/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct options {
    const char *name;
};

string_list precompiled_places(struct cli *cli)
{
    const char *const *dirs = precompiled_dirs;
    string_list places = {ARENA_ARRAY(cli->arena, const char *, 3), 0};

    if (cli->globals.precompiled && cli->globals.precompiled[0])
        places.at[places.count++] = cli->globals.precompiled;
    for (; !cli->globals.precompiled && *dirs; dirs++)
        places.at[places.count++] = *dirs;
    return places;
}

/* --- precompile ------------------------------------------------------------------------------- */

/* A config.json, or its linux.seccomp alone. */
struct document {
    struct {
        const char *seccomp;
    } linux_part;
    const char *default_action;
};

static const struct field linux_fields[] = {
    {.name = "seccomp", .kind = FIELD_OBJECT, .size = sizeof(const char *)},
};
static const struct record linux_record = {
    .size = sizeof(const char *), .count = ARRAY_SIZE(linux_fields), .fields = linux_fields};
static const struct field document_fields[] = {
    F_RECORD(struct document, linux_part, "linux", linux_record),
    F_STRING(struct document, default_action, "defaultAction"),
};
static const struct record document_record = RECORD(struct document, document_fields);

/* The document as the value of a member: its text as the compiler gets that of config.json. */
struct wrapped {
    const char *section;
};
static const struct field wrapped_fields[] = {F_OBJECT(struct wrapped, section, "section")};
static const struct record wrapped_record = RECORD(struct wrapped, wrapped_fields);

/* Docker's and podman's own profiles name what each container's capabilities make of them. */
static bool is_of_engine(const char *text)
{
    return strstr(text, "\"includes\":") || strstr(text, "\"excludes\":") ||
           strstr(text, "\"archMap\":");
}

static int find_section(struct arena *a, const char *path, const char *text, size_t len,
                        const char **section, struct error *err)
{
    struct document document = {0};
    struct wrapped wrapped = {0};
    warning_list ignored = {0};
    const char *whole;
    int rc = record_read(a, &document_record, path, text, len, &document, &ignored, err);

    if (rc < 0)
        return rc;
    *section = document.linux_part.seccomp;
    if (!*section && document.default_action) {
        whole = arena_printf(a, "{\"section\":%s}", text);
        rc = record_read(a, &wrapped_record, path, whole, strlen(whole), &wrapped, &ignored, err);
        *section = wrapped.section;
    }
    if (rc == 0 && !*section)
        return error_text(err, EINVAL, "%s: has neither linux.seccomp nor defaultAction", path);
    if (rc == 0 && is_of_engine(*section))
        return error_text(err, EINVAL,
                          "%s: a profile of an engine, which makes of it what a container's "
                          "capabilities ask for: give the config.json of such a container",
                          path);
    return rc;
}

static int compile_file(struct cli *cli, int dir, const struct options *o, const char *path,
                        struct error *err)
{
    struct arena *a = cli->arena;
    struct seccomp_filters made = {0};
    struct precompiled entry;
    const char *section = NULL, *name = arena_printf(a, "%s: linux.seccomp", path), *text;
    char *bytes = NULL;
    size_t len = 0;
    int rc = read_file(path, 16 << 20, &bytes, &len, err);

    if (rc < 0)
        return rc;
    text = arena_strndup(a, bytes, len);
    cleanup_free(&bytes);
    rc = find_section(a, path, text, len, &section, err);
    if (rc == 0)
        rc = seccomp_add_section(a, name, section, &made, err);
    if (rc < 0)
        return rc;
    precompiled_init(a, section, &entry);
    entry.name = o->name ? o->name : path;
    entry.flags = made.list.at[0].flags;
    entry.code = made.list.at[0].code;
    entry.count = made.list.at[0].count;
    rc = precompiled_write(a, dir, &entry, err);
    if (rc == 0)
        printf("%s\n", entry.key);
    return rc;
}

static int make_directory(const char *path, struct error *err)
{
    char part[4096];
    size_t len = strlen(path);

    if (len >= sizeof(part))
        return error_set(err, ENAMETOOLONG, "precompiled filters '%s'", path);
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i])
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0755) < 0 && errno != EEXIST)
            return error_set(err, errno, "make '%s'", part);
    }
    return 0;
}

static int precompile(struct cli *cli, const struct options *o, const string_list *files,
                      struct error *err)
{
    string_list places = precompiled_places(cli);
    CLEANUP_FD
    int dir = -1;
    int rc = 0;

    if (!files->count)
        return error_text(err, EINVAL, "seccomp precompile: needs a FILE");
    if (!places.count)
        return error_text(err, EINVAL, "--precompiled: needs a directory");
    rc = make_directory(places.at[0], err);
    if (rc == 0)
        rc = precompiled_open(places.at[0], &dir, err);
    for (size_t i = 0; rc == 0 && i < files->count; i++)
        rc = compile_file(cli, dir, o, files->at[i], err);
    return rc;
}

/* --- list, prune ------------------------------------------------------------------------------ */

static bool is_key(const char *name)
{
    return strlen(name) == SHA256_HEX - 1 && strspn(name, "0123456789abcdef") == SHA256_HEX - 1;
}

/* NULL: this program can use it. */
static const char *why_not(struct arena *a, int dir, const char *key, struct precompiled *entry)
{
    struct seccomp_filters checked = {0};
    struct error err;

    *entry = (struct precompiled){.name = ""};
    if (precompiled_read(a, dir, key, entry, &err) < 0)
        return arena_strdup(a, err.text);
    if (!precompiled_is_ours(entry))
        return arena_printf(a, "made by %s", entry->compiler);
    if (seccomp_add_blob(a, key, entry->code, entry->count * sizeof(*entry->code), &checked, &err) <
        0)
        return arena_strdup(a, err.text);
    return NULL;
}

/* Does `each` with every file of a directory, in order of their names. */
static int walk(struct cli *cli, const char *path,
                int (*each)(struct cli *cli, int dir, const char *path, const char *key,
                            struct error *err),
                struct error *err)
{
    struct dirent **names = NULL;
    CLEANUP_FD
    int dir = -1;
    int count, rc = precompiled_open(path, &dir, err);

    if (rc < 0)
        return rc == -ENOENT ? 0 : rc;
    count = scandirat(dir, ".", &names, NULL, alphasort);
    if (count < 0)
        return error_set(err, errno, "precompiled filters '%s'", path);
    for (int i = 0; i < count; i++) {
        if (rc == 0 && is_key(names[i]->d_name))
            rc = each(cli, dir, path, names[i]->d_name, err);
        free(names[i]);
    }
    free(names);
    return rc;
}

static int show(struct cli *cli, int dir, const char *path, const char *key, struct error *err)
{
    struct precompiled entry;
    const char *why = why_not(cli->arena, dir, key, &entry);

    (void)err;
    printf("%s/%.16s…  %4u instructions  %s%s%s\n", path, key, entry.count, entry.name,
           why ? "  unused: " : "", why ? why : "");
    return 0;
}

static int remove_useless(struct cli *cli, int dir, const char *path, const char *key,
                          struct error *err)
{
    struct precompiled entry;
    const char *why = why_not(cli->arena, dir, key, &entry);

    if (!why)
        return 0;
    if (unlinkat(dir, key, 0) < 0 && errno != ENOENT)
        return error_set(err, errno, "remove '%s/%s'", path, key);
    printf("%s/%s: %s\n", path, key, why);
    return 0;
}

static int run_seccomp(struct cli *cli, const void *options, const string_list *operands,
                       struct error *err)
{
    string_list places = precompiled_places(cli);
    const string_list rest = {operands->at + 1, operands->count - 1};
    const char *what = operands->at[0];
    int rc = 0;

    if (strcmp(what, "precompile") == 0)
        return precompile(cli, options, &rest, err);
    if (strcmp(what, "list") != 0 && strcmp(what, "prune") != 0)
        return error_text(err, EINVAL, "seccomp: 'precompile', 'list' or 'prune', not '%s'", what);
    if (rest.count)
        return error_text(err, EINVAL, "seccomp %s: '%s' is too much", what, rest.at[0]);
    if (strcmp(what, "prune") == 0) /* what packages have put elsewhere is theirs */
        return places.count ? walk(cli, places.at[0], remove_useless, err) : 0;
    for (size_t i = 0; rc == 0 && i < places.count; i++)
        rc = walk(cli, places.at[i], show, err);
    return rc;
}

static const struct option seccomp_options[] = {
    {"name", 0, OPTION_TEXT, offsetof(struct options, name), "TEXT",
     "what list is to call it (default: the name of the file)"},
};

const struct command command_seccomp = {
    .name = "seccomp",
    .operands = "precompile FILE… | list | prune",
    .summary = "filters that are compiled before a start",
    .options = OPTIONS(seccomp_options),
    .size = sizeof(struct options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .run = run_seccomp,
};
