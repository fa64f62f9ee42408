/* SPDX-License-Identifier: Apache-2.0 */
/* Graph, layout, and what to say of a program that is too large. */
#include "compiler/emit/cbpf.h"

#include "compiler/graph/build.h"

#include <stdlib.h>
#include <string.h>

/* A build with a small limit runs the code for long jumps on small input. */
#ifndef JUMP_LIMIT
#define JUMP_LIMIT 255
#endif

#define MOST_BLAMED 3

/* How many instructions are there for the sake of a rule. */
struct share {
    struct span span;
    uint32_t count;
};

static int by_span(const void *pa, const void *pb)
{
    const struct span *a = pa, *b = pb;
    int order = strcmp(a->source->name, b->source->name);

    if (order)
        return order;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return (a->end > b->end) - (a->end < b->end);
}

static int by_count(const void *pa, const void *pb)
{
    const struct share *a = pa, *b = pb;

    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return by_span(&a->span, &b->span);
}

/* The origins of instructions, equal ones together. */
static size_t sorted_origins(struct arena *a, const struct layout *l, struct span **spans)
{
    size_t count = 0;

    *spans = ARENA_ARRAY(a, struct span, l->program.count);
    for (uint32_t i = 0; i < l->program.count; i++)
        if (l->node[i] && l->node[i]->origin.source)
            (*spans)[count++] = l->node[i]->origin;
    qsort(*spans, count, sizeof(**spans), by_span);
    return count;
}

static void blame(struct arena *a, const struct layout *l, struct diags *diags, struct diag *d)
{
    struct span *spans;
    size_t count = sorted_origins(a, l, &spans), share_count = 0;
    struct share *shares = ARENA_ARRAY(a, struct share, count);

    for (size_t i = 0; i < count; i++) {
        if (i == 0 || by_span(&spans[i - 1], &spans[i]) != 0)
            shares[share_count++] = (struct share){.span = spans[i]};
        shares[share_count - 1].count++;
    }
    qsort(shares, share_count, sizeof(*shares), by_count);
    for (size_t i = 0; i < share_count && i < MOST_BLAMED; i++)
        diag_note(diags, d, shares[i].span, "%u of them are for this rule", shares[i].count);
    diag_note(diags, d, (struct span){0},
              "%zu of them tell architectures and numbers apart, and return",
              l->program.count - count);
}

struct filter *emit_filter(struct arena *a, const struct policy *p, struct diags *diags)
{
    struct layout_options o = {.jump_limit = JUMP_LIMIT};
    struct filter *f = ARENA_NEW(a, struct filter);
    struct graph g;

    o.big_endian = p->target_count && p->targets[0].arch->big_endian;
    graph_init(&g, a);
    f->root = build_graph(&g, p, diags);
    if (!f->root)
        return NULL;
    layout_graph(a, f->root, &o, &f->layout);
    if (f->layout.program.count > BPF_MAXINSNS) {
        struct diag *d = diag_add(diags, DIAG_TOO_LARGE, (struct span){0},
                                  "the filter has %u instructions, the kernel takes %d",
                                  f->layout.program.count, BPF_MAXINSNS);
        blame(a, &f->layout, diags, d);
        return NULL;
    }
    return f;
}
