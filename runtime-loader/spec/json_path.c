/* SPDX-License-Identifier: Apache-2.0 */
/* From a place in JSON text to the path of the member there. */
#include "runtime-loader/spec/json_path.h"

#include "base/str.h"

#include <stdbool.h>
#include <string.h>

enum { MAX_DEPTH = 32 };

/* An object or array that the place is in. */
struct level {
    bool is_array;
    size_t index;    /* of the element, in an array */
    const char *key; /* of the member, in an object; NULL before it */
    size_t key_len;
};

struct walk {
    struct level levels[MAX_DEPTH];
    size_t depth;
};

/* Returns the end of the string that begins at text[0], behind its closing quote. */
static const char *skip_string(const char *text)
{
    for (text++; *text && *text != '"'; text++)
        if (*text == '\\' && text[1])
            text++;
    return *text ? text + 1 : text;
}

static const char *string_seen(struct walk *w, const char *at)
{
    const char *end = skip_string(at);
    struct level *here = w->depth ? &w->levels[w->depth - 1] : NULL;

    if (here && !here->is_array && !here->key) {
        here->key = at + 1;
        here->key_len = (size_t)(end - at - 2);
    }
    return end;
}

/* One step on, to the next byte or behind a string. */
static const char *step(struct walk *w, const char *at)
{
    struct level *here = w->depth ? &w->levels[w->depth - 1] : NULL;

    if (*at == '"')
        return string_seen(w, at);
    if ((*at == '{' || *at == '[') && w->depth < MAX_DEPTH)
        w->levels[w->depth++] = (struct level){.is_array = *at == '['};
    else if ((*at == '}' || *at == ']') && here)
        w->depth--;
    else if (*at == ',' && here)
        here->index++, here->key = NULL;
    return at + 1;
}

const char *json_path_at(struct arena *a, const char *name, const char *text, size_t offset)
{
    const char *end = text + offset;
    struct walk w = {.depth = 0};
    struct strbuf path;

    while (text < end && *text)
        text = step(&w, text);
    if (*text == '"')
        string_seen(&w, text);
    strbuf_init(&path, a);
    strbuf_printf(&path, "%s", name);
    for (size_t i = 0; i < w.depth; i++) {
        const struct level *l = &w.levels[i];

        if (l->is_array)
            strbuf_printf(&path, "[%zu]", l->index);
        else if (l->key)
            strbuf_printf(&path, ".%.*s", (int)l->key_len, l->key);
    }
    return strbuf_text(&path);
}
