/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp disasm: raw BPF as text, or what the kernel would say of it. */
#include "compiler/cli/cli.h"
#include "compiler/cli/source_map.h"

#include "base/io.h"
#include "compiler/cbpf/check.h"
#include "compiler/cbpf/disassemble.h"

#include <string.h>

static int check(const struct program *p, const char *name)
{
    struct error err;
    uint32_t at = 0;

    if (check_program(p, &at, &err) < 0) {
        printf("%s: refused: %s\n", name, err.text);
        return EXIT_FINDINGS;
    }
    printf("%s: accepted, %u instructions\n", name, p->count);
    if (!checks_architecture(p)) {
        printf("%s: it allows calls without looking at the architecture\n", name);
        return EXIT_FINDINGS;
    }
    return EXIT_DONE;
}

/* The byte order that makes it a program; this machine's, if neither does. */
static bool is_big_endian(struct cli *cli, const char *bytes, size_t len)
{
    int guess = program_guess_endian(&cli->arena, (const unsigned char *)bytes, len);

    if (guess >= 0)
        return guess == 1;
    return cli->args.archs.count ? cli->args.archs.at[0]->big_endian : HOST_BIG_ENDIAN;
}

static const char *rule_comment(void *ctx, uint32_t at)
{
    const struct source_map *map = ctx;
    const char *rule = map->rule_of[at];

    return at && rule == map->rule_of[at - 1] ? NULL : rule;
}

/* With the rules of the source map, if there is one. */
static int add_rules(struct cli *cli, struct compile *c, const char *path, const struct program *p,
                     struct disassembly *how)
{
    struct source_map *map = ARENA_NEW(&cli->arena, struct source_map);
    int status = load_source_map(cli, c, path, p, how->big_endian, map);

    if (map->rule_of) {
        how->comment = rule_comment;
        how->ctx = map;
    }
    return status;
}

static int disasm_bytes(struct cli *cli, const char *path, const char *bytes, size_t len)
{
    struct disassembly how = {.big_endian = is_big_endian(cli, bytes, len)};
    const char *name = source_name(path);
    struct program p;
    struct strbuf out;
    struct compile c;
    int status;

    if (len == 0 || len % sizeof(struct sock_filter))
        return usage_error("'%s' is no BPF program: %zu bytes are no number of instructions of 8",
                           name, len);
    program_from_bytes(&cli->arena, (const unsigned char *)bytes, len, how.big_endian, &p);
    if (cli->args.check)
        return check(&p, name);
    if (cli->args.archs.count)
        how.arch = cli->args.archs.at[0];
    init_compile(cli, &c);
    status = add_rules(cli, &c, path, &p, &how);
    if (status == EXIT_DONE) {
        strbuf_init(&out, &cli->arena);
        disassemble(&p, &how, &out);
        status = write_result(cli, strbuf_text(&out), out.len, true);
    }
    compile_release(&c); /* the rules' words are its */
    return status;
}

int cmd_disasm(struct cli *cli)
{
    const char *path = cli->args.operands.count ? cli->args.operands.at[0] : "-";
    CLEANUP_FREE char *bytes = NULL;
    char *copy;
    size_t len = 0;

    if (cli->args.operands.count > 1)
        return usage_error("disasm takes one file");
    if (read_source(path, &bytes, &len) < 0)
        return EXIT_USAGE;
    copy = arena_copy(&cli->arena, bytes, len);
    return disasm_bytes(cli, path, copy, len);
}
