/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing for tests: files in memory in, the tree and the faults as text out. */
#ifndef TESTS_UNIT_FRONT_TESTLIB_H
#define TESTS_UNIT_FRONT_TESTLIB_H

#include "compiler/front/parse.h"

/* A file that includes find. A path without text cannot be read. */
struct fake_file {
    const char *path, *text;
};

struct parsing {
    const char *text;
    size_t len;                    /* 0: up to the NUL */
    const char *defines;           /* "A B=2"; NULL: none */
    const char *dirs[4];           /* of -I, up to a NULL */
    const struct fake_file *files; /* up to one without a path; NULL: no reader */

    /* results */
    struct arena arena;
    struct ast *ast;
    struct diags diags;
    const char *tree;   /* ast_dump() */
    const char *faults; /* a line each: [FILE:]LINE:COLUMN ID: TEXT; NOTE; NOTE, sorted */
    const char *paths;  /* that were asked for, with blanks between */
};

/* Parses and fills the results. p->arena has been initialised; an int for arena_run(). */
int parsing_body(void *parsing);
/* Does all of it, in an arena that parsing_release() frees. */
void parsing_run(struct parsing *p);
void parsing_release(struct parsing *p);

#endif
