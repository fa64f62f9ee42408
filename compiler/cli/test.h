/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of easyseccomp test: what calls reach. */
#ifndef CLI_TEST_H
#define CLI_TEST_H

#include "compiler/cli/cli.h"

/* A comparison of a rule, other than of the number. */
struct covered_comparison {
    struct span span;
    bool held, failed; /* for some call */
};

struct covered_rule {
    struct span span;
    bool reached; /* it decided some call */
    VEC(struct covered_comparison) comparisons;
};

/* The rules of one file's policy, as all its architectures and defines have them. */
struct coverage {
    struct arena *arena;
    VEC(struct covered_rule *) rules;
    struct strmap by_place;
};

/* Adds rules that are not there yet. */
void coverage_add_policy(struct coverage *c, const struct policy *p);
/* Follows a call through the rules. */
void coverage_follow(struct coverage *c, const struct target *t, const struct seccomp_data *call);
/* Follows the calls of the compile's trace on each of its targets. */
void coverage_follow_trace(struct coverage *c, const struct compile *compile);

/* As comments of TAP; as members of a JSON object. */
void coverage_show(struct coverage *c, const char *name, struct strbuf *out);
void coverage_json(struct coverage *c, struct strbuf *out);

#endif
