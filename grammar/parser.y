/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grammar of the policy language. The tree is built by compiler/front/tree.c; what an error
 * says is decided by compiler/front/syntax_error.c.
 *
 * An error is recovered from at the next `;`, at the `}` of a test, and at a directive. Words of
 * the language but `in`, `not` and `KERNEL` may be used as names too (nonterminal `name`): the
 * kernel calls arguments `flags` and `set`.
 */
%code requires {
#include "compiler/front/ast.h"

struct directive;
struct input;
}

%code {
#include "compiler/front/input.h"
#include "compiler/front/syntax_error.h"
#include "compiler/front/tree.h"

/* Bison's stack: in the arena, and free to move. Every level of nesting takes a few entries. */
#define YYMALLOC(size)          arena_alloc(in->arena, (size))
#define YYFREE(block)           ((void)(block))
#define YYMAXDEPTH              (20 * EXPR_MAX_DEPTH)

#define YYLLOC_DEFAULT(whole, parts, count)                                                        \
    ((whole) = (count) ? span_join(YYRHSLOC(parts, 1), YYRHSLOC(parts, count))                     \
                       : span_after(YYRHSLOC(parts, 0)))

static void policy_error(const struct span *span, struct input *in, const char *message);
static struct span span_after(struct span span);
}

%define api.pure full
%define api.prefix {policy_}
%define api.header.include {"grammar/parser.h"}
%define api.location.type {struct span}
%define api.token.prefix {TOKEN_}
%define api.value.union.name POLICY_STYPE
%define parse.error custom
/* so that the tokens that are expected at an error are just those that could follow */
%define lr.type canonical-lr
%define lr.default-reduction consistent
%locations
%expect 0
%param {struct input *in}

%union {
    struct name name;
    name_list *names;
    struct expr *expr;
    struct action_expr *action;
    struct item *item;
    struct expect *expect;
    struct directive *directive;
}

%token END 0 "the end"
%token START_POLICY START_EXPRESSION
%token <directive> DIRECTIVE "a directive"

%token <name> IDENT "a name" VARIABLE "a $variable" SET_NAME "a %set"
%token <name> STRING "a string in quotes" VERSION "a kernel version such as 5.10"
%token <expr> SYSCALL "a @syscall" NUMBER "a number"

%token IN "'in'" NOT "'not'" KERNEL "'KERNEL'"
%token <name> ARCH "'arch'" CONST "'const'" DEFAULT "'default'" EXPECT "'expect'" FLAGS "'flags'"
%token <name> FOREIGN "'foreign'" INCLUDE "'include'" KNOWN "'known'" MACRO "'macro'"
%token <name> NEVER "'never'" ON "'on'" SET "'set'" TEST "'test'" UNKNOWN "'unknown'" WITH "'with'"

%token ARROW "'=>'" OR "'||'" AND "'&&'" EQ "'=='" NE "'!='" LE "'<='" GE "'>='" SHL "'<<'"
%token SHR "'>>'" DOTS "'..'"
%token '<' "'<'" '>' "'>'" '|' "'|'" '^' "'^'" '&' "'&'" '+' "'+'" '-' "'-'" '!' "'!'" '~' "'~'"
%token '(' "'('" ')' "')'" '{' "'{'" '}' "'}'" ',' "','" ';' "';'" '=' "'='"

%type <name> name reason title
%type <names> names parameters with
%type <expr> condition call kernel list list_members arguments
%type <action> action
%type <item> item expects
%type <expect> expect

/* `arch (` and `flags (` at the beginning of a statement are declarations, not calls of macros. */
%precedence ARCH FLAGS
%precedence '('

%left OR
%left AND
%nonassoc EQ NE '<' LE '>' GE IN NOT
%nonassoc DOTS
%left '|'
%left '^'
%left '&'
%left SHL SHR
%left '+' '-'
%precedence '!' '~' UNARY

%%

input:
  START_POLICY items
| START_EXPRESSION condition         { in->expr = operand(in, $condition); }
;

items:
  %empty
| items item                        { add_item(in, $item); }
| items DIRECTIVE                   { apply_directive(in, $DIRECTIVE, @DIRECTIVE); }
| items error ';'                   { yyerrok; }
| items error '}'                   { yyerrok; }
| items error DIRECTIVE             { yyerrok; apply_directive(in, $DIRECTIVE, @DIRECTIVE); }
;

