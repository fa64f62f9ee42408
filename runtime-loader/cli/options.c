/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing command lines by tables. */
#include "runtime-loader/cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct option *find_long(const struct option_table *table, const char *name,
                                      size_t len)
{
    for (size_t i = 0; i < table->count; i++)
        if (strlen(table->at[i].name) == len && strncmp(table->at[i].name, name, len) == 0)
            return &table->at[i];
    return NULL;
}

static const struct option *find_letter(const struct option_table *table, char letter)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->at[i].letter == letter)
            return &table->at[i];
    return NULL;
}

static bool takes_value(const struct option *o)
{
    return o->type != OPTION_FLAG && o->type != OPTION_VOID;
}

static int unknown(const struct option_table *table, const char *word, struct error *err)
{
    struct nearest near;

    nearest_init(&near, word, strlen(word));
    for (size_t i = 0; i < table->count; i++)
        nearest_feed(&near, table->at[i].name);
    if (near.best)
        return error_text(err, EINVAL, "unknown option '%s', did you mean '--%s'?", word,
                          near.best);
    return error_text(err, EINVAL, "unknown option '%s'", word);
}

string_list join_lists(struct arena *a, const string_list *first, const string_list *second)
{
    string_list both = {ARENA_ARRAY(a, const char *, first->count + second->count + 1),
                        first->count + second->count};

    if (first->count)
        memcpy(both.at, first->at, first->count * sizeof(*both.at));
    if (second->count)
        memcpy(both.at + first->count, second->at, second->count * sizeof(*both.at));
    return both;
}

static int store(struct arena *a, const struct option *o, const char *value, void *out,
                 struct error *err)
{
    char *at = (char *)out + o->offset;
    unsigned long number;
    char *end;

    switch (o->type) {
    case OPTION_FLAG:
        *(bool *)at = !value || strcmp(value, "true") == 0;
        if (value && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            return error_text(err, EINVAL, "option '--%s' is true or false, not '%s'", o->name,
                              value);
        return 0;
    case OPTION_TEXT:
        *(const char **)at = value;
        return 0;
    case OPTION_LIST:
        *(string_list *)at = join_lists(a, (string_list *)at, &(string_list){&value, 1});
        return 0;
    case OPTION_NUMBER:
        errno = 0;
        number = strtoul(value, &end, 10);
        if (value[0] < '0' || value[0] > '9' || *end || errno || number > INT32_MAX)
            return error_text(err, EINVAL, "option '--%s' needs a number, not '%s'", o->name,
                              value);
        *(unsigned *)at = (unsigned)number;
        return 0;
    case OPTION_VOID:
    case OPTION_UNUSED:
        return 0;
    }
    return 0;
}

struct words {
    int argc, next;
    char **argv;
};

static int take_value(const struct option *o, const char *inline_value, struct words *w,
                      const char **value, struct error *err)
{
    *value = inline_value;
    if (inline_value || !takes_value(o))
        return 0;
    if (w->next >= w->argc)
        return error_text(err, EINVAL, "option '--%s' needs a value", o->name);
    *value = w->argv[w->next++];
    return 0;
}

static int parse_long(struct arena *a, const struct option_table *table, const char *word,
                      struct words *w, void *out, struct error *err)
{
    size_t len = strcspn(word, "=");
    const struct option *o = find_long(table, word, len);
    const char *value;
    int rc;

    if (!o)
        return unknown(table, arena_strndup(a, word, len), err);
    rc = take_value(o, word[len] ? word + len + 1 : NULL, w, &value, err);
    return rc < 0 ? rc : store(a, o, value, out, err);
}

/* Letters may stand together; the rest of the word is the value of one that takes one. */
static int parse_letters(struct arena *a, const struct option_table *table, const char *word,
                         struct words *w, void *out, struct error *err)
{
    for (const char *at = word; *at; at++) {
        const struct option *o = find_letter(table, *at);
        const char *value;
        int rc;

        if (!o)
            return error_text(err, EINVAL, "unknown option '-%c'", *at);
        rc = take_value(o, takes_value(o) && at[1] ? at + 1 : NULL, w, &value, err);
        if (rc == 0)
            rc = store(a, o, value, out, err);
        if (rc < 0 || takes_value(o))
            return rc;
    }
    return 0;
}

int options_parse(struct arena *a, const struct option_table *table, int argc, char **argv,
                  bool in_order, void *out, string_list *operands, struct error *err)
{
    struct words w = {argc, 1, argv};
    bool ended = false;
    int rc = 0;

    *operands = (string_list){.at = ARENA_ARRAY(a, const char *, (size_t)argc + 1)};
    while (rc == 0 && w.next < argc) {
        const char *word = argv[w.next++];

        if (ended || word[0] != '-' || !word[1]) {
            operands->at[operands->count++] = word;
            ended = ended || in_order;
        } else if (strcmp(word, "--") == 0) {
            ended = true;
        } else if (word[1] == '-') {
            rc = parse_long(a, table, word + 2, &w, out, err);
        } else {
            rc = parse_letters(a, table, word + 1, &w, out, err);
        }
    }
    return rc;
}

void options_help(const struct option_table *table, struct strbuf *out)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct option *o = &table->at[i];
        size_t begin = out->len;

        if (o->letter)
            strbuf_printf(out, "  -%c, --%s", o->letter, o->name);
        else
            strbuf_printf(out, "      --%s", o->name);
        if (takes_value(o))
            strbuf_printf(out, " %s", o->value);
        strbuf_printf(out, "%*s%s\n", out->len - begin < 34 ? (int)(34 - (out->len - begin)) : 1,
                      "", o->help);
    }
}
