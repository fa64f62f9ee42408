/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/syntax_error.h"

#include "base/str.h"
#include "compiler/front/preproc.h"

#include <string.h>

/* Tokens that are told by one phrase where any of them could stand. */
enum token_class {
    CLASS_ITSELF,
    CLASS_WORD,     /* of the language, but a name too where names can stand */
    CLASS_OPERAND,  /* begins a value or condition */
    CLASS_OPERATOR, /* goes on behind one */
    CLASS_SIGN,     /* both of these: - */
    CLASS_SILENT,   /* not worth telling */
};

static const unsigned char class_of[SYNTAX_TOKENS] = {
    [TOKEN_ARCH] = CLASS_WORD,
    [TOKEN_CONST] = CLASS_WORD,
    [TOKEN_DEFAULT] = CLASS_WORD,
    [TOKEN_EXPECT] = CLASS_WORD,
    [TOKEN_FLAGS] = CLASS_WORD,
    [TOKEN_FOREIGN] = CLASS_WORD,
    [TOKEN_INCLUDE] = CLASS_WORD,
    [TOKEN_KNOWN] = CLASS_WORD,
    [TOKEN_MACRO] = CLASS_WORD,
    [TOKEN_NEVER] = CLASS_WORD,
    [TOKEN_ON] = CLASS_WORD,
    [TOKEN_SET] = CLASS_WORD,
    [TOKEN_TEST] = CLASS_WORD,
    [TOKEN_UNKNOWN] = CLASS_WORD,
    [TOKEN_WITH] = CLASS_WORD,

    [TOKEN_IDENT] = CLASS_OPERAND,
    [TOKEN_VARIABLE] = CLASS_OPERAND,
    [TOKEN_SET_NAME] = CLASS_OPERAND,
    [TOKEN_SYSCALL] = CLASS_OPERAND,
    [TOKEN_NUMBER] = CLASS_OPERAND,
    [TOKEN_KERNEL] = CLASS_OPERAND,
    ['!'] = CLASS_OPERAND,
    ['~'] = CLASS_OPERAND,
    ['('] = CLASS_OPERAND,

    [TOKEN_OR] = CLASS_OPERATOR,
    [TOKEN_AND] = CLASS_OPERATOR,
    [TOKEN_EQ] = CLASS_OPERATOR,
    [TOKEN_NE] = CLASS_OPERATOR,
    ['<'] = CLASS_OPERATOR,
    [TOKEN_LE] = CLASS_OPERATOR,
    ['>'] = CLASS_OPERATOR,
    [TOKEN_GE] = CLASS_OPERATOR,
    [TOKEN_IN] = CLASS_OPERATOR,
    [TOKEN_NOT] = CLASS_OPERATOR,
    [TOKEN_DOTS] = CLASS_OPERATOR,
    ['|'] = CLASS_OPERATOR,
    ['^'] = CLASS_OPERATOR,
    ['&'] = CLASS_OPERATOR,
    [TOKEN_SHL] = CLASS_OPERATOR,
    [TOKEN_SHR] = CLASS_OPERATOR,
    ['+'] = CLASS_OPERATOR,
    ['-'] = CLASS_SIGN,

    [TOKEN_DIRECTIVE] = CLASS_SILENT,
    [TOKEN_POLICY_UNDEF] = CLASS_SILENT,
};

/* --- what the error is about ------------------------------------------------------------------ */

static bool operand_expected(const struct syntax_error *e)
{
    return e->expected[TOKEN_VARIABLE];
}

static bool operator_expected(const struct syntax_error *e)
{
    return e->expected[TOKEN_AND] || e->expected[TOKEN_OR];
}

static bool statement_expected(const struct syntax_error *e)
{
    return operand_expected(e) && e->expected[TOKEN_ARROW];
}

static bool text_is(struct span span, const char *text)
{
    size_t len = span.end - span.begin;

    return span.source && strlen(text) == len && !memcmp(span.source->text + span.begin, text, len);
}

/* Is the token before it one of these? */
static bool is_behind(const struct input *in, const char *const *tokens)
{
    for (; *tokens; tokens++)
        if (text_is(in->before, *tokens))
            return true;
    return false;
}

