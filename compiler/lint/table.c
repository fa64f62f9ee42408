/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/lint/lint.h"

#include "base/str.h"

#include <string.h>

const char *const lint_level_names[] = {
    [LEVEL_OFF] = "off", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error"};

/* Those of the compiler's have their rows in diag_kinds; here they stay empty. */
static const struct diag_kind kinds[LINT_COUNT] = {
#define SEVERITY_OFF SEVERITY_WARNING /* when it is asked for */
#define LINT(name, id, level, sources, summary, explanation)                                       \
    [LINT_##name] = {id, SEVERITY_##level, summary},
#define TOLD(name, sources, explanation)
#include "compiler/lint/lints.def"
#undef LINT
#undef TOLD
};

/* Of the compiler's own: OF_NAME. */
enum {
#define DIAG(name, id, severity, summary) OF_##name = LEVEL_##severity,
#include "base/diag.def"
#undef DIAG
};

const struct lint lint_table[LINT_COUNT] = {
#define LINT(name, id, level, sources, summary, explanation)                                       \
    [LINT_##name] = {&kinds[LINT_##name], LEVEL_##level, LINTS_##sources, explanation},
#define TOLD(name, sources, explanation)                                                           \
    [LINT_TOLD_##name] = {&diag_kinds[DIAG_##name], (enum lint_level)OF_##name, LINTS_##sources,   \
                          explanation},
#include "compiler/lint/lints.def"
#undef LINT
#undef TOLD
};

enum lint_id lint_by_name(const char *name, size_t len)
{
    enum lint_id id = 0;

    while (id < LINT_COUNT && (strlen(lint_table[id].kind->id) != len ||
                               memcmp(lint_table[id].kind->id, name, len) != 0))
        id++;
    return id;
}

enum lint_id lint_of_kind(const struct diag_kind *kind)
{
    enum lint_id id = 0;

    while (id < LINT_COUNT && lint_table[id].kind != kind)
        id++;
    return id;
}

const char *nearest_lint(const char *name, size_t len)
{
    struct nearest near;

    nearest_init(&near, name, len);
    for (enum lint_id id = 0; id < LINT_COUNT; id++)
        nearest_feed(&near, lint_table[id].kind->id);
    return near.best;
}

void lint_options_init(struct lint_options *o)
{
    *o = (struct lint_options){.strict = false};
    for (enum lint_id id = 0; id < LINT_COUNT; id++)
        o->levels[id] = lint_table[id].level;
}
