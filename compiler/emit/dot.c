/* SPDX-License-Identifier: Apache-2.0 */
/* Format dot: the decision graph as graphviz draws it. Nodes are named by their place in the
 * graph, so the same policy is the same text. */
#include "compiler/emit/emitters.h"

#include "compiler/graph/dump.h"
#include "compiler/tables/names.h"

#include <inttypes.h>

const char *leaf_colour(uint32_t ret)
{
    switch (ret & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG:
        return "palegreen";
    case SECCOMP_RET_ERRNO:
        return "khaki";
    case SECCOMP_RET_TRACE:
    case SECCOMP_RET_TRAP:
    case SECCOMP_RET_USER_NOTIF:
        return "lightblue";
    default:
        return "salmon";
    }
}

/* Inside a quoted string of dot. */
static void add_quoted(struct strbuf *out, const char *text)
{
    strbuf_putc(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            strbuf_putc(out, '\\');
        strbuf_putc(out, *c);
    }
    strbuf_putc(out, '"');
}

static void add_node(const struct node *n, size_t place, arch_set archs, struct strbuf *out)
{
    struct strbuf text;

    strbuf_init(&text, out->arena);
    node_text(n, archs, &text);
    strbuf_printf(out, "    n%zu [label=", place);
    add_quoted(out, strbuf_text(&text));
    if (n->kind == NODE_LEAF)
        strbuf_printf(out, ", shape=box, style=filled, fillcolor=%s", leaf_colour(n->k));
    strbuf_puts(out, "];\n");
}

int emit_dot(struct arena *a, const struct emit_input *in, struct strbuf *out)
{
    const struct node **order;
    size_t count = graph_order(a, in->filter->root, &order);
    const uint32_t *places = graph_places(a, order, count);
    const arch_set *archs = graph_archs(a, order, count);
    struct strbuf title;

    strbuf_init(&title, a);
    emit_title(in, &title);
    strbuf_puts(out, "digraph policy {\n    label=");
    add_quoted(out, strbuf_text(&title));
    strbuf_puts(out, ";\n    node [shape=ellipse, fontname=monospace];\n");
    for (size_t i = 0; i < count; i++)
        add_node(order[i], i, archs[i], out);
    for (size_t i = 0; i < count; i++) {
        const struct node *n = order[i];

        if (n->kind == NODE_LEAF)
            continue;
        strbuf_printf(out, "    n%zu -> n%" PRIu32 " [label=yes];\n", i, places[n->yes->id]);
        strbuf_printf(out, "    n%zu -> n%" PRIu32 " [label=no, style=dashed];\n", i,
                      places[n->no->id]);
    }
    strbuf_puts(out, "}\n");
    return 0;
}
