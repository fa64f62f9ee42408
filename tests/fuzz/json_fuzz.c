/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: any bytes as JSON. What is a profile is read as each runtime reads it; the policy is
 * imported, and the text is a policy that compiles. What is none has an error with a place.
 */
#include "tests/fuzz/target.h"

#include "compiler/driver.h"
#include "compiler/import/import.h"
#include "compiler/sema/oci_policy.h"

#include <assert.h>
#include <string.h>

struct input {
    struct arena *arena;
    const char *text;
    uint32_t len;
    enum oci_runtime as;
    const char *imported;
};

static int read(void *ctx)
{
    static const char *const caps[] = {"CAP_SYS_ADMIN", "CAP_SYS_CHROOT"};
    struct input *in = ctx;
    struct oci_read_options o = {.as = in->as, .caps = caps, .cap_count = 2};
    const struct source *s = source_new(in->arena, "fuzz", in->text, in->len);
    const struct oci_spec *spec;
    const struct policy *p = NULL;
    struct strbuf out;
    struct diags diags;

    diags_init(&diags, in->arena);
    spec = oci_read(in->arena, s, &o, &diags);
    if (spec)
        p = oci_policy(in->arena, spec, &diags);
    assert((p != NULL) == (diags.errors == 0));
    for (size_t i = 0; i < diags.list.count; i++)
        assert(diags.list.at[i]->span.source == s && diags.list.at[i]->span.end <= s->len);
    if (!p)
        return 0;
    strbuf_init(&out, in->arena);
    import_write(in->arena, p, &(struct import_options){"fuzz"}, &out);
    in->imported = strbuf_text(&out);
    return 0;
}

static void compile(const char *text)
{
    struct compile c;

    compile_init(&c, &(struct compile_options){0});
    if (compile_parse(&c, "imported", text, strlen(text)) || compile_resolve(&c))
        assert(!"what is imported compiles");
    compile_release(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    for (int as = OCI_AS_CRUN; as <= OCI_AS_SPEC; as++) {
        struct arena a;
        struct input in = {&a, (const char *)bytes, (uint32_t)len, (enum oci_runtime)as, NULL};

        arena_init(&a);
        if (arena_run(&a, read, &in) < 0)
            assert(!"no memory for a profile of this size");
        if (in.imported)
            compile(in.imported);
        arena_release(&a);
    }
    return 0;
}
