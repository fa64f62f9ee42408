/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the language server. */
#ifndef LSP_INTERNAL_H
#define LSP_INTERNAL_H

#include "compiler/front/json.h"
#include "compiler/front/tokens.h"
#include "compiler/lsp/lsp.h"
#include "compiler/tables/names.h"

/* JSON-RPC 2.0, section 5.1, and ErrorCodes of the protocol. */
enum rpc_error {
    RPC_PARSE_ERROR = -32700,
    RPC_INVALID_REQUEST = -32600,
    RPC_METHOD_NOT_FOUND = -32601,
    RPC_INVALID_PARAMS = -32602,
    RPC_NOT_INITIALIZED = -32002,
    RPC_REQUEST_FAILED = -32803,
};

/* One message as it is being handled. */
struct request {
    struct lsp *lsp;
    struct arena *arena;
    const struct json *params;   /* NULL: none */
    struct document *document;   /* that it is about; NULL: none */
    const struct source *source; /* its text */
    struct strbuf result;        /* JSON; empty: null */
    const char *failure;         /* what is wrong, with a non-zero return of the handler */
    lsp_messages *out;
};

/* --- document.c: open texts, and places in them -------------------------------------------------
 */

struct document {
    struct document *next;
    char *uri, *name, *text; /* name: the path; the URI where it is no file's */
    size_t len;
    int64_t version;
};

struct document *document_find(const struct lsp *s, const char *uri);
/* Opens one, or changes its text. 0; -ENOMEM: nothing has changed. */
int document_set(struct lsp *s, struct arena *a, const char *uri, const char *text, size_t len,
                 int64_t version) MUST_CHECK;
void document_close(struct lsp *s, const char *uri);

/* The offset of a Position; beyond the end of a line: its end. False: it is no Position. */
bool read_position(const struct request *r, const struct json *position, uint32_t *offset);
/* `"range":{...}` of a place in any source. */
void put_range(const struct request *r, struct strbuf *out, struct span span);
/* `"uri":"..."` of a source, which may be one that was included. */
void put_source_uri(const struct request *r, struct strbuf *out, const struct source *s);

/* --- cursor.c: what stands at a position --------------------------------------------------------
 */

struct cursor {
    struct tokens tokens;
    uint32_t offset;
    bool comment; /* it is in one */
    size_t at;    /* the word that the offset is in or at the end of, else the next token */
    const struct span *word; /* that word; NULL: there is none */
};

/* False: params have no position. */
bool find_cursor(struct request *r, struct cursor *c);
int cursor_kind(const struct cursor *c);
/* A token as it is written. */
struct name token_text(const struct cursor *c, size_t token);
bool token_is(const struct cursor *c, size_t token, const char *text);
/* The first token of the statement that the cursor is in. */
size_t statement_begin(const struct cursor *c);
/* The call that the cursor's place is about: in whose parentheses it is, else the last one that the
 * statement compares with. NULL: none. *inside: the token `(`, 0: it is in none. */
const struct syscall_info *call_at(const struct cursor *c, size_t *inside);
/* The argument that the cursor's value is for, NULL: it is for none. */
const struct syscall_arg *argument_at(const struct cursor *c);

/* --- what the protocol asks for: the result goes to r->result; 0, or an enum rpc_error ----------
 */

int lsp_hover(struct request *r);
int lsp_completion(struct request *r);
int lsp_definition(struct request *r);
int lsp_code_action(struct request *r);
/* Tells the client what is wrong with the document. */
int publish_findings(struct request *r);
/* A message without id. */
void notify(struct request *r, const char *method, const char *params);

/* A definition of the document or of what it includes; NULL: there is none. kinds: bits of 1 <<
 * enum item_kind. */
const struct item *find_definition(struct arena *a, const struct ast *ast, unsigned kinds,
                                   struct name name);
typedef VEC(const struct item *) definitions;
void list_definitions(struct arena *a, const item_list *items, unsigned kinds, definitions *out);

#endif
