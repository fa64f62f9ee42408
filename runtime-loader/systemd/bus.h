/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to who speaks D-Bus: a message bus, or systemd by itself. One call at a time, no
 * descriptors passed. easyrun is linked statically and needs five calls of systemd's interface, so
 * that this stands in for libsystemd.
 */
#ifndef SYSTEMD_BUS_H
#define SYSTEMD_BUS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>

enum bus_message_type { BUS_CALL = 1, BUS_REPLY, BUS_FAULT, BUS_SIGNAL };

/* Who is called, and with what: the arguments are marshalled (wire.h). */
struct bus_call {
    const char *destination, *path, *interface, *member;
    const char *signature; /* NULL: no arguments */
    const struct strbuf *arguments;
};

struct bus_message {
    int type;
    uint32_t reply_to;
    const char *member, *fault; /* NULL where it has none */
    const char *signature;
    const char *body;
    size_t body_len;
};

struct bus {
    struct arena *arena;
    int fd;
    bool broker; /* a message bus */
    uint32_t serial;
    VEC(struct bus_message) signals; /* that came while a reply was waited for */
};

/* Connects to "unix:path=…" or "unix:abstract=…"; of several, parted by ';', the first that
 * answers. broker: says hello, as a message bus wants it. */
int bus_connect(struct arena *a, const char *addresses, bool broker, struct bus *out,
                struct error *err) MUST_CHECK;
void bus_release(struct bus *bus);

/* -EREMOTEIO when the answer is an error: fault names it where it is not NULL. */
int bus_call(struct bus *bus, const struct bus_call *call, struct bus_message *reply,
             const char **fault, struct error *err) MUST_CHECK;
/* The next signal, of those that came or will come. */
int bus_next_signal(struct bus *bus, struct bus_message *out, struct error *err) MUST_CHECK;

#endif
