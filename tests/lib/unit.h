/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The end of every unit test program: runs its suite of check tests. By hand the report is check's
 * own, with a line for each test; tests/run-tests asks for TAP by check's environment variables.
 * CK_FORK=no runs all in one process, for a debugger.
 */
#ifndef TESTS_LIB_UNIT_H
#define TESTS_LIB_UNIT_H

#include <check.h>
#include <stdlib.h>

static inline int unit_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
