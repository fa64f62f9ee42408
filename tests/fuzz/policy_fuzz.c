/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzz target: any text as a policy, through the whole compiler; its diagnostics are shown. */
#include "tests/fuzz/target.h"

#include "base/diag_render.h"
#include "compiler/driver.h"

#include <assert.h>
#include <errno.h>

static int show(void *ctx)
{
    struct compile *c = ctx;
    struct strbuf out;

    strbuf_init(&out, &c->arena);
    diags_sort(&c->diags);
    diags_render_text(&c->diags, true, &out);
    diags_render_json(&c->diags, &out);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct compile_options options = {.no_includes = true};
    struct compile c;
    int ret;

    compile_init(&c, &options);
    ret = compile_parse(&c, "fuzz", (const char *)bytes, len);
    if (ret == 0)
        ret = compile_resolve(&c);
    if (ret == 0)
        ret = compile_filter(&c);
    assert((ret == -EINVAL) == (c.diags.errors > 0));
    if (arena_run(&c.arena, show, &c) < 0)
        assert(!"no memory to show what is wrong");
    compile_release(&c);
    return 0;
}
