/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/differential/oci_runtime.h"

#include "compiler/prove/libseccomp_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text of the tests' own making, parsed. */
struct parsed {
    struct arena arena;
    const char *text;
    const struct json *root; /* NULL: no JSON */
};

static int parse(void *ctx)
{
    struct parsed *p = ctx;
    struct diags diags;

    diags_init(&diags, &p->arena);
    p->root = json_parse(&p->arena,
                         source_new(&p->arena, "json", p->text, (uint32_t)strlen(p->text)), &diags);
    return 0;
}

static void parse_text(struct parsed *p, const char *text)
{
    *p = (struct parsed){.text = text};
    arena_init(&p->arena);
    if (arena_run(&p->arena, parse, p))
        abort();
}

enum runtime_result runtime_load(const char *json, const struct runtime_options *o,
                                 unsigned char **bytes, size_t *len, char *why)
{
    struct load_options options = {o->runtime == RUNTIME_CRUN ? OCI_AS_CRUN : OCI_AS_RUNC,
                                   o->optimize, o->elsewhere, o->seconds};
    enum load_result result = LOAD_REFUSED;
    struct error err = {.text = "no JSON"};
    struct parsed p;

    parse_text(&p, json);
    if (p.root)
        result = libseccomp_load(p.root, &options, bytes, len, &err);
    arena_release(&p.arena);
    snprintf(why, 200, "%.199s", err.text);
    switch (result) {
    case LOAD_DONE:
        return RUNTIME_LOADED;
    case LOAD_REFUSED:
        return RUNTIME_REFUSED;
    case LOAD_LOOPED:
        return RUNTIME_LOOPED;
    case LOAD_FAILED:
        break;
    }
    abort();
}

uint32_t runtime_runc_stub(const char *json, const char *oci_arch)
{
    const struct arch *arch = arch_by_name(oci_arch, strlen(oci_arch));
    uint32_t above = UINT32_MAX;
    struct parsed p;

    parse_text(&p, json);
    if (p.root && arch)
        above = libseccomp_runc_stub(p.root, arch);
    arena_release(&p.arena);
    return above;
}
