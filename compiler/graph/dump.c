/* SPDX-License-Identifier: Apache-2.0 */
/* Names for what nodes test, and the graph as text. */
#include "compiler/graph/dump.h"

#include "compiler/cbpf/disassemble.h"
#include "compiler/tables/syscalls.h"

#include <inttypes.h>
#include <string.h>

#define ALL_ARCHS ((ARCH_BIT(ARCH_COUNT - 1) - 1) << 1 | 1)

/* --- one node --------------------------------------------------------------------------------- */

static arch_set archs_of_audit(uint32_t audit)
{
    arch_set set = 0;

    for (enum arch_id id = 0; id < ARCH_COUNT; id++)
        if (arch_table[id].audit == audit)
            set |= ARCH_BIT(id);
    return set;
}

/* The name of the number on all of the architectures; NULL: there is none. */
static const char *common_name(uint32_t nr, arch_set archs)
{
    const char *name = NULL;

    for (enum arch_id id = 0; id < ARCH_COUNT; id++) {
        const struct syscall_info *info;

        if (!(archs & ARCH_BIT(id)))
            continue;
        info = syscall_by_number(&arch_table[id], nr);
        if (!info || (name && strcmp(name, info->name) != 0))
            return NULL;
        name = info->name;
    }
    return name;
}

static void arch_names(uint32_t audit, struct strbuf *out)
{
    arch_set set = archs_of_audit(audit);
    const char *between = "";

    if (!set)
        strbuf_printf(out, "0x%" PRIx32, audit);
    for (enum arch_id id = 0; id < ARCH_COUNT; id++) {
        if (!(set & ARCH_BIT(id)))
            continue;
        strbuf_printf(out, "%s%s", between, arch_table[id].name);
        between = " or ";
    }
}

static void value_text(const struct node *n, arch_set archs, struct strbuf *out)
{
    const char *name = NULL;

    if (n->word == WORD_ARCH && n->kind == NODE_EQ && n->mask == UINT32_MAX) {
        arch_names(n->k, out);
        return;
    }
    if (n->word == WORD_NR && n->kind != NODE_SET && n->mask == UINT32_MAX)
        name = common_name(n->k, archs);
    if (name && n->kind == NODE_EQ)
        strbuf_puts(out, name);
    else
        strbuf_printf(out, n->k <= UINT16_MAX && n->kind != NODE_SET ? "%" PRIu32 : "0x%" PRIx32,
                      n->k);
    if (name && n->kind != NODE_EQ)
        strbuf_printf(out, " (%s)", name);
}

static const char *sign(enum node_kind kind)
{
    switch (kind) {
    case NODE_EQ:
        return " == ";
    case NODE_GT:
        return " > ";
    case NODE_GE:
        return " >= ";
    case NODE_SET:
        return " & ";
    case NODE_LEAF:
        break;
    }
    return "";
}

void node_text(const struct node *n, arch_set archs, struct strbuf *out)
{
    if (n->kind == NODE_LEAF) {
        action_text(n->k, archs, out);
        return;
    }
    word_text(n->word, out);
    if (n->mask != UINT32_MAX)
        strbuf_printf(out, " & 0x%" PRIx32, n->mask);
    strbuf_puts(out, sign(n->kind));
    value_text(n, archs, out);
}

/* --- all of them ------------------------------------------------------------------------------ */

const uint32_t *graph_places(struct arena *a, const struct node *const *order, size_t count)
{
    uint32_t *places = ARENA_ARRAY(a, uint32_t, (size_t)order[0]->id + 1);

    for (size_t i = 0; i < count; i++)
        places[order[i]->id] = (uint32_t)i;
    return places;
}

/* Which of the architectures take which branch; those that may take both stay in both. */
static void split(const struct node *n, arch_set archs, arch_set *yes, arch_set *no)
{
    *yes = *no = archs;
    if (n->word == WORD_ARCH && n->mask == UINT32_MAX && n->kind != NODE_SET) {
        arch_set hit = 0;

        for (enum arch_id id = 0; id < ARCH_COUNT; id++)
            if (n->kind == NODE_EQ ? arch_table[id].audit == n->k : arch_table[id].audit >= n->k)
                hit |= ARCH_BIT(id);
        *yes &= hit;
        *no &= ~hit;
    } else if (n->word == WORD_NR && n->kind == NODE_SET && n->k == X32_BIT) {
        *yes &= ~ARCH_BIT(ARCH_X86_64);
        *no &= ~ARCH_BIT(ARCH_X32);
    }
}

const arch_set *graph_archs(struct arena *a, const struct node *const *order, size_t count)
{
    const uint32_t *places = graph_places(a, order, count);
    arch_set *archs = ARENA_ARRAY(a, arch_set, count), yes, no;

    archs[0] = ALL_ARCHS;
    for (size_t i = 0; i < count; i++) {
        const struct node *n = order[i];

        if (n->kind == NODE_LEAF)
            continue;
        split(n, archs[i], &yes, &no);
        archs[places[n->yes->id]] |= yes;
        archs[places[n->no->id]] |= no;
    }
    return archs;
}

void graph_dump(struct arena *a, const struct node *root, struct strbuf *out)
{
    const struct node **order;
    size_t count = graph_order(a, root, &order);
    const uint32_t *places = graph_places(a, order, count);
    const arch_set *archs = graph_archs(a, order, count);

    for (size_t i = 0; i < count; i++) {
        const struct node *n = order[i];

        strbuf_printf(out, "%zu: ", i);
        node_text(n, archs[i], out);
        if (n->kind != NODE_LEAF)
            strbuf_printf(out, " ? %" PRIu32 " : %" PRIu32, places[n->yes->id], places[n->no->id]);
        strbuf_putc(out, '\n');
    }
}
