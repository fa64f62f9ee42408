/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/source_map.h"

#include "compiler/emit/source_map.h"
#include "compiler/front/json.h"

#include <errno.h>

struct reading {
    struct compile *c;
    const char *name, *text;
    size_t len;
    const char *digest;  /* of the program */
    size_t instructions; /* of it */
    struct source_map *map;
};

static char *text_of(struct arena *a, const struct json *value)
{
    return arena_strndup(a, value->text, value->len);
}

static bool refuse(struct reading *r, const char *why)
{
    r->map->wrong = why;
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
    return arena_printf(&r->c->arena, "%s:%u: %s", r->c->options.texts[at]->name, (unsigned)number,
                        text_of(&r->c->arena, text));
}

static bool read_instructions(struct reading *r, const struct json *rules, const struct json *list)
{
    const char **texts = ARENA_ARRAY(&r->c->arena, const char *, rules->count);
    size_t count = 0, at = 0;
    uint64_t rule;

    for (const struct json *e = rules->first; e; e = e->next) {
        texts[count++] = rule_text(r, e);
        if (r->map->wrong)
            return false;
    }
    if (list->count != r->instructions)
        return refuse(r, "it has another number of instructions");
    r->map->rule_of = ARENA_ARRAY(&r->c->arena, const char *, list->count);
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
    return !r->map->wrong && read_archs(r, archs) && read_defines(r, defines) &&
           read_directories(r, dirs) && read_sources(r, sources) &&
           read_instructions(r, rules, instructions);
}

static int read_map(void *ctx)
{
    struct reading *r = ctx;
    const struct source *source = source_new(&r->c->arena, r->name, r->text, (uint32_t)r->len);
    const struct json *map = json_parse(&r->c->arena, source, &r->c->diags);

    if (!map)
        return -EINVAL;
    read_members(r, map);
    return 0;
}

int source_map_read(struct compile *c, const char *name, const char *text, size_t len,
                    const char *digest, size_t instructions, struct source_map *map)
{
    struct reading r = {.c = c,
                        .name = name,
                        .text = text,
                        .len = len,
                        .digest = digest,
                        .instructions = instructions,
                        .map = map};

    *map = (struct source_map){0};
    if (len > COMPILE_MAX_SOURCE)
        return -EFBIG;
    return arena_run(&c->arena, read_map, &r);
}

int source_map_policy(struct compile *c)
{
    const struct source *first = c->options.texts[0];
    int ret = compile_parse(c, first->name, first->text, first->len);

    return ret == 0 ? compile_resolve(c) : ret;
}
