/* SPDX-License-Identifier: Apache-2.0 */
/* What a container uses, as JSON in the shape of `runc events`: names and units are version 1's. */
#include "runtime-loader/exec/cgroup.h"

#include "base/io.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cgroup's directory for one controller; NULL: the host has none, and all of it reads as empty.
 */
struct group {
    struct arena *arena;
    const char *directory;
    bool v2;
};

struct object {
    struct strbuf *out;
    bool begun;
};

static struct group find_place(struct arena *a, const struct cgroup_host *host, const char *path,
                               const char *controller)
{
    const struct hierarchy *h = cgroup_v1(host, controller);
    bool v2 = !h;

    if (!h)
        h = cgroup_v2(host);
    return (struct group){a, h ? cgroup_directory(a, h, path) : NULL, v2};
}

/* "" for what is not there. */
static const char *read_text(const struct group *p, const char *file)
{
    char *bytes = NULL;
    const char *text;
    struct error ignored;
    size_t len;

    if (!p->directory || read_file(arena_printf(p->arena, "%s/%s", p->directory, file), 1 << 20,
                                   &bytes, &len, &ignored) < 0)
        return "";
    text = arena_strndup(p->arena, bytes, len);
    cleanup_free(&bytes);
    return text;
}

/* No limit is the largest number there is. */
static uint64_t read_value(const struct group *p, const char *file)
{
    const char *text = read_text(p, file);

    return strncmp(text, "max", 3) == 0 ? UINT64_MAX : strtoull(text, NULL, 10);
}

/* Of a file with a name and a number in each line. */
static uint64_t keyed_value(const char *text, const char *key)
{
    size_t len = strlen(key);

    for (const char *at = text; *at; at += strspn(at, "\n")) {
        if (strncmp(at, key, len) == 0 && at[len] == ' ')
            return strtoull(at + len, NULL, 10);
        at += strcspn(at, "\n");
    }
    return 0;
}

static void put_name(struct object *o, const char *name)
{
    strbuf_puts(o->out, o->begun ? "," : "");
    strbuf_json_string(o->out, name);
    strbuf_putc(o->out, ':');
    o->begun = true;
}

static struct object begin(struct object *in, const char *name)
{
    put_name(in, name);
    strbuf_putc(in->out, '{');
    return (struct object){in->out, false};
}

static void end(const struct object *o)
{
    strbuf_putc(o->out, '}');
}

static void put(struct object *o, const char *name, uint64_t value)
{
    put_name(o, name);
    strbuf_printf(o->out, "%" PRIu64, value);
}

static void put_some(struct object *o, const char *name, uint64_t value)
{
    if (value)
        put(o, name, value);
}

static void put_keyed(struct object *data, const char *name, const char *text)
{
    struct object o = begin(data, name);

    for (const char *at = text; *at; at += strspn(at, "\n")) {
        size_t len = strcspn(at, " \n");

        if (at[len] == ' ')
            put(&o, arena_strndup(data->out->arena, at, len), strtoull(at + len, NULL, 10));
        at += strcspn(at, "\n");
    }
    end(&o);
}

/* "0-2,5", or numbers between blanks, as an array. */
static void put_list(struct object *o, const char *name, const char *text)
{
    const char *comma = "";
    char *next;

    if (*text < '0' || *text > '9')
        return;
    put_name(o, name);
    strbuf_putc(o->out, '[');
    while (*text >= '0' && *text <= '9') {
        uint64_t first = strtoull(text, &next, 10), last = first;

        if (*next == '-')
            last = strtoull(next + 1, &next, 10);
        for (; first <= last; first++, comma = ",")
            strbuf_printf(o->out, "%s%" PRIu64, comma, first);
        text = next + strspn(next, ", ");
    }
    strbuf_putc(o->out, ']');
}

static void put_cpu_usage(struct object *cpu, const struct group *cpu_place,
                          const struct group *account)
{
    struct object usage = begin(cpu, "usage");

    if (account->v2) {
        const char *stat = read_text(cpu_place, "cpu.stat");

        put(&usage, "total", keyed_value(stat, "usage_usec") * 1000);
        put(&usage, "kernel", keyed_value(stat, "system_usec") * 1000);
        put(&usage, "user", keyed_value(stat, "user_usec") * 1000);
    } else {
        put(&usage, "total", read_value(account, "cpuacct.usage"));
        put_list(&usage, "percpu", read_text(account, "cpuacct.usage_percpu"));
        put_list(&usage, "percpu_kernel", read_text(account, "cpuacct.usage_percpu_sys"));
        put_list(&usage, "percpu_user", read_text(account, "cpuacct.usage_percpu_user"));
        put(&usage, "kernel", read_value(account, "cpuacct.usage_sys"));
        put(&usage, "user", read_value(account, "cpuacct.usage_user"));
    }
    end(&usage);
}

