/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files of the formatter.
 *
 *     source ─fmt_pieces.c─▶ pieces ─fmt_tree.c─▶ where a statement may break ─fmt_layout.c─▶ text
 *                              └──── fmt.c: statements, directives, blank lines ────┘
 */
#ifndef FRONT_FMT_INTERNAL_H
#define FRONT_FMT_INTERNAL_H

#include "compiler/front/fmt.h"
#include "compiler/front/tokens.h"

#define FORMAT_WIDTH  100
#define FORMAT_INDENT 4

static inline const char *text_at(struct span span)
{
    return span.source->text + span.begin;
}

/* --- fmt_pieces.c: the lossless view ------------------------------------------------------------
 */

enum comment_place {
    COMMENT_OWN_LINE, /* alone on its lines, or with other comments only */
    COMMENT_INLINE,   /* on the line of the piece that follows */
    COMMENT_TRAILING, /* the last on the line of the piece before it */
};

struct comment {
    struct span span; /* a line comment without blanks and CR at its end */
    enum comment_place place;
    bool blank; /* OWN_LINE: an empty line stands before it */
};
typedef VEC(struct comment) comments;

/* Kind of the piece that is text without tokens; beyond every enum policy_tokentype. */
#define PIECE_RAW 1000

/* A token with the comments around it. Everything in the source is in one piece, or white space. */
struct piece {
    int kind;         /* enum policy_tokentype; TOKEN_DIRECTIVE: a whole line; TOKEN_END: the last;
                       * PIECE_RAW: lines that no lexer reads and #if leaves out */
    struct span span; /* RAW: whole lines; DIRECTIVE: without the line end */
    comments before;  /* OWN_LINE, then INLINE */
    comments after;   /* TRAILING */
    bool newline;     /* it is the first on its line, but for comments */
    bool blank;       /* an empty line stands before it, and behind its comments */
    bool prefix;      /* an operator that belongs to what follows: ! ~ and unary - */
};

struct pieces {
    struct piece *at;
    size_t count;    /* the last one is TOKEN_END */
    uint32_t *lines; /* how many pieces up to this one must begin a line, because of comments */
};

/* Reads the range of the source. Comments behind an operator at which lines are broken have moved
 * before it. start: TOKEN_START_POLICY, or TOKEN_START_EXPRESSION for a text
 * without directives. False: it cannot be told what are comments there; reported. */
bool pieces_read(struct arena *a, struct span range, int start, struct diags *diags,
                 struct pieces *pieces);

/* Does a value or a condition end here? */
bool ends_operand(int kind);
/* 1 for || to 9 for + and -; 0: no binary operator. Those of 3 (comparison) and 4 (..) do not
 * chain. `not` counts as a comparison. */
enum { BIND_COMPARISON = 3, BIND_RANGE = 4 };
int operator_binding(int kind);

/* --- fmt_tree.c: where lines may be broken ------------------------------------------------------
 */

enum phrase_kind {
    PHRASE_TOKEN,
    PHRASE_SEQUENCE, /* kids one after the other */
    PHRASE_CHAIN,    /* operands; the token before each but the first is its operator */
    PHRASE_BRACKET,  /* ( members ), a comma behind each but the last */
};

struct phrase {
    enum phrase_kind kind;
    size_t first, end; /* pieces */
    VEC(struct phrase *) kids;
    bool broken; /* comments, or the rows of a list, need lines of their own */
    bool rows;   /* BRACKET: a list whose lines are the author's */
};

struct statement {
    struct phrase *head; /* what stands before `=>`, or NULL */
    struct phrase *rest; /* from `=>` on, or all of a statement without it */
};

/* The statement in pieces first to end (behind its `;`). False: it follows no grammar, as text
 * that #if leaves out may. */
bool statement_parse(struct arena *a, const struct pieces *pieces, size_t first, size_t end,
                     struct statement *s);

/* --- fmt_layout.c: lines ------------------------------------------------------------------------
 */

/* A comment behind a line, to be aligned with those behind its neighbours. */
struct trailing {
    size_t offset; /* in the text */
    unsigned line, column, width;
};

struct page {
    struct arena *arena;
    const struct pieces *pieces;
    /* where each piece, with the comments before it, begins and ends if all stood on one line */
    uint32_t *begin, *stop;
    struct strbuf text;
    unsigned column, indent, hang;
    unsigned line;
    size_t commented; /* comments on lines of their own are out for the pieces before this one */
    bool at_start;    /* nothing is on the line yet */
    bool must_break;  /* a comment ends the line */
    VEC(struct trailing) trailing;
};

void page_init(struct page *l, struct arena *a, const struct pieces *pieces);
/* A new line, unless nothing is on this one. */
void page_newline(struct page *l, unsigned indent);
void page_blank_line(struct page *l);
/* Text that is on lines of its own. */
void page_raw(struct page *l, const char *text, size_t len);
/* The comments on lines of their own before a piece, unless they are out already; first_blank: keep
 * an empty line before the first. */
void page_comments(struct page *l, size_t piece, unsigned indent, bool first_blank);
/* A piece with what stands around it. */
void page_piece(struct page *l, size_t piece);
/* The same on the line at hand, whatever it takes. */
void page_inline(struct page *l, size_t piece);
void page_statement(struct page *l, const struct statement *s, unsigned indent);
/* Pieces with their lines as they were; cut: their beginning is elsewhere. */
void page_as_written(struct page *l, size_t first, size_t end, unsigned indent, bool cut);
/* Ends the text and aligns comments. */
void page_end(struct page *l, struct strbuf *out);

#endif
