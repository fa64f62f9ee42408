/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp list: the tables, as text of columns or as a JSON array of objects. */
#include "compiler/cli/cli.h"

#include "compiler/lint/lint.h"
#include "compiler/tables/describe.h"
#include "compiler/tables/names.h"

#include <inttypes.h>
#include <string.h>

struct list {
    struct cli *cli;
    const struct arch *arch; /* --arch, or this machine's */
    struct strbuf out;
    bool first;
};

/* A row is made of its columns; a NULL value is left out of JSON and shown as '-'. */
struct column {
    const char *name;
    const char *value;
    int width;
    bool is_number;
};

static void put_row(struct list *l, const struct column *columns, size_t count)
{
    bool first = true;
    size_t i;

    if (!l->cli->args.json) {
        for (i = 0; i < count; i++) {
            const char *value = columns[i].value ? columns[i].value : "-";

            if (i + 1 < count)
                strbuf_printf(&l->out, "%-*s ", columns[i].width, value);
            else
                strbuf_printf(&l->out, "%s\n", value);
        }
        return;
    }
    strbuf_puts(&l->out, l->first ? "[\n {" : ",\n {");
    l->first = false;
    for (i = 0; i < count; i++) {
        if (!columns[i].value)
            continue;
        strbuf_printf(&l->out, "%s\"%s\":", first ? "" : ",", columns[i].name);
        first = false;
        if (columns[i].is_number)
            strbuf_puts(&l->out, columns[i].value);
        else
            strbuf_json_string(&l->out, columns[i].value);
    }
    strbuf_putc(&l->out, '}');
}

#define ROW(l, ...)                                                                                \
    put_row((l), (const struct column[]){__VA_ARGS__},                                             \
            sizeof((const struct column[]){__VA_ARGS__}) / sizeof(struct column))

static const char *number_text(struct list *l, uint64_t v)
{
    return arena_printf(&l->cli->arena, "%" PRIu64, v);
}

/* --- one function a table -----------------------------------------------------------------------
 */

static const char *release_text(struct list *l, kernel_release r)
{
    struct strbuf b;

    if (!r)
        return NULL;
    strbuf_init(&b, &l->cli->arena);
    describe_release(r, &b);
    return strbuf_text(&b);
}

static const char *signature(struct list *l, const struct syscall_info *s)
{
    const struct signature known = syscall_signature(s, l->arch);
    struct strbuf b;

    if (!known.known)
        return NULL;
    strbuf_init(&b, &l->cli->arena);
    describe_signature(&known, &b);
    return strbuf_text(&b);
}

static void list_syscalls(struct list *l)
{
    size_t i;

    for (i = 0; i < syscall_count; i++) {
        const struct syscall_info *s = &syscall_table[i];
        int64_t nr = syscall_number(s, l->arch);

        if (nr < 0)
            continue;
        ROW(l, {"name", s->name, 28, false}, {"number", number_text(l, (uint64_t)nr), 10, true},
            {"since", release_text(l, s->since), 8, false},
            {"arguments", signature(l, s), 0, false});
    }
}

static void list_arches(struct list *l)
{
    size_t i;

    for (i = 0; i < ARCH_COUNT; i++) {
        const struct arch *a = &arch_table[i];
        const char *audit = l->cli->args.json ? number_text(l, a->audit)
                                              : arena_printf(&l->cli->arena, "0x%08x", a->audit);

        ROW(l, {"name", a->name, 12, false}, {"oci", a->oci, 24, false},
            {"docker", a->docker, 10, false}, {"bits", number_text(l, a->bits), 3, true},
            {"endian", a->big_endian ? "big" : "little", 7, false}, {"audit", audit, 0, true});
    }
}

static void list_errnos(struct list *l)
{
    const char *name;
    uint16_t value;
    size_t i;

    for (i = 0; (name = errno_at(i)); i++)
        if (errno_value(name, strlen(name), l->arch, &value))
            ROW(l, {"name", name, 20, false}, {"value", number_text(l, value), 0, true});
}