static void put_cpu(struct object *data, const struct group *place, const struct group *account)
{
    const char *stat = read_text(place, "cpu.stat");
    struct object cpu = begin(data, "cpu");
    struct object throttling;

    put_cpu_usage(&cpu, place, account);
    throttling = begin(&cpu, "throttling");
    put_some(&throttling, "periods", keyed_value(stat, "nr_periods"));
    put_some(&throttling, "throttledPeriods", keyed_value(stat, "nr_throttled"));
    put_some(&throttling, "throttledTime",
             place->v2 ? keyed_value(stat, "throttled_usec") * 1000
                       : keyed_value(stat, "throttled_time"));
    end(&throttling);
    end(&cpu);
}

static void put_cpuset(struct object *data, const struct group *p)
{
    static const char *const flags[] = {
        "cpu_exclusive",      "mem_hardwall",       "mem_exclusive",   "memory_migrate",
        "memory_spread_page", "memory_spread_slab", "memory_pressure", "sched_load_balance",
    };
    struct object cpuset = begin(data, "cpuset");

    put_list(&cpuset, "cpus", read_text(p, p->v2 ? "cpuset.cpus.effective" : "cpuset.cpus"));
    put_list(&cpuset, "mems", read_text(p, p->v2 ? "cpuset.mems.effective" : "cpuset.mems"));
    for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
        put(&cpuset, flags[i],
            p->v2 ? 0 : read_value(p, arena_printf(p->arena, "cpuset.%s", flags[i])));
    put_name(&cpuset, "sched_relax_domain_level");
    strbuf_printf(cpuset.out, "%ld",
                  p->v2 ? 0L : strtol(read_text(p, "cpuset.sched_relax_domain_level"), NULL, 10));
    end(&cpuset);
}

struct amount {
    uint64_t limit, usage, max, failed;
};

static void put_amount(struct object *in, const char *name, const struct amount *amount)
{
    struct object o = begin(in, name);

    put(&o, "limit", amount->limit);
    put_some(&o, "usage", amount->usage);
    put_some(&o, "max", amount->max);
    put(&o, "failcnt", amount->failed);
    end(&o);
}

static struct amount amount_v1(const struct group *p, const char *prefix)
{
    struct arena *a = p->arena;

    return (struct amount){
        read_value(p, arena_printf(a, "memory.%slimit_in_bytes", prefix)),
        read_value(p, arena_printf(a, "memory.%susage_in_bytes", prefix)),
        read_value(p, arena_printf(a, "memory.%smax_usage_in_bytes", prefix)),
        read_value(p, arena_printf(a, "memory.%sfailcnt", prefix)),
    };
}

static uint64_t add_limits(uint64_t a, uint64_t b)
{
    return a == UINT64_MAX || b == UINT64_MAX ? UINT64_MAX : a + b;
}

static void put_memory_v2(struct object *memory, const struct group *p)
{
    const struct amount own = {
        read_value(p, "memory.max"),
        read_value(p, "memory.current"),
        read_value(p, "memory.peak"),
        keyed_value(read_text(p, "memory.events"), "max"),
    };
    /* With memory, as in version 1. */
    const struct amount both = {
        add_limits(own.limit, read_value(p, "memory.swap.max")),
        own.usage + read_value(p, "memory.swap.current"),
        0,
        keyed_value(read_text(p, "memory.swap.events"), "max"),
    };
    const struct amount none = {0};

    put_amount(memory, "usage", &own);
    put_amount(memory, "swap", &both);
    put_amount(memory, "kernel", &none);
    put_amount(memory, "kernelTCP", &none);
}

static void put_memory(struct object *data, const struct group *p)
{
    static const char *const parts[][2] = {
        {"usage", ""}, {"swap", "memsw."}, {"kernel", "kmem."}, {"kernelTCP", "kmem.tcp."}};
    const char *stat = read_text(p, "memory.stat");
    struct object memory = begin(data, "memory");

    put_some(&memory, "cache", keyed_value(stat, p->v2 ? "file" : "cache"));
    if (p->v2)
        put_memory_v2(&memory, p);
    for (size_t i = 0; !p->v2 && i < ARRAY_SIZE(parts); i++) {
        const struct amount amount = amount_v1(p, parts[i][1]);

        put_amount(&memory, parts[i][0], &amount);
    }
    put_keyed(&memory, "raw", stat);
    end(&memory);
}

static void put_pids(struct object *data, const struct group *p)
{
    struct object pids = begin(data, "pids");
    uint64_t limit = read_value(p, "pids.max");

    put_some(&pids, "current", read_value(p, "pids.current"));
    put_some(&pids, "limit", limit == UINT64_MAX ? 0 : limit);
    end(&pids);
}

