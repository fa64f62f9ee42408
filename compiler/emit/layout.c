/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code is made from its end, children before parents, so where a jump goes is known when it is
 * made, and a conditional jump that does not reach gets a `ja`, or a `ret` of its own, right
 * behind it. Places are counted from the end while code grows at its front.
 *
 * What the accumulator holds: after a test, the node's word under a mask, which depends on the way
 * that the test was entered by. A node whose predecessor surely leaves there what it needs is
 * entered behind its load, and behind its `and` if no other bit can be there.
 */
#include "compiler/emit/layout.h"

/* A cap on what doubles with every level of sharing; the sum of two and one still fits. */
#define MAX_SIZE (UINT64_MAX / 4)

/* Where a block is entered; each falls through to the next. */
enum way { WAY_LOAD, WAY_AND, WAY_TEST, WAY_COUNT };

struct block {
    const struct node *node;
    /* of node->word, the accumulator holds after the test: */
    uint32_t kept; /* these bits, whatever way it was entered by */
    uint32_t held; /* no bits but these */
    uint8_t ways;  /* bit per way by which some predecessor enters */
    bool visited;
    uint64_t size;            /* nodes under it, shared ones counted as often as they are used */
    uint32_t at[WAY_COUNT];   /* its code, as a distance from the end */
    uint32_t near[WAY_COUNT]; /* the nearest instruction that does the same: that, or a hop */
};

struct coded {
    struct sock_filter in;
    const struct node *node;
};

struct builder {
    struct arena *arena;
    const struct layout_options *options;
    struct block *blocks;
    size_t block_count;
    uint32_t *index;        /* of blocks, by node id */
    VEC(struct coded) code; /* from the end */
};

static struct block *block_of(const struct builder *b, const struct node *n)
{
    return &b->blocks[b->index[n->id]];
}

/* --- what the accumulator holds --------------------------------------------------------------- */

static bool has_and(const struct node *n)
{
    return n->kind != NODE_LEAF && n->mask != UINT32_MAX;
}

/* How `to` is entered from behind the test of `from`. */
static enum way way_into(const struct block *from, const struct node *to)
{
    uint32_t missing;

    if (to->kind == NODE_LEAF)
        return WAY_TEST;
    missing = (to->kind == NODE_SET ? to->k : to->mask) & ~from->kept;
    if (to->word != from->node->word || missing)
        return WAY_LOAD;
    return has_and(to) && from->held & ~to->mask ? WAY_AND : WAY_TEST;
}

static void enter(struct builder *b, const struct block *from, const struct node *n)
{
    struct block *to = block_of(b, n);
    enum way way = way_into(from, n);

    to->ways |= (uint8_t)(1 << way);
    to->kept &= way == WAY_TEST ? from->kept : UINT32_MAX;
    to->held |= way == WAY_TEST ? from->held : UINT32_MAX;
}

static void find_ways(struct builder *b)
{
    b->blocks[0].ways = 1 << WAY_LOAD;
    b->blocks[0].held = UINT32_MAX;
    for (size_t i = 0; i < b->block_count; i++) { /* parents first: what they keep is known */
        struct block *block = &b->blocks[i];
        const struct node *n = block->node;

        if (n->kind == NODE_LEAF)
            continue;
        if (has_and(n))
            block->kept = block->held = n->mask;
        enter(b, block, n->yes);
        enter(b, block, n->no);
    }
}

static void init_blocks(struct builder *b, const struct node *root)
{
    const struct node **order;

    b->block_count = graph_order(b->arena, root, &order);
    b->blocks = ARENA_ARRAY(b->arena, struct block, b->block_count);
    b->index = ARENA_ARRAY(b->arena, uint32_t, (size_t)root->id + 1);
    for (size_t i = b->block_count; i-- > 0;) {
        const struct node *n = order[i];
        struct block *block = &b->blocks[i];

        b->index[n->id] = (uint32_t)i;
        *block = (struct block){.node = n, .kept = UINT32_MAX, .size = 1};
        if (n->kind == NODE_LEAF)
            continue;
        block->size += block_of(b, n->yes)->size + block_of(b, n->no)->size;
        if (block->size > MAX_SIZE)
            block->size = MAX_SIZE;
    }
}

/* --- code ------------------------------------------------------------------------------------- */

static void put(struct builder *b, struct sock_filter in, const struct node *n)
{
    VEC_PUSH(b->arena, &b->code, ((struct coded){in, n}));
}

/* How many instructions lie between the one that is put next and place. */
static uint32_t reach(const struct builder *b, uint32_t place)
{
    return (uint32_t)b->code.count - place - 1;
}

