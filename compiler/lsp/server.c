/* SPDX-License-Identifier: Apache-2.0 */
/* From a message to the function that answers it, and the state of the conversation. */
#include "compiler/lsp/internal.h"

#include "compiler/front/fmt.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- messages -----------------------------------------------------------------------------------
 */

static void send_message(struct request *r, const char *text)
{
    VEC_PUSH(r->arena, r->out, text);
}

void notify(struct request *r, const char *method, const char *params)
{
    send_message(r, arena_printf(r->arena, "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}",
                                 method, params));
}

/* The id as it came: a number or a string. */
static void put_id(struct strbuf *out, const struct json *id)
{
    if (id && id->kind == JSON_STRING)
        strbuf_json_string(out, arena_strndup(out->arena, id->text, id->len));
    else if (id && id->kind == JSON_NUMBER)
        strbuf_add(out, id->text, id->len);
    else
        strbuf_puts(out, "null");
}

static void answer(struct request *r, const struct json *id)
{
    struct strbuf b;

    strbuf_init(&b, r->arena);
    strbuf_puts(&b, "{\"jsonrpc\":\"2.0\",\"id\":");
    put_id(&b, id);
    strbuf_printf(&b, ",\"result\":%s}", r->result.len ? strbuf_text(&r->result) : "null");
    send_message(r, strbuf_text(&b));
}

static void answer_error(struct request *r, const struct json *id, int code, const char *message)
{
    struct strbuf b;

    strbuf_init(&b, r->arena);
    strbuf_puts(&b, "{\"jsonrpc\":\"2.0\",\"id\":");
    put_id(&b, id);
    strbuf_printf(&b, ",\"error\":{\"code\":%d,\"message\":", code);
    strbuf_json_string(&b, message);
    strbuf_puts(&b, "}}");
    send_message(r, strbuf_text(&b));
}

/* --- the conversation ---------------------------------------------------------------------------
 */

static bool offers_utf8(const struct json *params)
{
    const struct json *general = json_member(json_member(params, "capabilities"), "general");
    const struct json *encodings = json_member(general, "positionEncodings");

    for (const struct json *e = encodings ? encodings->first : NULL; e; e = e->next)
        if (json_is(e, "utf-8"))
            return true;
    return false;
}

static int initialize(struct request *r)
{
    r->lsp->utf8 = offers_utf8(r->params);
    r->lsp->state = LSP_INITIALIZED;
    strbuf_printf(&r->result,
                  "{\"capabilities\":{\"positionEncoding\":\"%s\","
                  "\"textDocumentSync\":{\"openClose\":true,\"change\":1},"
                  "\"hoverProvider\":true,\"definitionProvider\":true,"
                  "\"documentFormattingProvider\":true,"
                  "\"codeActionProvider\":{\"codeActionKinds\":[\"quickfix\"]},"
                  "\"completionProvider\":{\"triggerCharacters\":[\"@\",\"$\",\"%%\",\"(\"]}},"
                  "\"serverInfo\":{\"name\":\"easyseccomp\",\"version\":\"%s\"}}",
                  r->lsp->utf8 ? "utf-8" : "utf-16", r->lsp->version);
    return 0;
}

static int shutdown(struct request *r)
{
    r->lsp->state = LSP_SHUT_DOWN;
    return 0;
}

static int leave(struct request *r)
{
    r->lsp->exited = true;
    return 0;
}

static int ignore(struct request *r)
{
    (void)r;
    return 0;
}

/* --- documents ----------------------------------------------------------------------------------
 */

static const char *uri_of(const struct request *r)
{
    const struct json *uri = json_member(json_member(r->params, "textDocument"), "uri");

    return uri && uri->kind == JSON_STRING ? arena_strndup(r->arena, uri->text, uri->len) : NULL;
}

static int take_text(struct request *r, const struct json *text)
{
    const struct json *version = json_member(json_member(r->params, "textDocument"), "version");
    const char *uri = uri_of(r);
    int ret;

    if (!uri || !text || text->kind != JSON_STRING)
        return RPC_INVALID_PARAMS;
    ret = document_set(r->lsp, r->arena, uri, text->text, text->len,
                       version && version->kind == JSON_NUMBER ? atoll(version->text) : 0);
    r->document = document_find(r->lsp, uri);
    return ret < 0 ? ret : publish_findings(r);
}

static int did_open(struct request *r)
{
    return take_text(r, json_member(json_member(r->params, "textDocument"), "text"));
}

/* The whole text, as initialize asked for: of several changes the last one counts. */
static int did_change(struct request *r)
{
    const struct json *changes = json_member(r->params, "contentChanges"), *last = NULL;

    for (const struct json *c = changes ? changes->first : NULL; c; c = c->next)
        last = c;
    return take_text(r, json_member(last, "text"));
}

static int did_close(struct request *r)
{
    struct strbuf params;

    strbuf_init(&params, r->arena);
    strbuf_puts(&params, "{\"uri\":");
    strbuf_json_string(&params, r->document->uri);
    strbuf_puts(&params, ",\"diagnostics\":[]}");
    notify(r, "textDocument/publishDiagnostics", strbuf_text(&params));
    document_close(r->lsp, r->document->uri);
    return 0;
}