item:
  condition ARROW action reason ';' { $$ = item_rule(in, ITEM_RULE, operand(in, $condition), $action, $reason, @$); }
| ARROW action reason ';'           { $$ = item_rule(in, ITEM_RULE, NULL, $action, $reason, @$); }
| DEFAULT action reason ';'         { $$ = item_rule(in, ITEM_DEFAULT, NULL, $action, $reason, @$); }
| UNKNOWN action reason ';'         { $$ = item_rule(in, ITEM_UNKNOWN, NULL, $action, $reason, @$); }
| FOREIGN action reason ';'         { $$ = item_rule(in, ITEM_FOREIGN, NULL, $action, $reason, @$); }
| KNOWN kernel ';'                  { $$ = item_value(in, ITEM_KNOWN, (struct name){0}, $kernel, @$); }
| CONST name '=' condition ';'      { $$ = item_value(in, ITEM_CONST, $name, operand(in, $condition), @$); }
| SET SET_NAME '=' list ';'         { $$ = item_value(in, ITEM_SET, $SET_NAME, $list, @$); }
| INCLUDE STRING ';'                { $$ = item_value(in, ITEM_INCLUDE, $STRING, NULL, @$); }
| ARCH '(' names ')' ';'            { $$ = item_names(in, ITEM_ARCH, $names, @$); }
| FLAGS '(' names ')' ';'           { $$ = item_names(in, ITEM_FLAGS, $names, @$); }
| MACRO name '(' parameters ')' '=' condition ';'
                                    { $$ = item_macro(in, $name, $parameters, operand(in, $condition), @$); }
| TEST title '{' expects '}'        { $$ = item_test($expects, $title, @$); }
| TEST title '{' expects error '}'  { $$ = item_test($expects, $title, @$); yyerrok; }
;

title:
  STRING
| name                              { $$ = $1; title_without_quotes(in, @$); }
| %empty                            { $$ = (struct name){0}; title_without_quotes(in, @$); }
;

expects:
  %empty                            { $$ = item_new(in, ITEM_TEST, (struct span){0}); }
| expects expect                    { $$ = $1; VEC_PUSH(in->arena, &$$->expects, *$expect); }
| expects error ';'                 { $$ = $1; yyerrok; }
;

expect:
  EXPECT call ARROW action with ';' { $$ = expect_new(in, EXPECT_CALL, $call, $action, (struct name){0}, $with, @$); }
| EXPECT call ARROW action ON name with ';'
                                    { $$ = expect_new(in, EXPECT_CALL, $call, $action, $name, $with, @$); }
| EXPECT NEVER condition ARROW action with ';'
                                    { $$ = expect_new(in, EXPECT_NEVER, operand(in, $condition), $action, (struct name){0}, $with, @$); }
| EXPECT NEVER condition ARROW action ON name with ';'
                                    { $$ = expect_new(in, EXPECT_NEVER, operand(in, $condition), $action, $name, $with, @$); }
;

call:
  SYSCALL
| SYSCALL '(' ')'                   { $$ = with_arguments(in, $1, NULL, @$); }
| SYSCALL '(' arguments ')'         { $$ = with_arguments(in, $1, $arguments, @$); }
;

with:
  %empty                            { $$ = names_new(in); }
| WITH names                        { $$ = $names; }
;

action:
  name '(' ')'                      { $$ = action_new(in, $name, NULL, @$); }
| name '(' condition ')'            { $$ = action_new(in, $name, operand(in, $condition), @$); }
| name                              { $$ = action_without_parens(in, $name, @$); }
;

reason:
  %empty                            { $$ = (struct name){0}; }
| STRING
;

condition:
  condition OR condition            { $$ = expr_chain(in, EXPR_OR, $1, $3, @$); }
