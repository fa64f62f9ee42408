/* SPDX-License-Identifier: Apache-2.0 */
/* Sources to subjects of a proof. */
#ifndef PROVE_LOAD_H
#define PROVE_LOAD_H

#include "compiler/driver.h"
#include "compiler/prove/subject.h"

struct loaded {
    struct compile compile; /* of a policy or JSON; owns the subject's policy */
    struct subject subject; /* initialised */
};

/*
 * Reads policies, JSON and programs, told apart by their content. The name is for messages, and
 * where a policy's includes are looked for from. What the subject needs besides is of arena a.
 *
 * 0, or -EINVAL: diagnostics in loaded->compile, or err filled. loaded is to be released in any
 * case.
 */
int load_subject(struct arena *a, const struct compile_options *o, const char *name, int fd,
                 struct loaded *loaded, struct error *err) MUST_CHECK;
void loaded_release(struct loaded *loaded);

#endif