static bool is_comparison(int kind)
{
    return kind == TOKEN_EQ || kind == TOKEN_NE || kind == '<' || kind == TOKEN_LE || kind == '>' ||
           kind == TOKEN_GE || kind == TOKEN_IN || kind == TOKEN_NOT;
}

/* --- what was found, what was expected -------------------------------------------------------- */

/* The text at span in quotes, shortened where it is long. */
static const char *quoted(const struct input *in, struct span span)
{
    const int longest = 40;
    int len = span.end - span.begin > (uint32_t)longest ? longest : (int)(span.end - span.begin);

    return arena_printf(in->arena, "'%.*s%s'", len, in->source->text + span.begin,
                        span.begin + (uint32_t)len < span.end ? "..." : "");
}

static const char *end_name(const struct input *in)
{
    if (in->start == TOKEN_START_POLICY)
        return "the end of the file";
    return in->directive ? "the end of the line" : "the end";
}

static const char *found_text(const struct input *in, const struct syntax_error *e)
{
    if (e->found == TOKEN_END)
        return end_name(in);
    if (e->found == TOKEN_STRING)
        return "a string";
    return quoted(in, e->span);
}

/* Is this kind of token told by itself, or by the phrase of its class? */
static bool told_by_itself(const struct syntax_error *e, int kind)
{
    if (kind == TOKEN_NUMBER && e->expected[TOKEN_VERSION]) /* KERNEL(6), which is reported */
        return false;
    switch ((enum token_class)class_of[kind]) {
    case CLASS_ITSELF:
        return true;
    case CLASS_WORD:
        return !e->expected[TOKEN_IDENT];
    case CLASS_OPERAND:
        return !operand_expected(e);
    case CLASS_OPERATOR:
        return !operator_expected(e);
    case CLASS_SIGN:
        return !operand_expected(e) && !operator_expected(e);
    case CLASS_SILENT:
        return false;
    }
    return false;
}

static const char *expected_name(const struct input *in, int kind)
{
    static const char *const before_action[] = {"=>", "default", "unknown", "foreign", NULL};

    if (kind == TOKEN_IDENT && is_behind(in, before_action))
        return "an action";
    if (kind == TOKEN_END)
        return end_name(in);
    return policy_token_name(kind);
}

static const char *operand_name(const struct input *in)
{
    static const char *const logical[] = {"&&", "||", "!", NULL};

    return is_behind(in, logical) ? "a condition" : "a value";
}

/*
 * Behind a word that begins a declaration: what the declaration goes on with; 0 elsewhere. The word
 * could be a name too, and anything that stands behind a name is expected as well.
 */
static int declaration_part(const struct input *in, const struct syntax_error *e)
{
    static const int parts[] = {TOKEN_STRING, TOKEN_SET_NAME, TOKEN_KERNEL, TOKEN_IDENT};
    static const char *const with_list[] = {"arch", "flags", NULL};
    size_t i;

    if (!operator_expected(e) || operand_expected(e))
        return 0;
    for (i = 0; i < ARRAY_SIZE(parts); i++)
        if (e->expected[parts[i]])
            return parts[i];
    return e->expected['('] && is_behind(in, with_list) ? '(' : 0;
}

/* "';', a string in quotes or an operator" */
static const char *expected_text(const struct input *in, const struct syntax_error *e)
{
    VEC(const char *) phrases = {0};
    struct strbuf text;
    size_t i;
    int kind;

    if (statement_expected(e))
        return "a statement";
    if (declaration_part(in, e))
        return expected_name(in, declaration_part(in, e));
    for (kind = 0; kind < SYNTAX_TOKENS; kind++)
        if (e->expected[kind] && told_by_itself(e, kind))
            VEC_PUSH(in->arena, &phrases, expected_name(in, kind));
    if (operand_expected(e))
        VEC_PUSH(in->arena, &phrases, operand_name(in));
    if (operator_expected(e))
        VEC_PUSH(in->arena, &phrases, "an operator");

    strbuf_init(&text, in->arena);
    for (i = 0; i < phrases.count; i++) {
        if (i)
            strbuf_puts(&text, i + 1 < phrases.count ? ", " : " or ");
        strbuf_puts(&text, phrases.at[i]);
    }
    return strbuf_text(&text);
}

