/* SPDX-License-Identifier: Apache-2.0 */
/* Format asm: what `easyseccomp disasm` shows of the program, and beside the first instruction of
 * each rule the place and text of the rule. */
#include "compiler/emit/emitters.h"

#include "compiler/cbpf/disassemble.h"

#define MOST_TEXT 60 /* columns of a rule's text */

struct listing {
    struct arena *arena;
    const struct layout *layout;
};

static struct span origin(const struct layout *l, uint32_t at)
{
    const struct node *n = l->node[at];

    /* a return is shared by all rules with that action */
    return n && n->kind != NODE_LEAF ? n->origin : (struct span){0};
}

static const char *rule_text(struct arena *a, struct span span)
{
    struct place place = source_place(span.source, span.begin);
    struct strbuf b;

    strbuf_init(&b, a);
    strbuf_printf(&b, "%s:%u: ", span.source->name, place.line);
    source_excerpt(span, MOST_TEXT, &b);
    return strbuf_text(&b);
}

static const char *comment(void *ctx, uint32_t at)
{
    const struct listing *l = ctx;
    struct span now = origin(l->layout, at);
    struct span before = at ? origin(l->layout, at - 1) : (struct span){0};

    if (!now.source || (now.source == before.source && now.begin == before.begin))
        return NULL;
    return rule_text(l->arena, now);
}

int emit_asm(struct arena *a, const struct emit_input *in, struct strbuf *out)
{
    const struct policy *p = in->policy;
    struct listing l = {a, &in->filter->layout};
    struct disassembly how = {.comment = comment, .ctx = &l};

    how.big_endian = p->targets[0].arch->big_endian;
    how.arch = p->target_count == 1 ? p->targets[0].arch : NULL;
    strbuf_puts(out, "; ");
    emit_title(in, out);
    strbuf_putc(out, '\n');
    disassemble(&in->filter->layout.program, &how, out);
    return 0;
}
