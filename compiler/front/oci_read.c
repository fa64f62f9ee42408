/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/front/oci_read.h"

#include "base/str.h"
#include "compiler/front/docker_read.h"
#include "compiler/tables/names.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

static PRINTF(4, 0) struct diag *record(struct oci_reader *r, enum diag_id id,
                                        const struct json *value, const char *fmt, va_list ap)
{
    return diag_add(r->diags, id, json_span(r->spec->source, value), "%s",
                    arena_vprintf(r->arena, fmt, ap));
}

struct diag *oci_wrong(struct oci_reader *r, const struct json *value, const char *fmt, ...)
{
    struct diag *diag;
    va_list ap;

    va_start(ap, fmt);
    diag = record(r, DIAG_JSON_VALUE, value, fmt, ap);
    va_end(ap);
    return diag;
}

struct diag *oci_refused(struct oci_reader *r, const struct json *value, const char *fmt, ...)
{
    struct diag *diag;
    va_list ap;

    va_start(ap, fmt);
    diag = record(r, DIAG_JSON_REFUSED, value, fmt, ap);
    va_end(ap);
    return diag;
}

bool oci_expect(struct oci_reader *r, const struct json *value, enum json_kind kind,
                const char *what)
{
    if (value->kind == kind)
        return true;
    oci_wrong(r, value, "%s is %s, not %s", what, json_kind_name(kind),
              json_kind_name(value->kind));
    return false;
}

const struct json *oci_member(struct oci_reader *r, const struct json *object, const char *key,
                              enum json_kind kind)
{
    const struct json *value = json_member(object, key);

    if (!value || value->kind == JSON_NULL)
        return NULL;
    if (value->kind == kind)
        return value;
    oci_wrong(r, value, "'%s' is %s, not %s", key, json_kind_name(kind),
              json_kind_name(value->kind));
    return NULL;
}

/* The same for one that must be there. */
static const struct json *required(struct oci_reader *r, const struct json *object, const char *key,
                                   enum json_kind kind)
{
    const struct json *value = json_member(object, key);

    if (value && value->kind != JSON_NULL)
        return oci_member(r, object, key, kind);
    oci_wrong(r, object, "'%s' is missing", key);
    return NULL;
}

static bool whole_number(struct oci_reader *r, const struct json *value, const char *key,
                         uint64_t *number)
{
    if (!oci_expect(r, value, JSON_NUMBER, arena_printf(r->arena, "'%s'", key)))
        return false;
    if (json_u64(value, number))
        return true;
    oci_wrong(r, value, "'%s' is a whole number of at most 64 bits without a sign, not '%.*s'", key,
              json_shown(value), value->text);
    return false;
}

/* --- words -------------------------------------------------------------------------------------*/

static void suggest(struct oci_reader *r, struct diag *diag, const struct nearest *n)
{
    if (n->best)
        diag_note(r->diags, diag, (struct span){0}, "did you mean '%s'?", n->best);
}

static const struct action_info *read_action_name(struct oci_reader *r, const struct json *name)
{
    struct nearest n;

    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (json_is(name, action_table[i].oci))
            return &action_table[i];
    nearest_init(&n, name->text, name->len);
    for (size_t i = 0; i < ACTION_COUNT; i++)
        nearest_feed(&n, action_table[i].oci);
    suggest(r, oci_wrong(r, name, "'%.*s' is no action", json_shown(name), name->text), &n);
    return NULL;
}

/* Action and errno to a return value, as the runtimes make it: EPERM where none is given, and of a
 * number 16 bits. */
static bool read_ret(struct oci_reader *r, const struct json *object, const char *action_key,
                     const char *errno_ret_key, const char *errno_key, uint32_t *ret)
{
    const struct json *name = required(r, object, action_key, JSON_STRING);
    const struct json *number = json_member(object, errno_ret_key);
    const struct action_info *action = name ? read_action_name(r, name) : NULL;
    uint64_t data = EPERM;
    bool takes;

    if (!action)
        return false;
    takes = action->ret == SECCOMP_RET_ERRNO || action->ret == SECCOMP_RET_TRACE;
    if (number && number->kind == JSON_NULL)
        number = NULL;
    if (number && !whole_number(r, number, errno_ret_key, &data))
        return false;
    if (r->docker && docker_errno(r, object, errno_key, &data))
        number = json_member(object, errno_key);
    if (number && !takes && r->options->as != OCI_AS_RUNC)
        oci_refused(r, number, "'%s' for '%s'", errno_ret_key, action->oci);
    if (number && takes && data > UINT16_MAX)
        oci_wrong(r, number, "'%s' is a number of at most 16 bits", errno_ret_key);
    *ret = action->ret | (takes ? (uint32_t)data & SECCOMP_RET_DATA : 0);
    return true;
}

