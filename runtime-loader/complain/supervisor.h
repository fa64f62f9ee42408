/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that lets the notified calls of a container through and writes down each:
 * a JSON object a line, as easyrun(8) describes. It takes listeners on a socket, as an agent does
 * (runtime-spec, "Seccomp"), and ends when nothing is left that could be notified.
 */
#ifndef COMPLAIN_SUPERVISOR_H
#define COMPLAIN_SUPERVISOR_H

#include "runtime-loader/complain/combine.h"

struct supervisor {
    const char *container;  /* its id */
    filter_stack originals; /* what decides what a call would have met with */
    int socket;             /* listening, with a first connection waiting */
    int out;                /* where records go */
};

/* Starts it, apart from the caller and its descriptors. */
int supervisor_start(const struct supervisor *s, struct error *err) MUST_CHECK;

#endif
