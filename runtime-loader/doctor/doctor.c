/* SPDX-License-Identifier: Apache-2.0 */
/* Findings: how they are made and shown. */
#include "runtime-loader/doctor/doctor.h"

#include "base/io.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const words[] = {
    [VERDICT_OK] = "ok", [VERDICT_NOTE] = "note", [VERDICT_FAILS] = "fails"};

void doctor_add(struct doctor *d, const char *id, enum verdict verdict, const char *fix,
                const char *fmt, ...)
{
    struct strbuf text;
    va_list ap;

    strbuf_init(&text, d->arena);
    va_start(ap, fmt);
    strbuf_vprintf(&text, fmt, ap);
    va_end(ap);
    VEC_PUSH(
        d->arena, &d->findings,
        ((struct finding){id, verdict, strbuf_text(&text), verdict == VERDICT_OK ? NULL : fix}));
}

const char *doctor_line(struct doctor *d, const char *path)
{
    struct error ignored;
    char *text = NULL;
    const char *line;
    size_t len;

    if (read_file(path, 1 << 16, &text, &len, &ignored) < 0)
        return "";
    line = arena_strndup(d->arena, text, strcspn(text, "\n"));
    cleanup_free(&text);
    return line;
}

bool doctor_since(int major, int minor)
{
    struct utsname name;
    int own_major = 0, own_minor = 0;

    if (uname(&name) < 0 || sscanf(name.release, "%d.%d", &own_major, &own_minor) < 1)
        return false;
    return own_major > major || (own_major == major && own_minor >= minor);
}

int doctor_try(struct doctor *d, int (*body)(struct doctor *d, struct error *err),
               struct error *err)
{
    int ends[2];
    ssize_t n;
    pid_t child;

    if (pipe(ends) < 0)
        return error_set(err, errno, "pipe");
    child = fork();
    if (child == 0) {
        struct error mine = {0};

        close(ends[0]);
        (void)!body(d, &mine);
        (void)!write(ends[1], &mine, sizeof(mine));
        _exit(0);
    }
    close(ends[1]);
    memset(err, 0, sizeof(*err));
    n = child < 0 ? 0 : read(ends[0], err, sizeof(*err));
    close(ends[0]);
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    if (n != (ssize_t)sizeof(*err))
        return error_text(err, ECHILD, "the child that was to try it was killed");
    return -err->code;
}

void doctor_run(struct doctor *d)
{
    doctor_kernel(d);
    doctor_filters(d);
    doctor_namespaces(d);
    doctor_ids(d);
    doctor_cgroups(d);
    doctor_host(d);
}

bool doctor_is_well(const struct doctor *d)
{
    for (size_t i = 0; i < d->findings.count; i++)
        if (d->findings.at[i].verdict == VERDICT_FAILS)
            return false;
    return true;
}

void doctor_print(const struct doctor *d, struct strbuf *out)
{
    for (size_t i = 0; i < d->findings.count; i++) {
        const struct finding *f = &d->findings.at[i];

        strbuf_printf(out, "%-5s %-20s %s\n", words[f->verdict], f->id, f->text);
        if (f->fix)
            strbuf_printf(out, "%26s fix: %s\n", "", f->fix);
    }
}

void doctor_print_json(const struct doctor *d, struct strbuf *out)
{
    strbuf_printf(out, "{\"ok\":%s,\"findings\":[", doctor_is_well(d) ? "true" : "false");
    for (size_t i = 0; i < d->findings.count; i++) {
        const struct finding *f = &d->findings.at[i];

        strbuf_printf(out, "%s{\"id\":\"%s\",\"verdict\":\"%s\",\"text\":", i ? "," : "", f->id,
                      words[f->verdict]);
        strbuf_json_string(out, f->text);
        if (f->fix) {
            strbuf_puts(out, ",\"fix\":");
            strbuf_json_string(out, f->fix);
        }
        strbuf_putc(out, '}');
    }
    strbuf_puts(out, "]}\n");
}
