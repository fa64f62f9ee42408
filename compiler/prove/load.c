/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/load.h"

#include "base/io.h"

#include <errno.h>

static int load_text(struct loaded *l, const char *name, const char *text, size_t len)
{
    int ret = compile_parse(&l->compile, name, text, len);

    if (ret == 0)
        ret = compile_resolve(&l->compile);
    l->subject.policy = l->compile.policy;
    return ret;
}

int load_subject(struct arena *a, const struct compile_options *o, const char *name, int fd,
                 struct loaded *l, struct error *err)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t len = 0;
    int ret, order;

    *l = (struct loaded){0};
    compile_init(&l->compile, o);
    ret = read_all(fd, name, COMPILE_MAX_SOURCE, &bytes, &len, err);
    if (ret < 0)
        return ret;
    order = program_guess_endian(a, (const unsigned char *)bytes, len);
    if (order < 0) {
        ret = load_text(l, name, bytes, len);
        if (ret < 0 && !l->compile.diags.errors)
            return error_set(err, -ret, "cannot read '%s'", name);
        return ret;
    }
    l->subject.big_endian = order == 1;
    program_from_bytes(a, (const unsigned char *)bytes, len, order == 1, &l->subject.program);
    subject_init(a, &l->subject);
    return 0;
}

void loaded_release(struct loaded *l)
{
    compile_release(&l->compile);
}
