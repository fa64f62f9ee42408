/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/source_map.h"

#include "base/io.h"
#include "compiler/emit/source_map.h"
#include "compiler/front/json.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct reading {
    struct cli *cli;
    struct compile *c;
    const char *path, *text;
    size_t len;
    const struct program *program;
    const char *digest; /* of the program */
    const char *wrong;  /* what is not as it should be */
    struct source_map *map;
};

static char *text_of(struct arena *a, const struct json *value)
{
    return arena_strndup(a, value->text, value->len);
}

static bool refuse(struct reading *r, const char *why)
{
    r->wrong = why;
    return false;
}

static const struct json *array_of(struct reading *r, const struct json *map, const char *member)
{
    const struct json *array = json_member(map, member);

    if (array && array->kind == JSON_ARRAY)
        return array;
    refuse(r, arena_printf(&r->c->arena, "it has no array \"%s\"", member));
    return NULL;
}

static bool is_text(const struct json *value)
{
    return value && value->kind == JSON_STRING;
}

/* --- what it was compiled with ------------------------------------------------------------------
 */

static bool read_archs(struct reading *r, const struct json *list)
{
    VEC(const struct arch *) archs = {0};

    for (const struct json *e = list->first; e; e = e->next) {
        const struct arch *arch = is_text(e) ? arch_by_name(e->text, e->len) : NULL;

        if (!arch)
            return refuse(r, "it names an architecture that does not exist");
        VEC_PUSH(&r->c->arena, &archs, arch);
    }
    if (!archs.count)
        return refuse(r, "it names no architecture");
    r->c->options.targets = archs.at;
    r->c->options.target_count = archs.count;
    return true;
}

static bool read_defines(struct reading *r, const struct json *list)
{
    VEC(struct define) defines = {0};

    for (const struct json *e = list->first; e; e = e->next) {
        const struct json *name = json_member(e, "name"), *value = json_member(e, "value");
        struct define d;

        if (!is_text(name) || !value || !json_u64(value, &d.value))
            return refuse(r, "a define is no name with a value");
        d.name = text_of(&r->c->arena, name);
        VEC_PUSH(&r->c->arena, &defines, d);
    }
    r->c->options.defines = defines.at;
    r->c->options.define_count = defines.count;
    return true;
}

static bool read_directories(struct reading *r, const struct json *list)
{
    VEC(const char *) dirs = {0};

    for (const struct json *e = list->first; e; e = e->next) {
        if (!is_text(e))
            return refuse(r, "a directory is no text");
        VEC_PUSH(&r->c->arena, &dirs, text_of(&r->c->arena, e));
    }
    r->c->options.include_dirs = dirs.at;
    r->c->options.include_dir_count = dirs.count;
    return true;
}

static bool read_sources(struct reading *r, const struct json *list)
{
    VEC(const struct source *) texts = {0};

    for (const struct json *e = list->first; e; e = e->next) {
        const struct json *name = json_member(e, "name"), *text = json_member(e, "text");

        if (!is_text(name) || !is_text(text))
            return refuse(r, "a source is no name with a text");
        VEC_PUSH(&r->c->arena, &texts,
                 source_new(&r->c->arena, text_of(&r->c->arena, name), text->text, text->len));
    }
    if (!texts.count)
        return refuse(r, "it has no source");
    r->c->options.texts = texts.at;
    r->c->options.text_count = texts.count;
    return true;
}

/* --- instructions -------------------------------------------------------------------------------
 */

static const char *rule_text(struct reading *r, const struct json *rule)
{
    const struct json *source = json_member(rule, "source"), *line = json_member(rule, "line");
    const struct json *text = json_member(rule, "text");
    uint64_t at, number;

    if (!source || !json_u64(source, &at) || at >= r->c->options.text_count || !line ||
        !json_u64(line, &number) || !is_text(text)) {
        refuse(r, "a rule has no place or text");
        return NULL;
    }
    return arena_printf(&r->cli->arena, "%s:%u: %s", r->c->options.texts[at]->name,
                        (unsigned)number, text_of(&r->c->arena, text));
}

static bool read_instructions(struct reading *r, const struct json *rules, const struct json *list)
{
    const char **texts = ARENA_ARRAY(&r->c->arena, const char *, rules->count);
    size_t count = 0, at = 0;
    uint64_t rule;

    for (const struct json *e = rules->first; e; e = e->next) {
        texts[count++] = rule_text(r, e);
        if (r->wrong)
            return false;
    }
    if (list->count != r->program->count)
        return refuse(r, "it has another number of instructions");
    r->map->rule_of = ARENA_ARRAY(&r->cli->arena, const char *, list->count);
    for (const struct json *e = list->first; e; e = e->next, at++)
        if (e->kind == JSON_NUMBER) {
            if (!json_u64(e, &rule) || rule >= count)
                return refuse(r, "an instruction is of a rule that there is not");
            r->map->rule_of[at] = texts[rule];
        }
    return true;
}

/* --- the whole ----------------------------------------------------------------------------------
 */

static bool read_members(struct reading *r, const struct json *map)
{
    const struct json *version = json_member(map, "version"), *sha = json_member(map, "sha256");
    const struct json *archs, *defines, *dirs, *sources, *rules, *instructions;
    uint64_t number;

    if (!version || !json_u64(version, &number) || number != SOURCE_MAP_VERSION)
        return refuse(r, "it is of a version that is not known");
    if (!is_text(sha) || !json_is(sha, r->digest))
        return refuse(r, "it is of another program");
    archs = array_of(r, map, "architectures");
    defines = array_of(r, map, "defines");
    dirs = array_of(r, map, "include_dirs");
    sources = array_of(r, map, "sources");
    rules = array_of(r, map, "rules");
    instructions = array_of(r, map, "instructions");
    return !r->wrong && read_archs(r, archs) && read_defines(r, defines) &&
           read_directories(r, dirs) && read_sources(r, sources) &&
           read_instructions(r, rules, instructions);
}

static int read_map(void *ctx)
{
    struct reading *r = ctx;
    const struct source *source = source_new(&r->c->arena, r->path, r->text, (uint32_t)r->len);
    const struct json *map = json_parse(&r->c->arena, source, &r->c->diags);

    if (!map)
        return -EINVAL;
    read_members(r, map);
    return 0;
}

static int make_policy(struct reading *r)
{
    const struct source *first = r->c->options.texts[0];
    int ret = compile_parse(r->c, first->name, first->text, first->len);

    if (ret == 0)
        ret = compile_resolve(r->c);
    return ret < 0 ? report_failure(r->cli, r->c, ret) : EXIT_DONE;
}

int load_source_map(struct cli *cli, struct compile *c, const char *path, const struct program *p,
                    bool big_endian, struct source_map *map)
{
    struct reading r = {.cli = cli, .c = c, .path = cli->args.source_map, .program = p, .map = map};
    CLEANUP_FREE char *text = NULL;
    int ret;

    *map = (struct source_map){0};
    if (!r.path) {
        r.path = arena_printf(&cli->arena, "%s.map", path);
        if (!strcmp(path, "-") || access(r.path, F_OK) < 0)
            return EXIT_DONE;
    }
    if (read_source(r.path, &text, &r.len) < 0)
        return EXIT_USAGE;
    r.text = text;
    r.digest = program_digest(&cli->arena, p, big_endian);
    ret = arena_run(&c->arena, read_map, &r);
    if (ret < 0) {
        report_failure(cli, c, ret);
        return EXIT_USAGE;
    }
    if (r.wrong)
        return usage_error("the source map '%s' does not fit '%s': %s", r.path, path, r.wrong);
    map->found = true;
    return make_policy(&r);
}
