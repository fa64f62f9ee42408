/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties of units: systemd.resource-control(5), and what its interface on the bus calls them.
 * Limits come as what cgroup files are to hold, so that conversions are made in one place.
 */
#include "runtime-loader/systemd/manager.h"

#include "runtime-loader/systemd/variant.h"
#include "runtime-loader/systemd/wire.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void begin_property(struct strbuf *out, const char *name)
{
    wire_align(out, 8);
    wire_string(out, name);
}

void property_text(struct strbuf *out, const char *name, const char *text)
{
    begin_property(out, name);
    wire_signature(out, "s");
    wire_string(out, text);
}

void property_bool(struct strbuf *out, const char *name, bool value)
{
    begin_property(out, name);
    wire_signature(out, "b");
    wire_u32(out, value);
}

void property_u64(struct strbuf *out, const char *name, uint64_t value)
{
    begin_property(out, name);
    wire_signature(out, "t");
    wire_u64(out, value);
}

/* What no property can say is left to the file. */
static void number(struct strbuf *out, const char *name, const char *text)
{
    char *end;
    uint64_t value = strtoull(text, &end, 10);

    if (strcmp(text, "max") == 0)
        property_u64(out, name, UINT64_MAX);
    else if (end != text && !*end)
        property_u64(out, name, value);
}

/* "default 100", or the number alone; other lines are about devices. */
static void weight(struct strbuf *out, const char *name, const char *text)
{
    static const char word[] = "default ";

    number(out, name, strncmp(text, word, strlen(word)) == 0 ? text + strlen(word) : text);
}

/* "QUOTA PERIOD". systemd keeps whole percents of a CPU: what is between is rounded up. */
static void cpu_max(struct strbuf *out, const char *name, const char *text)
{
    const uint64_t second = 1000000, percent = second / 100;
    char *end;
    uint64_t quota = strtoull(text, &end, 10);
    uint64_t period = strtoull(text + strcspn(text, " "), NULL, 10);

    if (period == 0)
        period = second / 10;
    property_u64(out, "CPUQuotaPeriodUSec", period);
    if (end == text || quota > UINT64_MAX / second)
        property_u64(out, name, UINT64_MAX);
    else
        property_u64(out, name, (quota * second / period + percent - 1) / percent * percent);
}

enum { MOST_CPUS = 8192 };

/* A list like "0-3,7" as a field of bits. */
static void bits(struct strbuf *out, const char *name, const char *text)
{
    uint8_t field[MOST_CPUS / 8] = {0};
    size_t len = 0;
    struct wire_array array;

    for (const char *at = text; *at; at += *at == ',') {
        char *end;
        unsigned long first = strtoul(at, &end, 10), last = first;

        if (end == at)
            return;
        if (*end == '-')
            last = strtoul(end + 1, &end, 10);
        for (unsigned long i = first; i <= last && i < MOST_CPUS; i++) {
            field[i / 8] |= (uint8_t)(1 << i % 8);
            len = i / 8 + 1 > len ? i / 8 + 1 : len;
        }
        at = end;
        if (*at && *at != ',')
            return;
    }
    begin_property(out, name);
    wire_signature(out, "ay");
    array = wire_array_begin(out, 1);
    strbuf_add(out, (const char *)field, len);
    wire_array_end(out, &array);
}

static const struct {
    const char *file, *property;
    void (*write)(struct strbuf *out, const char *name, const char *text);
} rules[] = {
    {"cpu.max", "CPUQuotaPerSecUSec", cpu_max}, {"cpu.weight", "CPUWeight", number},
    {"cpuset.cpus", "AllowedCPUs", bits},       {"cpuset.mems", "AllowedMemoryNodes", bits},
    {"io.weight", "IOWeight", weight},          {"memory.high", "MemoryHigh", number},
    {"memory.low", "MemoryLow", number},        {"memory.max", "MemoryMax", number},
    {"memory.min", "MemoryMin", number},        {"memory.swap.max", "MemorySwapMax", number},
    {"pids.max", "TasksMax", number},
};

void properties_of_limits(const limit_list *limits, struct strbuf *out)
{
    for (size_t i = 0; i < limits->count; i++)
        for (size_t k = 0; k < ARRAY_SIZE(rules); k++)
            if (limits->at[i].file && strcmp(limits->at[i].file, rules[k].file) == 0)
                rules[k].write(out, rules[k].property, limits->at[i].text);
}

/* "TimeoutStopSec" is how unit files call TimeoutStopUSec, and in seconds. */
static int in_seconds(struct arena *a, const char **name, struct variant *v, struct error *err)
{
    size_t len = strlen(*name);
    bool sec = len > 3 && strcmp(*name + len - 3, "Sec") == 0 && (*name)[len - 4] != 'U';

    if (!sec)
        return 0;
    *name = arena_printf(a, "%.*sUSec", (int)(len - 3), *name);
    return variant_microseconds(v, err);
}

static bool is_name(const char *name)
{
    size_t len = 0;

    while (isalpha((unsigned char)name[len]))
        len++;
    return len > 0 && !name[len];
}

static int annotation(struct arena *a, const char *name, const char *text, struct strbuf *out,
                      struct error *err)
{
    struct variant *v;
    int rc = is_name(name) ? 0 : error_text(err, EINVAL, "'%s' is no property's name", name);

    if (rc == 0)
        rc = variant_parse(a, text, &v, err);
    if (rc == 0)
        rc = in_seconds(a, &name, v, err);
    if (rc < 0)
        return rc;
    begin_property(out, name);
    return variant_write(out, v, err);
}

int properties_of_annotations(struct arena *a, const string_map *annotations, struct strbuf *out,
                              struct error *err)
{
    static const char prefix[] = "org.systemd.property.";

    for (size_t i = 0; i < annotations->count; i++) {
        const struct string_pair *pair = &annotations->at[i];
        struct error why;

        if (strncmp(pair->key, prefix, strlen(prefix)) == 0 &&
            annotation(a, pair->key + strlen(prefix), pair->value, out, &why) < 0)
            return error_text(err, EINVAL, "config.json: annotations.%s: %s", pair->key, why.text);
    }
    return 0;
}
