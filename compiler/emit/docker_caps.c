/* SPDX-License-Identifier: Apache-2.0 */
/* Which capabilities a policy asks for, and which of them matter to which call. */
#include "compiler/emit/docker.h"

#include "compiler/sema/eval.h"

#include <errno.h>
#include <string.h>

/* Sets are asked for one by one: larger ones are not. */
#define MANY_NUMBERS 4096

/* --- messages ----------------------------------------------------------------------------------*/

const char *caps_text(const struct cap_variants *v, cap_set caps)
{
    struct strbuf out;

    strbuf_init(&out, v->arena);
    for (size_t i = 0; i < v->cap_count; i++)
        if (caps & (cap_set)1 << i)
            strbuf_printf(&out, "%s%s", out.len ? ", " : "", v->caps[i]);
    return caps ? strbuf_text(&out) : "no capability";
}

void docker_refuse(const struct cap_variants *v, const char *fmt, ...)
{
    struct diag *diag;
    const char *text;
    va_list ap;

    va_start(ap, fmt);
    text = arena_vprintf(v->arena, fmt, ap);
    va_end(ap);
    diag = diag_add(v->in->diags, DIAG_JSON_CANNOT_SAY, (struct span){0},
                    "a docker profile cannot say this: %s", text);
    diag_note(v->in->diags, diag, (struct span){0},
              "with `-d CAP_NAME` for those that the container has, `-f json` and `-f bpf` can");
}

void docker_take_diags(const struct cap_variants *v, cap_set caps, const struct diags *from)
{
    for (size_t i = 0; i < from->list.count; i++) {
        const struct diag *d = from->list.at[i];
        struct diag *copy = diag_add(v->in->diags, d->id, d->span, "%s", d->text);

        for (const struct diag_note *n = d->notes; n && !copy->repeated; n = n->next)
            diag_note(v->in->diags, copy, n->span, "%s", n->text);
        if (caps && d->severity == SEVERITY_ERROR)
            diag_note(v->in->diags, copy, (struct span){0}, "of a container with %s",
                      caps_text(v, caps));
    }
}

/* --- what a rule may be about ------------------------------------------------------------------*/

static bool are_all_named(const struct ranges *set, const struct arch *arch)
{
    if (ranges_size(*set) > MANY_NUMBERS)
        return false;
    for (size_t i = 0; i < set->count; i++)
        for (uint64_t nr = set->at[i].low; nr <= set->at[i].high; nr++)
            if (!syscall_by_number(arch, (uint32_t)nr))
                return false;
    return true;
}

static enum answer atom_about(const struct atom *atom, const struct arch *arch, uint64_t nr)
{
    struct seccomp_data call = {.nr = (int)(uint32_t)nr};
    bool named;

    if (atom->field != FIELD_NR)
        return ANSWER_MAYBE;
    if (nr != UINT64_MAX)
        return eval_atom(atom, &call) ? ANSWER_YES : ANSWER_NO;
    if (atom->mask != UINT32_MAX || (atom->op != CMP_EQ && atom->op != CMP_IN))
        return ANSWER_MAYBE;
    named = atom->op == CMP_EQ ? syscall_by_number(arch, (uint32_t)atom->value) != NULL
                               : are_all_named(&atom->set, arch);
    return named ? ANSWER_NO : ANSWER_MAYBE;
}

enum answer cond_about(const struct cond *c, const struct arch *arch, uint64_t nr)
{
    enum answer worst = c->kind == COND_AND ? ANSWER_YES : ANSWER_NO;

    switch (c->kind) {
    case COND_FALSE:
        return ANSWER_NO;
    case COND_TRUE:
        return ANSWER_YES;
    case COND_ATOM:
        return atom_about(&c->atom, arch, nr);
    case COND_NOT:
        return (enum answer)(ANSWER_YES - cond_about(c->kids[0], arch, nr));
    case COND_AND:
    case COND_OR:
        for (size_t i = 0; i < c->kid_count; i++) {
            enum answer kid = cond_about(c->kids[i], arch, nr);

            if (c->kind == COND_AND ? kid < worst : kid > worst)
                worst = kid;
        }
        return worst;
    }
    return ANSWER_MAYBE;
}

