/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of `create` and `exec`: the order of things. */
#include "runtime-loader/plan/plan.h"

#include <errno.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/mount.h>

struct step *plan_add(struct plan *plan, enum phase phase, enum step_op op)
{
    VEC_PUSH(plan->arena, &plan->phases[phase], ((struct step){.op = op}));
    return &plan->phases[phase].at[plan->phases[phase].count - 1];
}

void plan_message(struct plan *plan, enum phase phase, enum step_op op, enum message message)
{
    plan_add(plan, phase, op)->message = message;
}

static void plan_join(struct plan *plan, enum phase phase, const struct spec_namespace *ns)
{
    plan_add(plan, phase, STEP_JOIN)->join =
        (struct step_join){(enum namespace_kind)ns->kind, ns->path};
}

static bool made_by_init(const struct spec *spec, enum namespace_kind kind)
{
    return kind == NS_CGROUP || (kind == NS_IPC && spec_namespace(spec, NS_USER));
}

/*
 * Who enters which namespace when:
 *   - pid and time act on children only, so the runtime enters them before the clone (and
 *     leaves them after it);
 *   - with a new user namespace the rest is joined by the runtime too, for inside of it the right
 *     to join the host's would be gone;
 *   - otherwise init joins by itself;
 *   - a user namespace is joined first of all, by a process between: the new namespaces have to be
 *     made from inside of it, and who has no rights outside gets them there. The process between
 *     does it all where the runtime has no rights on the host: it could not leave them again;
 *   - a new cgroup namespace has its root where the process is, so it waits for the attachment;
 *   - a new ipc namespace belongs, with its queues, to the user that makes it: inside of a new user
 *     namespace that has to be its root, not the runtime.
 */
static void plan_namespaces(struct plan *plan, const struct plan_options *options)
{
    const struct spec *spec = plan->spec;
    bool new_user = spec_has_new(spec, NS_USER);
    const struct spec_namespace *user = spec_namespace(spec, NS_USER);
    enum phase before = options->privileged ? PHASE_PREPARE : PHASE_BETWEEN;

    if (user && user->path)
        plan_join(plan, PHASE_BETWEEN, user);
    for (int kind = 0; kind < NS_COUNT; kind++) {
        const struct spec_namespace *ns = spec_namespace(spec, (enum namespace_kind)kind);

        if (!ns || (kind == NS_USER && ns->path))
            continue;
        if (!ns->path) {
            if (kind == NS_TIME && !(new_user && !options->admin))
                plan_add(plan, before, STEP_TIME_OFFSETS);
            else if (kind == NS_TIME) /* execve(2) enters it */
                plan_add(plan, PHASE_SETUP, STEP_TIME_OFFSETS);
            else if (!made_by_init(spec, (enum namespace_kind)kind))
                plan->clone_flags |= namespace_infos[kind].flag;
            continue;
        }
        if (kind == NS_PID || kind == NS_TIME || (new_user && kind != NS_MOUNT))
            plan_join(plan, before, ns);
        else
            plan_join(plan, PHASE_SETUP, ns);
    }
}

static bool needs_cgroup_early(const struct spec *spec)
{
    return spec_has_new(spec, NS_CGROUP) || spec->hooks.prestart.count ||
           spec->hooks.create_runtime.count;
}

static void plan_hooks(struct plan *plan, enum phase phase, const char *name, const hook_list *list)
{
    if (list->count)
        plan_add(plan, phase, STEP_HOOKS)->hooks = (struct step_hooks){name, list};
}

/* systemd makes a scope for processes that are there, so that its limits come after the clone. */
static void plan_cgroup(struct plan *plan, enum phase phase)
{
    if (plan->scope)
        plan_add(plan, phase, STEP_SCOPE)->text = plan->scope->name;
    plan_add(plan, phase, STEP_CGROUP_CREATE);
    plan_add(plan, phase, STEP_CGROUP_LIMIT);
}

/* What the runtime does while init sets itself up. */
static void plan_attendance(struct plan *plan)
{
    const struct spec *spec = plan->spec;

    if (spec_has_new(spec, NS_USER))
        plan_add(plan, PHASE_ATTEND, STEP_MAP_IDS);
    if (plan->process->oom_score_adj.set)
        plan_add(plan, PHASE_ATTEND, STEP_OOM_SCORE)->number = plan->process->oom_score_adj.value;
    if (spec_has_new(spec, NS_USER)) {
        plan_message(plan, PHASE_ATTEND, STEP_SEND, MESSAGE_MAPPED);
        plan_message(plan, PHASE_ENTER, STEP_AWAIT, MESSAGE_MAPPED);
    }
    if (plan->scope)
        plan_cgroup(plan, PHASE_ATTEND);
    if (plan->cgroup) {
        plan_add(plan, PHASE_ATTEND, STEP_CGROUP_ATTACH);
        plan_message(plan, PHASE_ATTEND, STEP_SEND, MESSAGE_ATTACHED);
    }
    if (spec->hooks.prestart.count || spec->hooks.create_runtime.count) {
        plan_message(plan, PHASE_ATTEND, STEP_AWAIT, MESSAGE_NAMESPACES);
        plan_hooks(plan, PHASE_ATTEND, "prestart", &spec->hooks.prestart);
        plan_hooks(plan, PHASE_ATTEND, "createRuntime", &spec->hooks.create_runtime);
        plan_message(plan, PHASE_ATTEND, STEP_SEND, MESSAGE_HOOKED);
    }
}