/* --- slips that are made often ---------------------------------------------------------------- */

static const char *slip_before_operand(const struct input *in, const struct syntax_error *e)
{
    static const char *const negation[] = {"!", NULL};

    if (e->found == TOKEN_IN && is_behind(in, negation))
        return "write 'VALUE not in (LIST)'";
    if (e->found == TOKEN_NOT)
        return "a condition is negated by '!'";
    if (e->found == TOKEN_STRING)
        return "a string is not a value; names are written without quotes";
    return NULL;
}

static const char *slip_before_operator(const struct syntax_error *e)
{
    if (e->found == '=')
        return "'==' compares";
    if (e->found == '!')
        return "write 'VALUE not in (LIST)'";
    if (text_is(e->span, "and"))
        return "write '&&'";
    if (text_is(e->span, "or"))
        return "write '||'";
    if (e->expected[TOKEN_ARROW])
        return "a rule is written 'CONDITION => ACTION();'";
    return NULL;
}

static const char *slip(const struct input *in, const struct syntax_error *e)
{
    if (e->found == TOKEN_VERSION)
        return "a kernel version may only stand in KERNEL()";
    if (operand_expected(e))
        return slip_before_operand(in, e);
    if (e->expected[TOKEN_SET_NAME] && e->found == TOKEN_IDENT)
        return "a set's name begins with '%'";
    if (operator_expected(e) && !declaration_part(in, e))
        return slip_before_operator(e);
    if (e->expected[TOKEN_SYSCALL] && e->found == TOKEN_IDENT)
        return "a system call's name begins with '@'";
    return NULL;
}

/* --- reports ---------------------------------------------------------------------------------- */

/* A statement that ends where the line does, or the block around it. */
static bool semicolon_is_missing(const struct input *in, const struct syntax_error *e)
{
    const char *text = in->source->text;
    uint32_t between = e->span.begin - in->before.end;

    return e->expected[';'] && (e->found == TOKEN_END || e->found == '}' ||
                                memchr(text + in->before.end, '\n', between));
}

static void report_missing_semicolon(struct input *in)
{
    struct span behind = {in->source, in->before.end, in->before.end};

    diag_add(in->diags, DIAG_SYNTAX, behind, "expected ';' after %s", quoted(in, in->before));
}

static void report_directive(struct input *in, struct span span)
{
    struct diag *d =
        diag_add(in->diags, DIAG_SYNTAX, span, "#if on an architecture inside a statement");

    diag_note(in->diags, d, (struct span){0},
              "it selects whole statements; only names given by '-d' select parts of one");
}

static void report_chain(struct input *in, struct span span)
{
    struct diag *d =
        diag_add(in->diags, DIAG_SYNTAX, span, "%s after another comparison", quoted(in, span));

    diag_note(in->diags, d, (struct span){0}, "join comparisons by '&&'");
}

static void report_other(struct input *in, const struct syntax_error *e)
{
    enum diag_id id = in->directive ? DIAG_BAD_DIRECTIVE : DIAG_SYNTAX;
    struct diag *d = diag_add(in->diags, id, e->span, "expected %s, found %s", expected_text(in, e),
                              found_text(in, e));
    const char *note = slip(in, e);

    if (note)
        diag_note(in->diags, d, (struct span){0}, "%s", note);
}

static bool is_open_string(const struct input *in, struct span span)
{
    return in->open_string.source && in->open_string.begin == span.begin;
}

void report_syntax_error(struct input *in, const struct syntax_error *e)
{
    in->understood = in->before.end;
    in->semicolon_missing = semicolon_is_missing(in, e);
    if (is_open_string(in, e->span) || is_open_string(in, in->before))
        return; /* reported, and the rest of its line is in it */
    if (in->semicolon_missing)
        report_missing_semicolon(in);
    else if (e->found == TOKEN_DIRECTIVE && in->token.value.directive->kind == DIRECTIVE_IF)
        report_directive(in, e->span);
    else if (operator_expected(e) && (is_comparison(e->found) || e->found == TOKEN_DOTS))
        report_chain(in, e->span);
    else
        report_other(in, e);
}