void oci_add_arch(struct oci_reader *r, const struct json *name)
{
    const struct arch *a;

    if (!oci_expect(r, name, JSON_STRING, "an architecture"))
        return;
    a = arch_by_name(name->text, name->len);
    if (!a || (!json_is(name, a->oci) && r->options->as != OCI_AS_CRUN)) {
        oci_wrong(r, name, "'%.*s' is no architecture", json_shown(name), name->text);
        return;
    }
    if (a->big_endian != r->native->big_endian) {
        oci_refused(r, name,
                    "'%s' in a profile for '%s': libseccomp makes no filter for two byte "
                    "orders",
                    a->name, r->native->name);
        return;
    }
    for (size_t i = 0; i < r->spec->archs.count; i++)
        if (r->spec->archs.at[i] == a)
            return;
    VEC_PUSH(r->arena, &r->spec->archs, a);
}

static void read_flags(struct oci_reader *r, const struct json *flags)
{
    for (const struct json *f = flags ? flags->first : NULL; f; f = f->next) {
        const struct filter_flag *flag;

        if (!oci_expect(r, f, JSON_STRING, "a flag"))
            continue;
        flag = filter_flag_by_name(f->text, f->len);
        if (!flag || !json_is(f, flag->oci))
            oci_wrong(r, f, "'%.*s' is no flag", json_shown(f), f->text);
        else
            r->spec->filter_flags |= flag->bit;
    }
}

/* --- entries -----------------------------------------------------------------------------------*/

static bool read_op(struct oci_reader *r, const struct json *name, enum oci_op *op)
{
    struct nearest n;

    for (int i = 0; i < OCI_OP_COUNT; i++)
        if (json_is(name, oci_op_names[i])) {
            *op = (enum oci_op)i;
            return true;
        }
    nearest_init(&n, name->text, name->len);
    for (int i = 0; i < OCI_OP_COUNT; i++)
        nearest_feed(&n, oci_op_names[i]);
    suggest(r, oci_wrong(r, name, "'%.*s' is no comparison", json_shown(name), name->text), &n);
    return false;
}

static bool read_arg(struct oci_reader *r, const struct json *arg, struct oci_arg *out)
{
    const struct json *index, *op, *value, *two;
    uint64_t number;

    if (!oci_expect(r, arg, JSON_OBJECT, "a condition"))
        return false;
    index = required(r, arg, "index", JSON_NUMBER);
    op = required(r, arg, "op", JSON_STRING);
    value = required(r, arg, "value", JSON_NUMBER);
    two = oci_member(r, arg, "valueTwo", JSON_NUMBER);
    if (!index || !op || !value || !whole_number(r, index, "index", &number))
        return false;
    if (number > 5) {
        oci_wrong(r, index, "'index' is at most 5, not %.*s", json_shown(index), index->text);
        return false;
    }
    out->index = (uint8_t)number;
    return read_op(r, op, &out->op) && whole_number(r, value, "value", &out->value) &&
           (!two || whole_number(r, two, "valueTwo", &out->value_two));
}

static bool read_args(struct oci_reader *r, const struct json *args, struct oci_call *call)
{
    struct oci_arg *out = ARENA_ARRAY(r->arena, struct oci_arg, args->count);
    bool ok = true;

    call->args = out;
    call->args_span = json_span(r->spec->source, args);
    for (const struct json *arg = args->first; arg; arg = arg->next)
        ok &= read_arg(r, arg, &out[call->arg_count++]);
    return ok;
}

static bool read_names(struct oci_reader *r, const struct json *entry, struct oci_call *call)
{
    const struct json *one = r->docker ? oci_member(r, entry, "name", JSON_STRING) : NULL;
    bool ok = true;

    if (one && one->len) {
        const struct json *names = oci_member(r, entry, "names", JSON_ARRAY);

        if (names && names->count)
            oci_refused(r, one, "'name' and 'names' in one entry");
        call->names = one;
        return true;
    }
    call->names = required(r, entry, "names", JSON_ARRAY);
    for (const struct json *n = call->names ? call->names->first : NULL; n; n = n->next)
        ok &= oci_expect(r, n, JSON_STRING, "a name");
    return call->names && ok;
}