static int format(struct request *r)
{
    struct parse_options options = {.defines = r->lsp->compile.defines,
                                    .define_count = r->lsp->compile.define_count};
    struct diags diags;
    struct strbuf text;

    diags_init(&diags, r->arena);
    strbuf_init(&text, r->arena);
    if (format_policy(r->arena, r->source, &options, &diags, &text) != FORMAT_DONE) {
        r->failure = "the policy does not parse";
        return RPC_REQUEST_FAILED;
    }
    strbuf_putc(&r->result, '[');
    if (text.len != r->source->len || memcmp(strbuf_text(&text), r->source->text, text.len) != 0) {
        strbuf_putc(&r->result, '{');
        put_range(r, &r->result, (struct span){r->source, 0, r->source->len});
        strbuf_puts(&r->result, ",\"newText\":");
        strbuf_json_string(&r->result, strbuf_text(&text));
        strbuf_putc(&r->result, '}');
    }
    strbuf_putc(&r->result, ']');
    return 0;
}

/* --- which message is what ----------------------------------------------------------------------
 */

static const struct method {
    const char *name;
    bool is_request, of_document, of_policy; /* JSON profiles are only linted */
    int (*run)(struct request *r);           /* 0, an enum rpc_error, or -ENOMEM */
} methods[] = {
    {"initialize", true, false, false, initialize},
    {"initialized", false, false, false, ignore},
    {"shutdown", true, false, false, shutdown},
    {"exit", false, false, false, leave},
    {"textDocument/didOpen", false, false, false, did_open},
    {"textDocument/didChange", false, true, false, did_change},
    {"textDocument/didClose", false, true, false, did_close},
    {"textDocument/hover", true, true, true, lsp_hover},
    {"textDocument/completion", true, true, true, lsp_completion},
    {"textDocument/definition", true, true, true, lsp_definition},
    {"textDocument/codeAction", true, true, false, lsp_code_action},
    {"textDocument/formatting", true, true, true, format},
};

static const struct method *method_of(const struct json *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
        if (json_is(name, methods[i].name))
            return &methods[i];
    return NULL;
}

static int check_state(struct request *r, const struct method *m)
{
    bool first = m && m->run == initialize;

    if (r->lsp->state == LSP_NEW && !first) {
        r->failure = "the first request must be initialize";
        return RPC_NOT_INITIALIZED;
    }
    if (r->lsp->state == LSP_SHUT_DOWN || (first && r->lsp->state != LSP_NEW)) {
        r->failure = first ? "initialize comes once" : "shutdown was the last request";
        return RPC_INVALID_REQUEST;
    }
    if (!m) {
        r->failure = "there is no such method";
        return RPC_METHOD_NOT_FOUND;
    }
    return 0;
}

static int run_method(struct request *r, const struct method *m)
{
    const char *uri = uri_of(r);

    r->failure = "the parameters are not as the protocol has them";
    if (m->of_document) {
        r->document = uri ? document_find(r->lsp, uri) : NULL;
        if (!r->document) {
            r->failure = "the document is not open";
            return RPC_INVALID_PARAMS;
        }
        r->source =
            source_new(r->arena, r->document->name, r->document->text, (uint32_t)r->document->len);
        if (m->of_policy && r->source->text[strspn(r->source->text, " \t\r\n")] == '{')
            return 0;
    }
    return m->run(r);
}

int lsp_handle(struct lsp *s, struct arena *a, const char *text, size_t len, lsp_messages *out)
{
    struct request r = {.lsp = s, .arena = a, .out = out};
    const struct json *message, *id, *name;
    const struct method *m;
    struct diags diags;
    int ret;

    diags_init(&diags, a);
    strbuf_init(&r.result, a);
    message = json_parse(a, source_new(a, "message", text, (uint32_t)len), &diags);
    if (!message) {
        answer_error(&r, NULL, RPC_PARSE_ERROR, diags.list.at[0]->text);
        return 0;
    }
    id = json_member(message, "id");
    name = json_member(message, "method");
    if (!name && id && message->kind == JSON_OBJECT)
        return 0; /* an answer; nothing was asked */
    if (!name || name->kind != JSON_STRING) {
        answer_error(&r, id, RPC_INVALID_REQUEST, "a message has a method");
        return 0;
    }
    r.params = json_member(message, "params");
    m = method_of(name);
    if (!id && m && m->run == leave)
        return leave(&r);
    ret = check_state(&r, m);
    if (ret == 0 && m->is_request == (id != NULL))
        ret = run_method(&r, m);
    if (ret == -ENOMEM || !id)
        return ret == -ENOMEM ? ret : 0;
    if (ret < 0)
        answer_error(&r, id, ret, r.failure);
    else
        answer(&r, id);
    return 0;
}

int lsp_exit_status(const struct lsp *s)
{
    return s->state == LSP_SHUT_DOWN ? 0 : 1;
}
