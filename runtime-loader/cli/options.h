/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines by tables: an option says its name and where its value goes. */
#ifndef RUNTIME_CLI_OPTIONS_H
#define RUNTIME_CLI_OPTIONS_H

#include "base/str.h"
#include "runtime-loader/spec/record.h"

enum option_type {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char * */
    OPTION_LIST,   /* string_list, one more each time */
    OPTION_NUMBER, /* unsigned */
    OPTION_VOID,   /* a flag that other runtimes know: accepted, without effect */
    OPTION_UNUSED, /* the same with a value */
};

struct option {
    const char *name; /* without the dashes */
    char letter;      /* 0: none */
    enum option_type type;
    size_t offset;
    const char *value; /* its name in the help */
    const char *help;
};

struct option_table {
    const struct option *at;
    size_t count;
};

#define OPTIONS(table)                                                                             \
    {                                                                                              \
        (table), ARRAY_SIZE(table)                                                                 \
    }

/* Parses argv[1..]; operands gets what is no option. in_order: the first operand ends the
 * options, for what comes after belongs to another program. "--" ends them always. */
int options_parse(struct arena *a, const struct option_table *table, int argc, char **argv,
                  bool in_order, void *out, string_list *operands, struct error *err) MUST_CHECK;
/* Both lists as one. */
string_list join_lists(struct arena *a, const string_list *first, const string_list *second);
void options_help(const struct option_table *table, struct strbuf *out);

#endif