/* --- what tells one set's statements from another's --------------------------------------------*/

static void mix(uint64_t *hash, uint64_t value)
{
    *hash = (*hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    *hash ^= *hash >> 29;
}

/* The place, in the file and through the includes that led to it. */
static void mix_span(uint64_t *hash, struct span span)
{
    for (; span.source; span = span.source->included_from) {
        for (const char *c = span.source->name; *c; c++)
            mix(hash, (unsigned char)*c);
        mix(hash, (uint64_t)span.begin << 32 | span.end);
    }
}

static void mix_name(uint64_t *hash, const struct name *name)
{
    for (uint32_t i = 0; i < name->len; i++)
        mix(hash, (unsigned char)name->text[i]);
    mix(hash, name->len);
}

/* Not by place alone: #if also selects within a statement. */
static void mix_expr(uint64_t *hash, const struct expr *e)
{
    mix(hash, (uint64_t)e->kind << 8 | e->op);
    mix(hash, e->number);
    mix_name(hash, &e->name);
    mix_name(hash, &e->arch);
    mix(hash, e->kids.count);
    for (size_t i = 0; i < e->kids.count; i++)
        mix_expr(hash, e->kids.at[i]);
}

static void mix_item(uint64_t *hash, const struct item *item)
{
    mix_span(hash, item->span);
    mix_name(hash, &item->name);
    if (item->expr)
        mix_expr(hash, item->expr);
    mix_name(hash, &item->action.name);
    if (item->action.data)
        mix_expr(hash, item->action.data);
    for (size_t i = 0; i < item->names.count; i++)
        mix_name(hash, &item->names.at[i]);
}

static void mix_cond(uint64_t *hash, const struct cond *c)
{
    const struct atom *a = &c->atom;

    mix(hash, c->kind);
    if (c->kind == COND_ATOM) {
        mix(hash, (uint64_t)a->field << 32 | (uint64_t)a->shift << 24 | (uint64_t)a->width << 16 |
                      (uint64_t)a->is_signed << 8 | a->op);
        mix(hash, a->mask);
        mix(hash, a->op == CMP_IN ? a->set.count : a->value);
        for (size_t i = 0; a->op == CMP_IN && i < a->set.count; i++) {
            mix(hash, a->set.at[i].low);
            mix(hash, a->set.at[i].high);
        }
    }
    mix(hash, c->kid_count);
    for (size_t i = 0; i < c->kid_count; i++)
        mix_cond(hash, c->kids[i]);
}

static cap_set caps_in(const struct cap_variants *v, const struct expr *e)
{
    cap_set set = 0;

    for (size_t i = 0; e->kind == EXPR_NAME && i < v->cap_count; i++)
        if (strlen(v->caps[i]) == e->name.len && !memcmp(v->caps[i], e->name.text, e->name.len))
            set |= (cap_set)1 << i;
    for (size_t i = 0; i < e->kids.count; i++)
        set |= caps_in(v, e->kids.at[i]);
    return set;
}

static cap_set clusters_of(const struct cap_variants *v, cap_set caps)
{
    cap_set set = caps;

    for (size_t i = 0; i < v->cap_count; i++)
        if (caps & (cap_set)1 << i)
            set |= v->together[i];
    return set;
}

static void matter_to_all(struct cap_variants *v, cap_set caps)
{
    cap_set all = clusters_of(v, v->all_calls | caps);

    v->news += all != v->all_calls;
    v->all_calls = all;
}

/* Statements that are not rules; guards: what the #if around asks for, on the architecture too. */
static void mix_items(struct cap_variants *v, const item_list *items, cap_set guards,
                      uint64_t *hash)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = items->at[i];
        cap_set inner = guards | (item->kind == ITEM_IF ? caps_in(v, item->expr) : 0);

        switch (item->kind) {
        case ITEM_RULE:
        case ITEM_DEFAULT:
        case ITEM_UNKNOWN:
        case ITEM_TEST:
            continue;
        case ITEM_IF:
            mix_items(v, &item->items, inner, hash);
            mix_items(v, &item->else_items, inner, hash);
            continue;
        case ITEM_INCLUDE:
            mix_items(v, &item->items, inner, hash);
            break;
        case ITEM_FOREIGN:
        case ITEM_KNOWN:
        case ITEM_ARCH:
        case ITEM_FLAGS:
        case ITEM_CONST:
        case ITEM_SET:
        case ITEM_MACRO:
            break;
        }
        mix_item(hash, item);
        if (guards)
            matter_to_all(v, guards);
    }
}

