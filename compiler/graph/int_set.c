/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of bits. */
#include "compiler/graph/int_set.h"

void int_set_init(struct int_set *s, struct arena *a, uint32_t n)
{
    size_t bits = n;

    s->level_count = 0;
    do {
        size_t words = bits / 64 + 1;

        s->levels[s->level_count].words = ARENA_ARRAY(a, uint64_t, words);
        s->levels[s->level_count++].count = words;
        bits = words;
    } while (bits > 1);
}

void int_set_put(struct int_set *s, uint32_t member, bool present)
{
    for (unsigned i = 0; i < s->level_count; i++) {
        uint64_t *word = &s->levels[i].words[member / 64];
        uint64_t bit = UINT64_C(1) << member % 64;

        *word = present ? *word | bit : *word & ~bit;
        member /= 64;
        present = *word != 0;
    }
}

bool int_set_next(const struct int_set *s, uint32_t *member)
{
    size_t at = *member;

    for (unsigned i = 0; i < s->level_count && at / 64 < s->levels[i].count; i++) {
        uint64_t rest = s->levels[i].words[at / 64] >> at % 64;

        if (!rest) {
            at = at / 64 + 1; /* no more in this word: the next one that has any */
            continue;
        }
        at += (size_t)__builtin_ctzll(rest);
        while (i-- > 0)
            at = at * 64 + (size_t)__builtin_ctzll(s->levels[i].words[at]);
        *member = (uint32_t)at;
        return true;
    }
    return false;
}
