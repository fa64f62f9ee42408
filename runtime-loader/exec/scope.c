/* SPDX-License-Identifier: Apache-2.0 */
/* The step that has systemd put the container's first process into a scope. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/limits.h"

#include <errno.h>
#include <string.h>

/* Path of a process in the hierarchy that systemd puts processes into: version 2, or one of
 * version 1 without controllers. */
static int path_of(struct executor *x, const char **path, struct error *err)
{
    const char *file = arena_printf(x->arena, "/proc/%d/cgroup", x->pid);
    const char *prefix = x->cgroups->mode == CGROUP_V2 ? "0::" : ":name=systemd:";
    char *text = NULL, *at;
    size_t len;
    int rc = read_file(file, 1 << 20, &text, &len, err);

    if (rc < 0)
        return rc;
    at = strstr(text, prefix);
    at = at ? at + strlen(prefix) : text + len;
    *path = arena_strndup(x->arena, at, strcspn(at, "\n"));
    cleanup_free(&text);
    return 0;
}

int step_scope(struct executor *x, const struct step *s, struct error *err)
{
    const struct spec *spec = x->plan->spec;
    const struct manager_scope scope = {
        .name = s->text,
        .slice = x->plan->scope->slice,
        .description = arena_printf(x->arena, "container %s", x->options->id),
        .annotations = &spec->annotations,
    };
    limit_list limits = {0};
    const char *path = NULL;
    int rc;

    limits_v2(x->arena, &spec->os.resources, &limits);
    rc = manager_start_scope(x->manager, &scope, &limits, x->pid, err);
    if (rc == 0)
        rc = path_of(x, &path, err);
    if (rc == 0 && strcmp(path, x->plan->cgroup) != 0)
        rc = error_text(err, EPROTO, "systemd has put '%s' into the cgroup '%s', not '%s'", s->text,
                        path, x->plan->cgroup);
    /* Whatever that was about: init has a better reason, and told it. */
    if (rc < 0 && process_start_time(x->pid) == 0)
        rc = error_text(err, ESRCH, "the container process is gone");
    return rc;
}