static void put_transfer(struct strbuf *out, const char **comma, unsigned major, unsigned minor,
                         const char *op, uint64_t value)
{
    strbuf_printf(out, "%s{\"major\":%u,\"minor\":%u,\"op\":\"%s\",\"value\":%" PRIu64 "}", *comma,
                  major, minor, op, value);
    *comma = ",";
}

/* Lines "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6". */
static void list_transfers_v2(struct strbuf *out, const char *text, bool bytes)
{
    static const char *const keys[][3] = {{"rbytes=", "rios=", "Read"},
                                          {"wbytes=", "wios=", "Write"},
                                          {"dbytes=", "dios=", "Discard"}};
    const char *comma = "";
    unsigned major, minor;

    for (const char *at = text; *at; at += strspn(at, "\n")) {
        const char *line = arena_strndup(out->arena, at, strcspn(at, "\n"));

        at += strlen(line);
        if (sscanf(line, "%u:%u ", &major, &minor) != 2)
            continue;
        for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
            const char *found = strstr(line, keys[i][bytes ? 0 : 1]);

            if (found)
                put_transfer(out, &comma, major, minor, keys[i][2],
                             strtoull(strchr(found, '=') + 1, NULL, 10));
        }
    }
}

/* Lines "8:0 Read 1", and a sum without a device. */
static void list_transfers_v1(struct strbuf *out, const char *text)
{
    const char *comma = "";
    unsigned major, minor;
    char op[16];
    uint64_t value;

    for (const char *at = text; *at; at += strspn(at, "\n")) {
        if (sscanf(at, "%u:%u %15s %" SCNu64, &major, &minor, op, &value) == 4)
            put_transfer(out, &comma, major, minor, op, value);
        at += strcspn(at, "\n");
    }
}

static void put_transfers(struct object *blkio, const struct group *p, bool bytes)
{
    const char *file = p->v2   ? "io.stat"
                       : bytes ? "blkio.throttle.io_service_bytes_recursive"
                               : "blkio.throttle.io_serviced_recursive";
    struct strbuf list;

    strbuf_init(&list, blkio->out->arena);
    if (p->v2)
        list_transfers_v2(&list, read_text(p, file), bytes);
    else
        list_transfers_v1(&list, read_text(p, file));
    if (!list.len)
        return;
    put_name(blkio, bytes ? "ioServiceBytesRecursive" : "ioServicedRecursive");
    strbuf_printf(blkio->out, "[%s]", list.text);
}

static void put_page_size(struct object *hugetlb, const struct group *p, const char *size)
{
    struct arena *a = p->arena;
    const char *prefix = arena_printf(a, "hugetlb.%s", size);
    struct object o = begin(hugetlb, size);

    put_some(&o, "usage",
             read_value(p, arena_printf(a, p->v2 ? "%s.current" : "%s.usage_in_bytes", prefix)));
    if (!p->v2)
        put_some(&o, "max", read_value(p, arena_printf(a, "%s.max_usage_in_bytes", prefix)));
    put(&o, "failcnt",
        p->v2 ? keyed_value(read_text(p, arena_printf(a, "%s.events", prefix)), "max")
              : read_value(p, arena_printf(a, "%s.failcnt", prefix)));
    end(&o);
}

static void put_hugetlb(struct object *data, const struct group *p)
{
    struct object hugetlb = begin(data, "hugetlb");
    DIR *dir = p->directory ? opendir(p->directory) : NULL;
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        const char *size = entry->d_name + strlen("hugetlb.");
        size_t len;

        if (strncmp(entry->d_name, "hugetlb.", strlen("hugetlb.")) != 0)
            continue;
        len = strcspn(size, ".");
        if (strcmp(size + len, p->v2 ? ".max" : ".limit_in_bytes") == 0)
            put_page_size(&hugetlb, p, arena_strndup(p->arena, size, len));
    }
    if (dir)
        closedir(dir);
    end(&hugetlb);
}

void cgroup_stats(struct arena *a, const struct cgroup_host *host, const char *path,
                  struct strbuf *out)
{
    struct object data = {out, false}, blkio;
    struct group cpu = find_place(a, host, path, "cpu");
    struct group account = find_place(a, host, path, "cpuacct");
    struct group io = find_place(a, host, path, "blkio");
    struct group place;

    strbuf_putc(out, '{');
    put_cpu(&data, &cpu, &account);
    place = find_place(a, host, path, "cpuset");
    put_cpuset(&data, &place);
    place = find_place(a, host, path, "memory");
    put_memory(&data, &place);
    place = find_place(a, host, path, "pids");
    put_pids(&data, &place);
    blkio = begin(&data, "blkio");
    put_transfers(&blkio, &io, true);
    put_transfers(&blkio, &io, false);
    end(&blkio);
    place = find_place(a, host, path, "hugetlb");
    put_hugetlb(&data, &place);
    put_name(&data, "intel_rdt");
    strbuf_puts(out, "{}");
    put_name(&data, "network_interfaces");
    strbuf_puts(out, "null}");
}