static void read_entry(struct oci_reader *r, const struct json *entry)
{
    struct oci_call call = {.entry = entry, .span = json_span(r->spec->source, entry)};
    const struct json *args;
    bool ok;

    if (!oci_expect(r, entry, JSON_OBJECT, "an entry of 'syscalls'"))
        return;
    if (r->docker && !docker_selects(r, entry))
        return;
    ok = read_names(r, entry, &call);
    ok &= read_ret(r, entry, "action", "errnoRet", "errno", &call.ret);
    args = oci_member(r, entry, "args", JSON_ARRAY);
    if (args)
        ok &= read_args(r, args, &call);
    if (ok)
        VEC_PUSH(r->arena, &r->spec->calls, call);
}

/* --- profiles ----------------------------------------------------------------------------------*/

static const char *read_text(struct oci_reader *r, const struct json *object, const char *key)
{
    const struct json *text = oci_member(r, object, key, JSON_STRING);

    return text && text->len ? arena_strndup(r->arena, text->text, text->len) : NULL;
}

static void read_profile(struct oci_reader *r, const struct json *root)
{
    const struct json *list = json_member(root, "defaultAction");

    if (list)
        r->spec->default_span = json_span(r->spec->source, list);
    read_ret(r, root, "defaultAction", "defaultErrnoRet", "defaultErrno", &r->spec->default_ret);
    if (r->docker) {
        docker_archs(r, root);
    } else {
        list = oci_member(r, root, "architectures", JSON_ARRAY);
        for (const struct json *a = list ? list->first : NULL; a; a = a->next)
            oci_add_arch(r, a);
    }
    read_flags(r, oci_member(r, root, "flags", JSON_ARRAY));
    r->spec->listener_path = read_text(r, root, "listenerPath");
    r->spec->listener_metadata = read_text(r, root, "listenerMetadata");
    list = oci_member(r, root, "syscalls", JSON_ARRAY);
    for (const struct json *e = list ? list->first : NULL; e; e = e->next)
        read_entry(r, e);
}

enum oci_kind oci_kind_of(const struct json *root)
{
    if (json_member(root, "ociVersion") || json_member(root, "linux"))
        return OCI_CONFIG;
    return docker_is_profile(root) ? OCI_DOCKER : OCI_PROFILE;
}

/* The profile in a config.json. */
static const struct json *find_profile(struct oci_reader *r, const struct json *root)
{
    const struct json *os = oci_member(r, root, "linux", JSON_OBJECT);
    const struct json *seccomp = os ? oci_member(r, os, "seccomp", JSON_OBJECT) : NULL;

    if (!seccomp && !r->diags->errors)
        oci_wrong(r, os ? os : root, "'linux.seccomp' is missing");
    return seccomp;
}

struct oci_spec *oci_read(struct arena *a, const struct source *s, const struct oci_read_options *o,
                          struct diags *diags)
{
    unsigned errors = diags->errors;
    const struct json *root = json_parse(a, s, diags);
    struct oci_spec *spec = ARENA_NEW(a, struct oci_spec);
    struct oci_reader r = {a, diags, o, o->native ? o->native : arch_native(), false, spec};

    spec->source = s;
    spec->as = o->as;
    spec->native = r.native;
    if (!root || !oci_expect(&r, root, JSON_OBJECT, "a profile"))
        return NULL;
    switch (oci_kind_of(root)) {
    case OCI_PROFILE:
        break;
    case OCI_DOCKER:
        r.docker = true;
        break;
    case OCI_CONFIG:
        root = find_profile(&r, root);
        break;
    }
    spec->root = root;
    if (root)
        read_profile(&r, root);
    return diags->errors == errors ? spec : NULL;
}

enum source_kind source_kind_of(const char *bytes, size_t len)
{
    size_t at = 0;

    /* every instruction has a zero byte somewhere (the high byte of its code), text has none */
    if (len >= 8 && memchr(bytes, '\0', len < 8 ? len : 8))
        return SOURCE_BPF;
    while (at < len && strchr(" \t\r\n", bytes[at]) && bytes[at])
        at++;
    return at < len && bytes[at] == '{' ? SOURCE_JSON : SOURCE_POLICY;
}