static int plan_root(struct plan *plan, const struct plan_options *options, struct error *err)
{
    const struct spec *spec = plan->spec;
    const struct mount_flags private_tree = {.propagation = MS_PRIVATE,
                                             .propagation_recursive = true};
    const char *path = spec->root.path;
    size_t source;
    int rc;

    if (path[0] != '/')
        path = arena_printf(plan->arena, "%s/%s", options->bundle, path);
    source = plan_source(plan, path, true, &private_tree);
    plan_add(plan, PHASE_SETUP, STEP_PRIVATE_TREE);
    plan_add(plan, PHASE_SETUP, STEP_ENTER_ROOT)->attach = (struct step_attach){source, path};
    rc = plan_mounts(plan, options, err);
    if (rc < 0)
        return rc;
    plan_devices(plan, options);
    if (plan->process->terminal)
        plan_add(plan, PHASE_SETUP, STEP_CONSOLE);
    for (size_t i = 0; i < spec->os.sysctl.count; i++)
        plan_add(plan, PHASE_SETUP, STEP_SYSCTL)->pair = spec->os.sysctl.at[i];
    plan_hooks(plan, PHASE_SETUP, "createContainer", &spec->hooks.create_container);
    for (size_t i = 0; i < spec->os.readonly_paths.count; i++)
        plan_add(plan, PHASE_SETUP, STEP_READONLY)->text = spec->os.readonly_paths.at[i];
    for (size_t i = 0; i < spec->os.masked_paths.count; i++)
        plan_add(plan, PHASE_SETUP, STEP_MASK)->text = spec->os.masked_paths.at[i];
    if (spec->root.readonly)
        plan_add(plan, PHASE_SETUP, STEP_ROOT_READONLY);
    plan_add(plan, PHASE_SETUP, options->no_pivot ? STEP_SWITCH_ROOT : STEP_PIVOT);
    if (spec->os.rootfs_propagation && spec->os.rootfs_propagation != MS_PRIVATE)
        plan_add(plan, PHASE_SETUP, STEP_ROOT_PROPAGATION)->number =
            (int64_t)spec->os.rootfs_propagation;
    return 0;
}

static void plan_init(struct arena *a, const struct spec *spec, const struct spec_process *process,
                      struct plan *out)
{
    memset(out, 0, sizeof(*out));
    out->arena = a;
    out->spec = spec;
    out->process = process;
}

static int choose_cgroup(struct plan *plan, const struct plan_options *options, struct error *err)
{
    const char *path = plan->spec->os.cgroups_path;

    if (options->cgroups == CGROUP_NONE)
        return 0;
    if (options->systemd) {
        struct scope *scope = ARENA_NEW(plan->arena, struct scope);
        int rc = plan_scope(plan->arena, plan->spec, options, scope, err);

        plan->scope = scope;
        plan->cgroup = scope->cgroup;
        return rc;
    }
    if (options->cgroup) {
        plan->cgroup = options->cgroup;
        return 0;
    }
    if (!path || !path[0])
        path = options->id;
    plan->cgroup = path[0] == '/' ? path : arena_printf(plan->arena, "/%s", path);
    return 0;
}

int plan_create(struct arena *a, const struct spec *spec, const struct plan_options *options,
                struct plan *out, struct error *err)
{
    bool early = needs_cgroup_early(spec);
    int rc;

