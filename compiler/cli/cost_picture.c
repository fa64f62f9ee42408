/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decisions of a filter as a tree that grows to the right, in SVG. It is the tree of the
 * program, not of the graph, so that what a call executes can be counted on its way: each box is a
 * test under its instruction's number, yes above no. What several ways lead to is drawn once; the
 * others say where.
 */
#include "compiler/cli/cost.h"

#include "compiler/emit/emitters.h"
#include "compiler/graph/dump.h"

#include <inttypes.h>
#include <string.h>

#define LETTER  7.4 /* pixels, of the widest common fonts */
#define ROW     24
#define BOX     18
#define GAP     44 /* between columns */
#define MARGIN  16
#define TITLE   56
#define NO_BOX  SIZE_MAX
#define PALEST  98 /* lightness in percent: of what is reached at once */
#define DARKEST 55 /* and last */

struct box {
    const char *label;
    const char *colour; /* of a leaf; NULL: by what was executed */
    uint32_t executed;  /* up to here */
    unsigned column;
    double row;
    size_t parent; /* NO_BOX: none */
    bool yes, leaf;
};

struct picture {
    struct arena *arena;
    const struct layout *layout;
    const arch_set *archs;  /* by place */
    const uint32_t *places; /* by id of node */
    bool *drawn;            /* by instruction */
    VEC(struct box) boxes;
    unsigned rows;
    uint32_t most; /* executed by any call */
};

/* --- which box is where ----------------------------------------------------------------------- */

static const char *label_of(struct picture *p, uint32_t at)
{
    const struct node *n = p->layout->node[at];
    struct strbuf text;

    strbuf_init(&text, p->arena);
    if (n->kind != NODE_LEAF)
        strbuf_printf(&text, "%" PRIu32 ": ", at);
    node_text(n, p->archs[p->places[n->id]], &text);
    return strbuf_text(&text);
}

/* To the next test or return: what is in between is executed. */
static uint32_t next_decision(const struct picture *p, uint32_t at, uint32_t *executed)
{
    for (;; at++) {
        const struct sock_filter *in = &p->layout->program.code[at];

        ++*executed;
        if (BPF_CLASS(in->code) == BPF_RET ||
            (BPF_CLASS(in->code) == BPF_JMP && BPF_OP(in->code) != BPF_JA))
            return at;
        if (BPF_CLASS(in->code) == BPF_JMP)
            at += in->k;
    }
}

/* Places what is decided from the instruction on; returns its row. */
static double place(struct picture *p, uint32_t at, struct box box)
{
    const struct sock_filter *in;
    size_t index = p->boxes.count;
    double yes, no;

    at = next_decision(p, at, &box.executed);
    in = &p->layout->program.code[at];
    if (box.executed > p->most)
        p->most = box.executed;
    box.leaf = BPF_CLASS(in->code) == BPF_RET || p->drawn[at];
    box.label = BPF_CLASS(in->code) != BPF_RET && p->drawn[at]
                    ? arena_printf(p->arena, "see %" PRIu32, at)
                    : label_of(p, at);
    if (BPF_CLASS(in->code) == BPF_RET)
        box.colour = leaf_colour(in->k);
    VEC_PUSH(p->arena, &p->boxes, box);
    if (box.leaf)
        return p->boxes.at[index].row = p->rows++;
    p->drawn[at] = true;
    box = (struct box){.executed = box.executed, .column = box.column + 1, .parent = index};
    box.yes = true;
    yes = place(p, at + 1 + in->jt, box);
    box.yes = false;
    no = place(p, at + 1 + in->jf, box);
    return p->boxes.at[index].row = (yes + no) / 2;
}

static unsigned width_of(const struct box *b)
{
    return (unsigned)(LETTER * (double)strlen(b->label)) + 12;
}

/* Left edges of the columns, and behind the last the width of all. */
static const unsigned *columns(const struct picture *p, unsigned *count)
{
    unsigned *left, *widest;

    *count = 0;
    for (size_t i = 0; i < p->boxes.count; i++)
        if (p->boxes.at[i].column >= *count)
            *count = p->boxes.at[i].column + 1;
    widest = ARENA_ARRAY(p->arena, unsigned, *count);
    left = ARENA_ARRAY(p->arena, unsigned, *count + 1);
    for (size_t i = 0; i < p->boxes.count; i++) {
        const struct box *b = &p->boxes.at[i];
        if (width_of(b) > widest[b->column])
            widest[b->column] = width_of(b);
    }
    left[0] = MARGIN;
    for (unsigned i = 0; i < *count; i++)
        left[i + 1] = left[i] + widest[i] + GAP;
    return left;
}

/* --- as SVG ----------------------------------------------------------------------------------- */

static void add_escaped(struct strbuf *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '&':
            strbuf_puts(out, "&amp;");
            break;
        case '<':
            strbuf_puts(out, "&lt;");
            break;
        case '>':
            strbuf_puts(out, "&gt;");
            break;
        default:
            strbuf_putc(out, *text);
        }
}

