/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun plan: what create would do, as text; touches nothing and needs no rights. */
#include "runtime-loader/cli/container.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct options {
    const char *config, *cgroups, *id;
    bool rootless, no_pivot;
};

static const struct name_value mode_names[] = {
    {"none", CGROUP_NONE}, {"v1", CGROUP_V1}, {"hybrid", CGROUP_HYBRID}, {"v2", CGROUP_V2}, {0},
};

static int parse_mode(const char *text, enum cgroup_mode *mode, struct error *err)
{
    *mode = CGROUP_V2;
    if (!text)
        return 0;
    for (const struct name_value *n = mode_names; n->name; n++)
        if (strcmp(n->name, text) == 0) {
            *mode = (enum cgroup_mode)n->value;
            return 0;
        }
    return error_text(err, EINVAL, "--cgroups: 'none', 'v1', 'hybrid' or 'v2', not '%s'", text);
}

static int run_plan(struct cli *cli, const void *options, const string_list *operands,
                    struct error *err)
{
    const struct options *o = options;
    const char *bundle = operands->count ? operands->at[0] : ".";
    struct plan_options plan_options = {
        .id = o->id ? o->id : "ID",
        .bundle = bundle,
        .privileged = !o->rootless,
        .admin = !o->rootless,
        .may_mount = !o->rootless,
        .no_pivot = o->no_pivot,
        .systemd = wants_systemd(cli) ? "" : NULL,
        .systemd_user = o->rootless,
    };
    struct spec spec;
    struct plan plan;
    struct strbuf out;
    const char *text;
    size_t len;
    int rc = parse_mode(o->cgroups, &plan_options.cgroups, err);

    if (rc == 0)
        rc = read_config(cli,
                         o->config ? o->config : arena_printf(cli->arena, "%s/config.json", bundle),
                         &spec, &text, &len, err);
    if (rc < 0)
        return rc;
    plan_options.filters = spec.os.seccomp != NULL;
    rc = plan_create(cli->arena, &spec, &plan_options, &plan, err);
    if (rc < 0)
        return rc;
    strbuf_init(&out, cli->arena);
    plan_print(&plan, &out);
    fputs(strbuf_text(&out), stdout);
    return 0;
}

static const struct option plan_options[] = {
    {"config", 'f', OPTION_TEXT, offsetof(struct options, config), "FILE",
     "configuration (default: config.json in the bundle)"},
    {"id", 0, OPTION_TEXT, offsetof(struct options, id), "ID", "name of the container"},
    {"cgroups", 0, OPTION_TEXT, offsetof(struct options, cgroups), "MODE",
     "for a host with none, v1, hybrid or v2 (default: v2)"},
    {"rootless", 0, OPTION_FLAG, offsetof(struct options, rootless), NULL,
     "for a user without rights on the host"},
    {"no-pivot", 0, OPTION_FLAG, offsetof(struct options, no_pivot), NULL,
     "as for create --no-pivot"},
};

const struct command command_plan = {
    .name = "plan",
    .operands = "[BUNDLE]",
    .summary = "print what create would do",
    .options = OPTIONS(plan_options),
    .size = sizeof(struct options),
    .max_operands = 1,
    .run = run_plan,
};