| condition AND condition           { $$ = expr_chain(in, EXPR_AND, $1, $3, @$); }
| condition EQ condition            { $$ = expr_binary(in, OP_EQ, $1, $3, @$); }
| condition NE condition            { $$ = expr_binary(in, OP_NE, $1, $3, @$); }
| condition '<' condition           { $$ = expr_binary(in, OP_LT, $1, $3, @$); }
| condition LE condition            { $$ = expr_binary(in, OP_LE, $1, $3, @$); }
| condition '>' condition           { $$ = expr_binary(in, OP_GT, $1, $3, @$); }
| condition GE condition            { $$ = expr_binary(in, OP_GE, $1, $3, @$); }
| condition IN condition            { $$ = expr_in(in, OP_IN, $1, $3, @$); }
| condition NOT IN condition        { $$ = expr_in(in, OP_NOT_IN, $1, $4, @$); }
| condition DOTS condition          { $$ = expr_range(in, $1, $3, @$); }
| condition '|' condition           { $$ = expr_binary(in, OP_BIT_OR, $1, $3, @$); }
| condition '^' condition           { $$ = expr_binary(in, OP_BIT_XOR, $1, $3, @$); }
| condition '&' condition           { $$ = expr_binary(in, OP_BIT_AND, $1, $3, @$); }
| condition SHL condition           { $$ = expr_binary(in, OP_SHL, $1, $3, @$); }
| condition SHR condition           { $$ = expr_binary(in, OP_SHR, $1, $3, @$); }
| condition '+' condition           { $$ = expr_binary(in, OP_ADD, $1, $3, @$); }
| condition '-' condition           { $$ = expr_binary(in, OP_SUB, $1, $3, @$); }
| '!' condition                     { $$ = expr_unary(in, OP_NOT, $2, @$); }
| '~' condition                     { $$ = expr_unary(in, OP_BIT_NOT, $2, @$); }
| '-' condition %prec UNARY         { $$ = expr_unary(in, OP_NEGATE, $2, @$); }
| list
| NUMBER
| call
| kernel
| VARIABLE                          { $$ = expr_named(in, EXPR_VARIABLE, $1, @$); }
| SET_NAME                          { $$ = expr_named(in, EXPR_SET, $1, @$); }
| SET_NAME '(' arguments ')'        { $$ = with_arguments(in, expr_named(in, EXPR_SET, $1, @1), $arguments, @$); }
| name                              { $$ = expr_named(in, EXPR_NAME, $1, @$); }
| name '(' ')'                      { $$ = with_arguments(in, expr_named(in, EXPR_CALL, $1, @1), NULL, @$); }
| name '(' arguments ')'            { $$ = with_arguments(in, expr_named(in, EXPR_CALL, $1, @1), $arguments, @$); }
;

/* Parentheses and lists look the same; operand() tells them apart by where they stand. */
list:
  '(' list_members ')'              { $$ = expr_list_end(in, $2, @$); }
;

list_members:
  condition                         { $$ = expr_list_add(in, expr_list_new(in), member(in, $1)); }
| list_members ',' condition        { $$ = expr_list_add(in, $1, member(in, $3)); }
;

arguments:
  condition                         { $$ = expr_list_add(in, expr_list_new(in), operand(in, $1)); }
| arguments ',' condition           { $$ = expr_list_add(in, $1, operand(in, $3)); }
;

kernel:
  KERNEL '(' VERSION ')'            { $$ = expr_kernel(in, $VERSION, @$); }
| KERNEL '(' NUMBER ')'             { $$ = expr_kernel(in, lexeme_name(in, @3, 0), @$); }
;

names:
  name                              { $$ = names_add(in, names_new(in), $1); }
| names ',' name                    { $$ = names_add(in, $1, $3); }
;

parameters:
  %empty                            { $$ = names_new(in); }
| names
;

name:
  IDENT | ARCH | CONST | DEFAULT | EXPECT | FLAGS | FOREIGN | INCLUDE | KNOWN | MACRO | NEVER | ON
| SET | TEST | UNKNOWN | WITH
;

%%

static struct span span_after(struct span span)
{
    span.begin = span.end;
    return span;
}

/* Bison has this one error of its own: its stack is full. input.c goes on behind the statement. */
static void policy_error(const struct span *span, struct input *in, const char *message UNUSED)
{
    report_too_deep(in, *span);
}

const char *policy_token_name(int kind)
{
    return yysymbol_name(YYTRANSLATE(kind));
}

_Static_assert(YYMAXUTOK < SYNTAX_TOKENS, "every kind of token has a place in struct syntax_error");

static int yyreport_syntax_error(const yypcontext_t *context, struct input *in)
{
    yysymbol_kind_t symbols[YYNTOKENS];
    bool expected[YYNTOKENS] = {false};
    int count = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
    struct syntax_error e = {.found = in->token.kind, .span = *yypcontext_location(context)};

    for (int i = 0; i < count; i++)
        expected[symbols[i]] = true;
    for (int kind = 0; kind <= YYMAXUTOK; kind++)
        e.expected[kind] = expected[YYTRANSLATE(kind)];
    report_syntax_error(in, &e);
    return 0;
}