static void put_return(struct builder *b, const struct node *leaf)
{
    put(b, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, leaf->k), leaf);
}

/* Where a jump from one block to another goes: its nearest place, made nearer if need be. */
struct route {
    struct block *to;
    enum way way;
};

static bool is_far(const struct builder *b, const struct route *r)
{
    return reach(b, r->to->near[r->way]) > b->options->jump_limit;
}

static void put_hop(struct builder *b, const struct route *r)
{
    struct sock_filter jump = BPF_STMT(BPF_JMP | BPF_JA, reach(b, r->to->at[r->way]));

    if (r->to->node->kind == NODE_LEAF)
        put_return(b, r->to->node);
    else
        put(b, jump, NULL);
    r->to->near[r->way] = (uint32_t)b->code.count - 1;
}

static uint16_t opcode(enum node_kind kind)
{
    switch (kind) {
    case NODE_EQ:
        return BPF_JMP | BPF_JEQ | BPF_K;
    case NODE_GT:
        return BPF_JMP | BPF_JGT | BPF_K;
    case NODE_GE:
        return BPF_JMP | BPF_JGE | BPF_K;
    case NODE_SET:
        return BPF_JMP | BPF_JSET | BPF_K;
    case NODE_LEAF:
        break;
    }
    return BPF_RET | BPF_K;
}

static void put_test(struct builder *b, const struct block *block)
{
    const struct node *n = block->node;
    struct route yes = {block_of(b, n->yes), way_into(block, n->yes)};
    struct route no = {block_of(b, n->no), way_into(block, n->no)};

    /* a hop for one moves the other away by one */
    for (;;) {
        if (is_far(b, &no))
            put_hop(b, &no);
        else if (is_far(b, &yes))
            put_hop(b, &yes);
        else
            break;
    }
    put(b,
        (struct sock_filter)BPF_JUMP(opcode(n->kind), n->k,
                                     (uint8_t)reach(b, yes.to->near[yes.way]),
                                     (uint8_t)reach(b, no.to->near[no.way])),
        n);
}

static void mark(struct builder *b, struct block *block, enum way way)
{
    block->at[way] = block->near[way] = (uint32_t)b->code.count - 1;
}

static void put_block(struct builder *b, struct block *block)
{
    const struct node *n = block->node;
    uint32_t offset;

    if (n->kind == NODE_LEAF)
        put_return(b, n);
    else
        put_test(b, block);
    mark(b, block, WAY_TEST);
    if (has_and(n) && block->ways & (1 << WAY_LOAD | 1 << WAY_AND)) {
        put(b, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, n->mask), n);
        mark(b, block, WAY_AND);
    }
    if (n->kind != NODE_LEAF && block->ways & 1 << WAY_LOAD) {
        offset = word_offset(n->word, b->options->big_endian);
        put(b, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset), n);
        mark(b, block, WAY_LOAD);
    }
}

/* --- order ------------------------------------------------------------------------------------ */

/* The child that is laid out first, farther from its parent: the larger one, so that the jump
 * over the other is short. NULL: both are there. */
static struct block *next_child(const struct builder *b, const struct node *n)
{
    struct block *yes, *no;

    if (n->kind == NODE_LEAF)
        return NULL;
    yes = block_of(b, n->yes);
    no = block_of(b, n->no);
    if (yes->visited || no->visited)
        return !yes->visited ? yes : !no->visited ? no : NULL;
    return yes->size > no->size ? yes : no;
}

/* Children before parents, depth first. */
static void put_blocks(struct builder *b)
{
    VEC(struct block *) path = {0};

    b->blocks[0].visited = true;
    VEC_PUSH(b->arena, &path, &b->blocks[0]);
    while (path.count) {
        struct block *top = path.at[path.count - 1], *child = next_child(b, top->node);

        if (child) {
            child->visited = true;
            VEC_PUSH(b->arena, &path, child);
        } else {
            put_block(b, top);
            path.count--;
        }
    }
}

void layout_graph(struct arena *a, const struct node *root, const struct layout_options *o,
                  struct layout *out)
{
    struct builder b = {.arena = a, .options = o};
    size_t count;

    init_blocks(&b, root);
    find_ways(&b);
    put_blocks(&b);
    count = b.code.count;
    out->program.count = (uint32_t)count;
    out->program.code = ARENA_ARRAY(a, struct sock_filter, count);
    out->node = ARENA_ARRAY(a, const struct node *, count);
    for (size_t i = 0; i < count; i++) {
        out->program.code[i] = b.code.at[count - 1 - i].in;
        out->node[i] = b.code.at[count - 1 - i].node;
    }
}
