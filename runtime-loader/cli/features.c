/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun features: what this runtime knows, as features.md of the specification has it. */
#include "runtime-loader/cli/cli.h"

#include "compiler/include/easyseccomp.h"
#include "runtime-loader/exec/filter.h"
#include "runtime-loader/spec/spec.h"

#include <stdio.h>

static const char *const hook_names[] = {"prestart",       "createRuntime", "createContainer",
                                         "startContainer", "poststart",     "poststop"};

static const char *const mount_option_names[] = {
#define ATTRIBUTE(name, set, clear) name, "r" name,
#define PROPAGATION(name, flag)     name, "r" name,
#define SWITCH(name, member)        name,
#define NOTHING(name)               name,
#include "runtime-loader/plan/mount_options.def"
#undef ATTRIBUTE
#undef PROPAGATION
#undef SWITCH
#undef NOTHING
    "rbind",
};

/* Of config.json, as features.md has them: they change what the process may do, or who decides it.
 * One that ends with a dot stands for all that begin so. */
static const char *const unsafe_annotations[] = {
    "run.easyrun.",
    "run.easyrun.seccomp.complain",
    "run.easyrun.seccomp.handlers",
    "run.oci.",
    "run.oci.keep_original_groups",
    "run.oci.seccomp_bpf_data",
    "run.oci.seccomp.plugins",
    "run.oci.seccomp.receiver",
};

static void put_strings(struct strbuf *out, const char *const *names, size_t count)
{
    strbuf_putc(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            strbuf_putc(out, ',');
        strbuf_json_string(out, names[i]);
    }
    strbuf_putc(out, ']');
}

static void put_namespaces(struct strbuf *out)
{
    strbuf_putc(out, '[');
    for (int kind = 0; kind < NS_COUNT; kind++) {
        if (kind)
            strbuf_putc(out, ',');
        strbuf_json_string(out, namespace_infos[kind].name);
    }
    strbuf_putc(out, ']');
}

static void put_capabilities(struct strbuf *out)
{
    strbuf_putc(out, '[');
    for (const struct name_value *n = capability_names; n->name; n++) {
        if (n != capability_names)
            strbuf_putc(out, ',');
        strbuf_json_string(out, n->name);
    }
    strbuf_putc(out, ']');
}

static void put_words(struct strbuf *out, const char *name, enum es_words kind)
{
    strbuf_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; es_word(kind, i); i++) {
        if (i)
            strbuf_putc(out, ',');
        strbuf_json_string(out, es_word(kind, i));
    }
    strbuf_putc(out, ']');
}

static void put_seccomp(struct strbuf *out)
{
    const char *comma = "";

    strbuf_puts(out, "\"seccomp\":{\"enabled\":true");
    put_words(out, "actions", ES_ACTIONS);
    put_words(out, "operators", ES_OPERATORS);
    put_words(out, "archs", ES_ARCHS);
    put_words(out, "knownFlags", ES_FLAGS);
    strbuf_puts(out, ",\"supportedFlags\":[");
    for (size_t i = 0; es_word(ES_FLAGS, i); i++) {
        if (!filter_flag_known(es_flag_bit(i)))
            continue;
        strbuf_puts(out, comma);
        strbuf_json_string(out, es_word(ES_FLAGS, i));
        comma = ",";
    }
    strbuf_puts(out, "]},");
}

static int run_features(struct cli *cli, const void *options, const string_list *operands,
                        struct error *err)
{
    struct strbuf out;

    (void)options;
    (void)operands;
    (void)err;
    strbuf_init(&out, cli->arena);
    strbuf_printf(&out,
                  "{\"ociVersionMin\":\"1.0.0\",\"ociVersionMax\":\"%s\",\"hooks\":", SPEC_VERSION);
    put_strings(&out, hook_names, ARRAY_SIZE(hook_names));
    strbuf_puts(&out, ",\"mountOptions\":");
    put_strings(&out, mount_option_names, ARRAY_SIZE(mount_option_names));
    strbuf_puts(&out, ",\"linux\":{\"namespaces\":");
    put_namespaces(&out);
    strbuf_puts(&out, ",\"capabilities\":");
    put_capabilities(&out);
    strbuf_puts(&out, ",\"cgroup\":{\"v1\":true,\"v2\":true,\"systemd\":true,"
                      "\"systemdUser\":true,\"rdma\":true},");
    put_seccomp(&out);
    strbuf_puts(&out, "\"apparmor\":{\"enabled\":true},\"selinux\":{\"enabled\":true},"
                      "\"intelRdt\":{\"enabled\":false},"
                      "\"mountExtensions\":{\"idmap\":{\"enabled\":true}}},"
                      "\"potentiallyUnsafeConfigAnnotations\":");
    put_strings(&out, unsafe_annotations, ARRAY_SIZE(unsafe_annotations));
    strbuf_puts(&out, "}\n");
    fputs(out.text, stdout);
    return 0;
}

const struct command command_features = {
    .name = "features",
    .operands = "",
    .summary = "what this runtime can do, as JSON",
    .run = run_features,
};
