/* SPDX-License-Identifier: Apache-2.0 */
/* From text to a program that is ready to run, for tests that compare programs. */
#ifndef TESTS_COMPILE_TEXT_H
#define TESTS_COMPILE_TEXT_H

#include "compiler/driver.h"

#define COMPILE_MAX_NAMES 16

struct compiled {
    struct compile compile;
    const struct arch *targets[COMPILE_MAX_NAMES];
    struct define defines[COMPILE_MAX_NAMES];
    const struct policy *policy;
    const struct program *program;
    bool big_endian;
};

/*
 * targets: names with commas between, NULL or "" for this machine; defines: names, each worth 1,
 * ended by NULL. Returns false with the diagnostics written as TAP notes; compiled_release() in
 * both cases.
 */
bool compile_text(struct compiled *c, const char *name, const char *text, const char *targets,
                  const char *const *defines);
bool compile_path(struct compiled *c, const char *path, const char *targets,
                  const char *const *defines);
void compiled_release(struct compiled *c);

/* "ERRNO(77)", "KILL_PROCESS": a return value as the language writes it. */
const char *ret_text(uint32_t ret, char buffer[static 40]);

#endif