static void mix_rules(const struct target *t, uint64_t *hashes)
{
    for (size_t i = 0; i < t->rule_count; i++) {
        const struct rule *rule = t->rules[i];
        uint64_t place = 0;

        mix_span(&place, rule->span);
        mix(&place, rule->ret);
        mix_cond(&place, rule->cond);
        for (const char *r = rule->reason; r && *r; r++)
            mix(&place, (unsigned char)*r);
        for (size_t c = 0; c <= syscall_count; c++) {
            int64_t nr = c < syscall_count ? syscall_number(&syscall_table[c], t->arch) : -1;

            if (c < syscall_count && nr < 0)
                continue;
            if (cond_about(rule->cond, t->arch, nr < 0 ? UINT64_MAX : (uint64_t)nr) != ANSWER_NO)
                mix(&hashes[c], place);
        }
    }
}

/* --- variants ----------------------------------------------------------------------------------*/

static bool is_given(const struct cap_variants *v, const struct name *name)
{
    for (size_t i = 0; i < v->in->define_count; i++)
        if (strlen(v->in->defines[i].name) == name->len &&
            !memcmp(v->in->defines[i].name, name->text, name->len))
            return true;
    return false;
}

static size_t cap_index(struct cap_variants *v, const struct name *name)
{
    size_t i = 0;

    while (i < v->cap_count &&
           (strlen(v->caps[i]) != name->len || memcmp(v->caps[i], name->text, name->len)))
        i++;
    if (i == v->cap_count && i < DOCKER_MAX_CAPS) {
        v->caps[i] = arena_strndup(v->arena, name->text, name->len);
        v->together[i] = (cap_set)1 << i;
        v->cap_count++;
        v->news++;
    }
    return i;
}

/* Capabilities that the command line gives are no question. */
static bool take_asked(void *ctx, const struct name *name, const struct name *with)
{
    struct cap_variants *v = ctx;
    size_t i, j;
    cap_set both;

    if (name->len <= 4 || memcmp(name->text, "CAP_", 4) != 0 || is_given(v, name))
        return false;
    i = cap_index(v, name);
    j = with ? cap_index(v, with) : i;
    if (i == DOCKER_MAX_CAPS || j == DOCKER_MAX_CAPS) {
        v->overflow = true;
        return false;
    }
    both = v->together[i] | v->together[j];
    v->news += both != v->together[i];
    for (size_t k = 0; k < v->cap_count; k++)
        if (both & (cap_set)1 << k)
            v->together[k] = both;
    return true;
}

static void resolve_with(struct cap_variants *v, cap_set caps, struct policy_variant *result)
{
    struct define *defines = ARENA_ARRAY(v->arena, struct define, v->in->define_count + 64);
    struct variant_options o = {.defines = defines, .asked = take_asked, .asked_ctx = v};
    struct diags diags;

    for (; o.define_count < v->in->define_count; o.define_count++)
        defines[o.define_count] = v->in->defines[o.define_count];
    for (size_t i = 0; i < v->cap_count; i++)
        if (caps & (cap_set)1 << i)
            defines[o.define_count++] = (struct define){v->caps[i], 1};
    diags_init(&diags, v->arena);
    v->in->variant(v->in->variant_ctx, &o, &diags, result);
    docker_take_diags(v, caps, &diags);
}

