/* SPDX-License-Identifier: Apache-2.0 */
/* Records of calls that others have written: easyrun's complain mode, see easyrun(8). */
#ifndef CLI_RECORDS_H
#define CLI_RECORDS_H

#include "compiler/cli/cli.h"
#include "compiler/cli/supervise.h"

/* Tells see of each call in the file, a JSON object a line, in order. EXIT_DONE, or another status
 * after a report. */
int read_records(struct cli *cli, const char *path, see_call *see, void *ctx) MUST_CHECK;

#endif