static void list_constants(struct list *l)
{
    size_t i;

    for (i = 0; i < constant_count; i++) {
        const struct constant *c = &constant_table[i];
        uint64_t v;
        const char *text;

        if (!constant_value(c, l->arch, &v))
            continue;
        text = c->negative         ? arena_printf(&l->cli->arena, "%" PRId64, (int64_t)v)
               : l->cli->args.json ? number_text(l, v)
                                   : arena_printf(&l->cli->arena, "0x%" PRIx64, v);
        ROW(l, {"name", c->name, 32, false}, {"family", c->family, 14, false},
            {"value", text, 0, true});
    }
}

static void list_groups(struct list *l)
{
    size_t i, j;

    for (i = 0; i < group_count; i++) {
        const struct syscall_group *g = &group_table[i];
        struct strbuf members;

        strbuf_init(&members, &l->cli->arena);
        for (j = 0; j < g->count; j++)
            strbuf_printf(&members, "%s%s", j ? " " : "", g->members[j]);
        ROW(l, {"name", arena_printf(&l->cli->arena, "%%%s", g->name), 16, false},
            {"summary", g->summary, 0, false}, {"members", strbuf_text(&members), 0, false});
    }
}

static void list_actions(struct list *l)
{
    static const char *const data[] = {
        [DATA_NONE] = NULL, [DATA_ERRNO] = "errno", [DATA_U16] = "0 to 65535"};
    size_t i;

    for (i = 0; i < ACTION_COUNT; i++) {
        const struct action_info *a = &action_table[i];

        ROW(l, {"name", a->name, 13, false}, {"oci", a->oci, 22, false},
            {"data", data[a->data], 11, false}, {"summary", a->summary, 0, false});
    }
}

static void list_flags(struct list *l)
{
    size_t i;

    for (i = 0; i < filter_flag_count; i++)
        ROW(l, {"name", filter_flags[i].name, 19, false}, {"oci", filter_flags[i].oci, 40, false},
            {"summary", filter_flags[i].summary, 0, false});
}

static void list_diagnostics(struct list *l)
{
    size_t i;

    for (i = 0; i < DIAG_COUNT; i++)
        ROW(l, {"id", diag_kinds[i].id, 20, false},
            {"severity", diag_kinds[i].severity == SEVERITY_ERROR ? "error" : "warning", 8, false},
            {"summary", diag_kinds[i].summary, 0, false});
}

static void list_lints(struct list *l)
{
    static const char *const sources[] = {
        [LINTS_POLICY] = "policy", [LINTS_JSON] = "json", [LINTS_BOTH] = "both"};
    enum lint_id i;

    for (i = 0; i < LINT_COUNT; i++) {
        const struct lint *lint = &lint_table[i];

        ROW(l, {"id", lint->kind->id, 21, false},
            {"level", lint_level_names[lint->level], 7, false},
            {"sources", sources[lint->sources], 6, false},
            {"summary", lint->kind->summary, 0, false});
    }
}

/* ------------------------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    void (*list)(struct list *l);
} tables[] = {
    {"syscalls", list_syscalls},   {"arches", list_arches},           {"errnos", list_errnos},
    {"constants", list_constants}, {"groups", list_groups},           {"actions", list_actions},
    {"flags", list_flags},         {"diagnostics", list_diagnostics}, {"lints", list_lints},
};

int cmd_list(struct cli *cli)
{
    struct list l = {.cli = cli, .arch = arch_native(), .first = true};
    size_t i;

    if (cli->args.operands.count != 1)
        return usage_error("list takes one table: %s", cli->command->usage);
    if (cli->args.archs.count)
        l.arch = cli->args.archs.at[0];
    if (!l.arch)
        return usage_error("this machine's architecture is not in the table: name one with --arch");
    strbuf_init(&l.out, &cli->arena);
    for (i = 0; i < ARRAY_SIZE(tables); i++) {
        if (strcmp(tables[i].name, cli->args.operands.at[0]))
            continue;
        tables[i].list(&l);
        if (cli->args.json)
            strbuf_puts(&l.out, l.first ? "[]\n" : "\n]\n");
        return write_result(cli, strbuf_text(&l.out), l.out.len, true);
    }
    return usage_error("there is no table '%s': %s", cli->args.operands.at[0], cli->command->usage);
}