static unsigned middle_of(const struct box *b)
{
    return TITLE + (unsigned)(b->row * ROW) + ROW / 2;
}

/* The more was executed, the darker. */
static unsigned lightness(const struct picture *p, uint32_t executed)
{
    return PALEST - (PALEST - DARKEST) * executed / p->most;
}

static void add_edge(const struct picture *p, const struct box *b, const unsigned *left,
                     struct strbuf *out)
{
    const struct box *from = &p->boxes.at[b->parent];
    unsigned x = left[from->column] + width_of(from), to = left[b->column], half = (x + to) / 2;

    strbuf_printf(out, "<path d=\"M%u %u C%u %u %u %u %u %u\" class=\"%s\"/>\n", x, middle_of(from),
                  half, middle_of(from), half, middle_of(b), to, middle_of(b),
                  b->yes ? "yes" : "no");
}

static void add_box(const struct picture *p, const struct box *b, const unsigned *left,
                    struct strbuf *out)
{
    unsigned x = left[b->column], y = middle_of(b);

    strbuf_printf(out, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" rx=\"%d\" fill=\"", x,
                  y - BOX / 2, width_of(b), BOX, b->colour ? 0 : BOX / 2);
    if (b->colour)
        strbuf_puts(out, b->colour);
    else
        strbuf_printf(out, "hsl(30,80%%,%u%%)", lightness(p, b->executed));
    strbuf_printf(out, "\"/><text x=\"%u\" y=\"%u\">", x + 6, y + 4);
    add_escaped(out, b->label);
    strbuf_puts(out, "</text>\n");
    if (b->colour)
        strbuf_printf(out,
                      "<circle cx=\"%u\" cy=\"%u\" r=\"10\" fill=\"hsl(30,80%%,%u%%)\"/>"
                      "<text x=\"%u\" y=\"%u\" class=\"count\">%" PRIu32 "</text>\n",
                      x + width_of(b) + 14, y, lightness(p, b->executed), x + width_of(b) + 14,
                      y + 4, b->executed);
}

static void add_head(const struct picture *p, const char *title, unsigned width, struct strbuf *out)
{
    unsigned least = (unsigned)(LETTER * 90);

    width = width < least ? least : width;
    strbuf_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\">\n"
                  "<style>text{font:12px monospace}.count{font-size:10px;text-anchor:middle}"
                  "rect,circle{stroke:#555;stroke-width:.7}path{fill:none;stroke:#555}"
                  ".no{stroke-dasharray:4 3}</style>\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"white\" stroke=\"none\"/>\n",
                  width, TITLE + p->rows * ROW + MARGIN);
    strbuf_printf(out, "<text x=\"%d\" y=\"20\">", MARGIN);
    add_escaped(out, title);
    strbuf_printf(out, ": %" PRIu32 " instructions</text>\n", p->layout->program.count);
    strbuf_printf(out,
                  "<text x=\"%d\" y=\"40\">full lines: yes, dashed: no; in circles, and the darker "
                  "the more: instructions executed</text>\n",
                  MARGIN);
}

static void write_svg(struct picture *p, const char *title, struct strbuf *out)
{
    const unsigned *left;
    unsigned count;

    place(p, 0, (struct box){.parent = NO_BOX});
    left = columns(p, &count);
    add_head(p, title, left[count], out);
    for (size_t i = 0; i < p->boxes.count; i++)
        if (p->boxes.at[i].parent != NO_BOX)
            add_edge(p, &p->boxes.at[i], left, out);
    for (size_t i = 0; i < p->boxes.count; i++)
        add_box(p, &p->boxes.at[i], left, out);
    strbuf_puts(out, "</svg>\n");
}

/* --- both ------------------------------------------------------------------------------------- */

static void draw(struct arena *a, const struct emit_input *in, struct strbuf *out)
{
    const struct node **order;
    size_t count = graph_order(a, in->filter->root, &order);
    struct picture p = {.arena = a, .layout = &in->filter->layout};
    struct strbuf title;

    p.archs = graph_archs(a, order, count);
    p.places = graph_places(a, order, count);
    p.drawn = ARENA_ARRAY(a, bool, p.layout->program.count);
    strbuf_init(&title, a);
    emit_title(in, &title);
    write_svg(&p, strbuf_text(&title), out);
}

int write_picture(struct cli *cli, struct compile *c, const char *path)
{
    struct emit_input in = {
        .policy = c->policy, .filter = c->filter, .name = path, .diags = &c->diags};
    struct strbuf out;

    if (!c->filter)
        return usage_error("a picture is made of a policy, not of its instructions: '%s'", path);
    strbuf_init(&out, &cli->arena);
    if (!strcmp(cli->args.format, "svg"))
        draw(&cli->arena, &in, &out);
    else if (!strcmp(cli->args.format, "dot"))
        (void)!emit_dot(&cli->arena, &in, &out);
    else
        return usage_error("a picture is dot or svg, not '%s'", cli->args.format);
    return write_result(cli, strbuf_text(&out), out.len, true);
}
