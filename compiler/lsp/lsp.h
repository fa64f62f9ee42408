/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A language server: what editors ask about policies, by the Language Server Protocol 3.17 and
 * JSON-RPC 2.0 that it is made of.
 *
 *     message ─server.c─▶ request ─┬─▶ document.c    texts, URIs, positions
 *                                  ├─▶ findings.c    diagnostics, quick fixes
 *                                  ├─▶ hover.c       cursor.c: what stands at a position
 *                                  ├─▶ completion.c
 *                                  ├─▶ definition.c
 *                                  └─▶ server.c      layout
 *
 * Nothing here reads or writes streams: who does frames the messages.
 */
#ifndef LSP_LSP_H
#define LSP_LSP_H

#include "base/str.h"
#include "compiler/lint/lint.h"

struct document;

struct lsp {
    /* to be filled in first: what every document is read with */
    struct compile_options compile;
    struct lint_options lint;
    const char *version; /* of the program */

    enum { LSP_NEW, LSP_INITIALIZED, LSP_SHUT_DOWN } state;
    bool utf8; /* positions count bytes, and not units of UTF-16 */
    bool exited;
    struct document *documents;
};

/* A message that is to be sent. */
typedef VEC(const char *) lsp_messages;

/* Handles one message, a JSON text; what is to be sent then, in this order, is appended to out. 0;
 * -ENOMEM. Within arena_run() of a, which can be released afterwards. */
int lsp_handle(struct lsp *s, struct arena *a, const char *text, size_t len, lsp_messages *out);

/* Once the client has said `exit`: the program's exit status. */
int lsp_exit_status(const struct lsp *s);
void lsp_release(struct lsp *s);

#endif