/* Targets are the machines that the profile is for, whatever they have. */
static bool has_same_targets(const struct cap_variants *v, const struct policy *p)
{
    bool same = p->target_count == v->in->policy->target_count;

    for (size_t i = 0; same && i < p->target_count; i++)
        same = p->targets[i].arch == v->in->policy->targets[i].arch;
    return same;
}

const struct cap_variant *cap_variant_get(struct cap_variants *v, cap_set caps)
{
    struct cap_variant *variant;
    struct policy_variant read = {NULL, v->in->policy};

    for (size_t i = 0; i < v->list.count; i++)
        if (v->list.at[i]->caps == caps)
            return v->list.at[i];
    if (v->list.count == DOCKER_MAX_POLICIES) {
        docker_refuse(v, "the policy goes by more than %d sets of capabilities",
                      DOCKER_MAX_POLICIES);
        return NULL;
    }
    if (v->in->variant)
        resolve_with(v, caps, &read);
    if (!read.policy)
        return NULL;
    if (!has_same_targets(v, read.policy)) {
        docker_refuse(v, "the architectures are others for a container with %s",
                      caps_text(v, caps));
        return NULL;
    }
    variant = ARENA_NEW(v->arena, struct cap_variant);
    *variant = (struct cap_variant){.caps = caps, .ast = read.ast, .policy = read.policy};
    variant->rules = ARENA_ARRAY(v->arena, uint64_t, syscall_count + 1);
    if (read.ast)
        mix_items(v, &read.ast->items, 0, &variant->other);
    for (size_t i = 0; i < read.policy->target_count; i++)
        mix_rules(&read.policy->targets[i], variant->rules);
    VEC_PUSH(v->arena, &v->list, variant);
    return variant;
}

/* --- what matters ------------------------------------------------------------------------------*/

/* All sets of the cluster, for each set of those that matter to all calls. */
static int look_at(struct cap_variants *v, cap_set cluster)
{
    cap_set outer = 0, common = v->all_calls & ~cluster;

    if (__builtin_popcountll(cluster | common) > DOCKER_MAX_TOGETHER) {
        docker_refuse(v, "what one rule says goes by more than %d capabilities: %s",
                      DOCKER_MAX_TOGETHER, caps_text(v, cluster | common));
        return -EINVAL;
    }
    do {
        const struct cap_variant *first = cap_variant_get(v, outer);
        cap_set inner = 0;

        while (first && next_subset(&inner, cluster)) {
            const struct cap_variant *other = cap_variant_get(v, outer | inner);

            if (!other)
                return -EINVAL;
            if (other->other != first->other)
                matter_to_all(v, cluster);
            for (size_t c = 0; c <= syscall_count; c++)
                if (other->rules[c] != first->rules[c])
                    v->matters[c] |= cluster;
        }
        if (!first)
            return -EINVAL;
    } while (next_subset(&outer, common));
    return 0;
}

int cap_variants_find(struct cap_variants *v, struct arena *a, const struct emit_input *in)
{
    unsigned news;

    *v = (struct cap_variants){.arena = a, .in = in};
    v->matters = ARENA_ARRAY(a, cap_set, syscall_count + 1);
    if (!cap_variant_get(v, 0))
        return -EINVAL;
    do {
        news = v->news;
        matter_to_all(v, 0); /* whose clusters may have grown */
        for (size_t i = 0; i < v->cap_count; i++)
            if (look_at(v, v->together[i]) < 0)
                return -EINVAL;
        if (v->overflow) {
            docker_refuse(v, "the policy asks for more than %d capabilities", DOCKER_MAX_CAPS);
            return -EINVAL;
        }
    } while (v->news != news);
    for (size_t c = 0; c <= syscall_count; c++)
        v->matters[c] |= v->all_calls;
    return 0;
}
