/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

const struct diag_kind diag_kinds[DIAG_COUNT] = {
#define DIAG(name, id, severity, summary) [DIAG_##name] = {id, SEVERITY_##severity, summary},
#include "base/diag.def"
#undef DIAG
};

void diags_init(struct diags *d, struct arena *a)
{
    memset(d, 0, sizeof(*d));
    d->arena = a;
}

static bool same_span(struct span a, struct span b)
{
    return a.source == b.source && a.begin == b.begin && a.end == b.end;
}

static PRINTF(4, 0) struct diag *add(struct diags *d, const struct diag_kind *kind,
                                     struct span span, const char *fmt, va_list ap)
{
    struct strbuf key;
    struct diag *diag;
    size_t prefix;

    strbuf_init(&key, d->arena);
    strbuf_printf(&key, "%p %p %u %u ", (const void *)kind, (const void *)span.source, span.begin,
                  span.end);
    prefix = key.len;
    strbuf_vprintf(&key, fmt, ap);
    diag = strmap_get(&d->seen, key.text, (uint32_t)key.len);
    if (diag) {
        diag->repeated = true;
        return diag;
    }
    diag = ARENA_NEW(d->arena, struct diag);
    diag->id = DIAG_COUNT;
    diag->kind = kind;
    diag->severity = kind->severity;
    diag->span = span;
    diag->text = key.text + prefix;
    VEC_PUSH(d->arena, &d->list, diag);
    strmap_put(d->arena, &d->seen, key.text, (uint32_t)key.len, diag);
    if (diag->severity == SEVERITY_ERROR)
        d->errors++;
    else
        d->warnings++;
    return diag;
}

struct diag *diag_add(struct diags *d, enum diag_id id, struct span span, const char *fmt, ...)
{
    struct diag *diag;
    va_list ap;

    va_start(ap, fmt);
    diag = add(d, &diag_kinds[id], span, fmt, ap);
    va_end(ap);
    diag->id = id;
    return diag;
}

struct diag *diag_add_kind(struct diags *d, const struct diag_kind *kind, struct span span,
                           const char *fmt, ...)
{
    struct diag *diag;
    va_list ap;

    va_start(ap, fmt);
    diag = add(d, kind, span, fmt, ap);
    va_end(ap);
    return diag;
}

void diag_fix(struct diags *d, struct diag *diag, struct span span, const char *text,
              const char *what)
{
    struct diag_fix *fix;

    if (diag->fix)
        return;
    fix = ARENA_NEW(d->arena, struct diag_fix);
    *fix = (struct diag_fix){span, text, what};
    diag->fix = fix;
}

void diag_note(struct diags *d, struct diag *diag, struct span span, const char *fmt, ...)
{
    struct diag_note *note = ARENA_NEW(d->arena, struct diag_note);
    struct diag_note **tail = &diag->notes;
    va_list ap;

    va_start(ap, fmt);
    note->text = arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    note->span = span;
    while (*tail) {
        if (same_span((*tail)->span, span) && !strcmp((*tail)->text, note->text))
            return;
        tail = &(*tail)->next;
    }
    *tail = note;
}

struct numbered {
    struct diag *diag;
    size_t number;
};

static int by_place(const void *pa, const void *pb)
{
    const struct numbered *a = pa, *b = pb;
    const char *an = a->diag->span.source ? a->diag->span.source->name : "";
    const char *bn = b->diag->span.source ? b->diag->span.source->name : "";
    int c = strcmp(an, bn);

    if (c)
        return c;
    if (a->diag->span.begin != b->diag->span.begin)
        return a->diag->span.begin < b->diag->span.begin ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

void diags_sort(struct diags *d)
{
    struct numbered *list = ARENA_ARRAY(d->arena, struct numbered, d->list.count);
    size_t i;

    for (i = 0; i < d->list.count; i++)
        list[i] = (struct numbered){d->list.at[i], i};
    if (d->list.count)
        qsort(list, d->list.count, sizeof(*list), by_place);
    for (i = 0; i < d->list.count; i++)
        d->list.at[i] = list[i].diag;
}