    plan_init(a, spec, &spec->process, out);
    if (!options->admin && !spec_namespace(spec, NS_USER))
        return error_text(err, EPERM,
                          "config.json: linux.namespaces: a user without rights needs a user "
                          "namespace, as 'easyrun spec --rootless' writes it");
    out->source_phase = options->may_mount ? PHASE_PREPARE : PHASE_ENTER;
    rc = choose_cgroup(out, options, err);
    if (rc < 0)
        return rc;
    if (out->cgroup && options->vacate)
        plan_add(out, PHASE_PREPARE, STEP_CGROUP_VACATE)->text = options->vacate;
    if (out->cgroup && !out->scope)
        plan_cgroup(out, PHASE_PREPARE);
    plan_streams(out, &spec->os.uid_mappings);
    plan_namespaces(out, options);
    plan_attendance(out);
    if (spec_namespace(spec, NS_USER))
        plan_add(out, PHASE_SETUP, STEP_BECOME_ROOT);
    if (spec_has_new(spec, NS_IPC) && made_by_init(spec, NS_IPC))
        plan_add(out, PHASE_SETUP, STEP_UNSHARE)->kind = NS_IPC;
    plan_add(out, PHASE_SETUP, STEP_NEW_SESSION);
    if (out->cgroup && early)
        plan_message(out, PHASE_SETUP, STEP_AWAIT, MESSAGE_ATTACHED);
    if (spec_has_new(spec, NS_CGROUP))
        plan_add(out, PHASE_SETUP, STEP_UNSHARE)->kind = NS_CGROUP;
    if (spec->hostname && spec->hostname[0])
        plan_add(out, PHASE_SETUP, STEP_HOSTNAME)->text = spec->hostname;
    if (spec->domainname && spec->domainname[0])
        plan_add(out, PHASE_SETUP, STEP_DOMAINNAME)->text = spec->domainname;
    if (spec->hooks.prestart.count || spec->hooks.create_runtime.count) {
        plan_message(out, PHASE_SETUP, STEP_SEND, MESSAGE_NAMESPACES);
        plan_message(out, PHASE_SETUP, STEP_AWAIT, MESSAGE_HOOKED);
    }
    rc = plan_root(out, options, err);
    if (rc < 0)
        return rc;
    if (spec->os.personality != PERSONALITY_NONE)
        plan_add(out, PHASE_SETUP, STEP_PERSONALITY)->number = spec->os.personality;
    plan_process_setup(out, options);
    if (out->cgroup && !early)
        plan_message(out, PHASE_SETUP, STEP_AWAIT, MESSAGE_ATTACHED);
    plan_message(out, PHASE_SETUP, STEP_SEND, MESSAGE_READY);
    plan_message(out, PHASE_SETUP, STEP_AWAIT, MESSAGE_COMMITTED);
    plan_message(out, PHASE_ATTEND, STEP_AWAIT, MESSAGE_READY);
    plan_add(out, PHASE_FINISH, STEP_AWAIT_START);
    plan_hooks(out, PHASE_FINISH, "startContainer", &spec->hooks.start_container);
    plan_process_finish(out, options);
    return 0;
}

int plan_exec(struct arena *a, const struct spec_process *process,
              const struct plan_container *container, const struct plan_options *options,
              struct plan *out, struct error *err)
{
    /* Who has no rights outside joins the user namespace before the others. */
    bool user_first = container->namespaces >> NS_USER & 1 && !options->admin;

    (void)err;
    plan_init(a, NULL, process, out);
    out->cgroup = container->cgroup;
    plan_streams(out, container->uid_mappings);
    if (user_first)
        plan_add(out, PHASE_BETWEEN, STEP_JOIN)->join = (struct step_join){.kind = NS_USER};
    if (container->namespaces >> NS_PID & 1)
        plan_add(out, options->privileged ? PHASE_PREPARE : PHASE_BETWEEN, STEP_JOIN)->join =
            (struct step_join){.kind = NS_PID};
    if (process->oom_score_adj.set)
        plan_add(out, PHASE_ATTEND, STEP_OOM_SCORE)->number = process->oom_score_adj.value;
    if (out->cgroup) {
        plan_add(out, PHASE_ATTEND, STEP_CGROUP_ATTACH);
        plan_message(out, PHASE_ATTEND, STEP_SEND, MESSAGE_ATTACHED);
        plan_message(out, PHASE_SETUP, STEP_AWAIT, MESSAGE_ATTACHED);
    }
    for (int kind = 0; kind < NS_COUNT; kind++)
        if (kind != NS_PID && !(kind == NS_USER && user_first) && container->namespaces >> kind & 1)
            plan_add(out, PHASE_SETUP, STEP_JOIN)->join =
                (struct step_join){.kind = (enum namespace_kind)kind};
    if (container->namespaces >> NS_USER & 1)
        plan_add(out, PHASE_SETUP, STEP_BECOME_ROOT);
    plan_add(out, PHASE_SETUP, STEP_NEW_SESSION);
    if (process->cpu_affinity && process->cpu_affinity->initial)
        plan_add(out, PHASE_SETUP, STEP_AFFINITY)->text = process->cpu_affinity->initial;
    if (process->terminal)
        plan_add(out, PHASE_SETUP, STEP_CONSOLE);
    plan_process_setup(out, options);
    plan_message(out, PHASE_SETUP, STEP_SEND, MESSAGE_READY);
    plan_message(out, PHASE_SETUP, STEP_AWAIT, MESSAGE_COMMITTED);
    plan_message(out, PHASE_ATTEND, STEP_AWAIT, MESSAGE_READY);
    if (process->cpu_affinity && process->cpu_affinity->final)
        plan_add(out, PHASE_FINISH, STEP_AFFINITY)->text = process->cpu_affinity->final;
    plan_process_finish(out, options);
    return 0;
}
