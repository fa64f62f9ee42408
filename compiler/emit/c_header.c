/* SPDX-License-Identifier: Apache-2.0 */
/* Format c: a header for programs that load the filter themselves. */
#include "compiler/emit/emitters.h"

#include "compiler/cbpf/disassemble.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* The file's name without directories and suffix, as the beginning of an identifier. */
static const char *stem(struct arena *a, const char *path)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t len = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    struct strbuf b;

    strbuf_init(&b, a);
    if (!isalpha((unsigned char)*name) && *name != '_')
        strbuf_puts(&b, "policy_");
    for (size_t i = 0; i < len; i++)
        strbuf_putc(&b, isalnum((unsigned char)name[i]) ? name[i] : '_');
    return strbuf_text(&b);
}

static const char *upper(struct arena *a, const char *s)
{
    char *copy = arena_strdup(a, s);

    for (char *c = copy; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

/* A comment must not end early. */
static void add_comment_text(struct strbuf *out, const char *text)
{
    for (const char *c = text; *c; c++)
        strbuf_putc(out, c > text && c[-1] == '*' && *c == '/' ? '|' : *c);
}

static void add_code(struct arena *a, const struct program *p, struct strbuf *out)
{
    for (uint32_t i = 0; i < p->count; i++) {
        const struct sock_filter *in = &p->code[i];
        struct strbuf text;

        strbuf_init(&text, a);
        disassemble_instruction(p, i, &text);
        strbuf_printf(out, "    {0x%02x, %3u, %3u, 0x%08" PRIx32 "}, /* %4" PRIu32 ": %s */\n",
                      in->code, in->jt, in->jf, in->k, i, strbuf_text(&text));
    }
}

int emit_c(struct arena *a, const struct emit_input *in, struct strbuf *out)
{
    const struct program *p = &in->filter->layout.program;
    const char *name = stem(a, in->name), *guard = upper(a, name);
    struct strbuf title;

    strbuf_init(&title, a);
    emit_title(in, &title);
    strbuf_puts(out, "/* Made by easyseccomp, not to be edited: ");
    add_comment_text(out, strbuf_text(&title));
    strbuf_puts(out, ".\n * The filter is that of these architectures only: it is an error on "
                     "others. */\n");
    strbuf_printf(out, "#ifndef %s_FILTER_H\n#define %s_FILTER_H\n\n#include <linux/filter.h>\n\n",
                  guard, guard);
    strbuf_printf(out,
                  "/* struct sock_fprog is {%s_FILTER_COUNT, (struct sock_filter *)%s_filter} "
                  "*/\n#define %s_FILTER_COUNT %" PRIu32 "\n\n",
                  guard, name, guard, p->count);
    strbuf_printf(out, "static const struct sock_filter %s_filter[%s_FILTER_COUNT] = {\n", name,
                  guard);
    add_code(a, p, out);
    strbuf_puts(out, "};\n\n#endif\n");
    return 0;
}
