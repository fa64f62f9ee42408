/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun doctor: what of this host will work for this user. */
#include "runtime-loader/cli/container.h"
#include "runtime-loader/doctor/doctor.h"

#include <stdio.h>

struct options {
    bool json;
};

static int run_doctor(struct cli *cli, const void *options, const string_list *operands,
                      struct error *err)
{
    const struct options *o = options;
    struct doctor d = {
        .arena = cli->arena,
        .privilege = cli->privilege,
        .state_root = cli->root,
        .agent = agent_program(),
        .precompiled = precompiled_places(cli),
    };
    struct strbuf out;

    (void)operands;
    (void)err;
    doctor_run(&d);
    strbuf_init(&out, cli->arena);
    if (o->json)
        doctor_print_json(&d, &out);
    else
        doctor_print(&d, &out);
    fputs(strbuf_text(&out), stdout);
    return doctor_is_well(&d) ? 0 : 1;
}

static const struct option doctor_options[] = {
    {"json", 0, OPTION_FLAG, offsetof(struct options, json), NULL, "as JSON"},
};

const struct command command_doctor = {
    .name = "doctor",
    .operands = "",
    .summary = "what of this host will work for this user",
    .options = OPTIONS(doctor_options),
    .size = sizeof(struct options),
    .run = run_doctor,
};
