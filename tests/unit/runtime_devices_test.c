/* SPDX-License-Identifier: Apache-2.0 */
/* Programs for devices against what the rules mean, read one by one: random lists of rules, and
 * every access to devices that the lists are about or just beside. */
#include "runtime-loader/exec/devices.h"
#include "tests/lib/rng.h"
#include "tests/lib/unit.h"

#include <string.h>

struct device_access {
    uint32_t type, access, major, minor;
};

/* A part is as the last rule about it says. */
static bool model(const device_rules *rules, const struct device_access *access)
{
    for (unsigned bit = 1; bit < 8; bit <<= 1) {
        bool allowed = false;

        for (size_t i = 0; i < rules->count; i++) {
            const struct spec_device_rule *r = &rules->at[i];
            const char letter = bit == BPF_DEVCG_ACC_MKNOD  ? 'm'
                                : bit == BPF_DEVCG_ACC_READ ? 'r'
                                                            : 'w';

            if (r->type == 'c' && access->type != BPF_DEVCG_DEV_CHAR)
                continue;
            if (r->type == 'b' && access->type != BPF_DEVCG_DEV_BLOCK)
                continue;
            if (r->major.set && r->major.value != -1 && r->major.value != access->major)
                continue;
            if (r->minor.set && r->minor.value != -1 && r->minor.value != access->minor)
                continue;
            if (!r->access || !r->access[0] || strchr(r->access, letter))
                allowed = r->allow;
        }
        if (access->access & bit && !allowed)
            return false;
    }
    return true;
}

/* Those instructions that are made; any other fails. */
static uint64_t run(const device_code *code, const struct device_access *access)
{
    const struct bpf_cgroup_dev_ctx ctx = {access->access << 16 | access->type, access->major,
                                           access->minor};
    uint64_t r[11] = {0};
    size_t at = 0;

    for (;;) {
        const struct bpf_insn *insn;
        bool jump = false;

        ck_assert_uint_lt(at, code->count);
        insn = &code->at[at++];
        switch (insn->code) {
        case BPF_LDX | BPF_MEM | BPF_W:
            ck_assert_int_eq(insn->src_reg, BPF_REG_1);
            memcpy(&r[insn->dst_reg], (const char *)&ctx + insn->off, 4);
            break;
        case BPF_ALU | BPF_MOV | BPF_X:
            r[insn->dst_reg] = (uint32_t)r[insn->src_reg];
            break;
        case BPF_ALU64 | BPF_MOV | BPF_K:
            r[insn->dst_reg] = (uint64_t)insn->imm;
            break;
        case BPF_ALU | BPF_RSH | BPF_K:
            r[insn->dst_reg] = (uint32_t)r[insn->dst_reg] >> insn->imm;
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            r[insn->dst_reg] = (uint32_t)r[insn->dst_reg] & (uint32_t)insn->imm;
            break;
        case BPF_JMP32 | BPF_JNE | BPF_K:
            jump = (uint32_t)r[insn->dst_reg] != (uint32_t)insn->imm;
            break;
        case BPF_JMP32 | BPF_JSET | BPF_K:
            jump = ((uint32_t)r[insn->dst_reg] & (uint32_t)insn->imm) != 0;
            break;
        case BPF_JMP | BPF_JA:
            jump = true;
            break;
        case BPF_JMP | BPF_EXIT:
            return r[0];
        default:
            ck_abort_msg("instruction %#x", insn->code);
        }
        if (jump)
            at += (size_t)insn->off;
    }
}

static struct opt_int random_number(struct rng *rng)
{
    static const int64_t values[] = {-1, 0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff};
    struct opt_int number = {.set = rng_chance(rng, 85)};

    if (number.set)
        number.value = values[rng_below(rng, ARRAY_SIZE(values))];
    return number;
}

static void random_rules(struct arena *a, struct rng *rng, device_rules *out)
{
    static const char *const accesses[] = {NULL, "", "r", "w", "m", "rw", "rm", "wm", "rwm"};
    static const int types[] = {0, 'a', 'b', 'c'};

    for (uint32_t n = rng_below(rng, 7); n > 0; n--)
        VEC_PUSH(a, out,
                 ((struct spec_device_rule){
                     .allow = rng_chance(rng, 50),
                     .type = types[rng_below(rng, ARRAY_SIZE(types))],
                     .major = random_number(rng),
                     .minor = random_number(rng),
                     .access = accesses[rng_below(rng, ARRAY_SIZE(accesses))],
                 }));
}

static void compare(const device_rules *rules, const device_code *code)
{
    static const uint32_t numbers[] = {0, 1, 2, 3, 0x7fffffff, 0x80000000, 0xffffffff};
    struct device_access x;

    for (x.type = BPF_DEVCG_DEV_BLOCK; x.type <= BPF_DEVCG_DEV_CHAR; x.type++)
        for (x.access = 1; x.access < 8; x.access++)
            for (size_t i = 0; i < ARRAY_SIZE(numbers) * ARRAY_SIZE(numbers); i++) {
                x.major = numbers[i / ARRAY_SIZE(numbers)];
                x.minor = numbers[i % ARRAY_SIZE(numbers)];
                ck_assert_msg((run(code, &x) == 1) == model(rules, &x),
                              "type %u access %u device %u:%u: not %d", x.type, x.access, x.major,
                              x.minor, model(rules, &x));
            }
}

START_TEST(programs_mean_what_the_rules_say)
{
    struct rng rng = {rng_seed()};

    for (int i = 0; i < 2000; i++) {
        struct arena a;
        device_rules rules = {0};
        device_code code = {0};

        arena_init(&a);
        random_rules(&a, &rng, &rules);
        device_program(&a, &rules, &code);
        compare(&rules, &code);
        arena_release(&a);
    }
}
END_TEST

/* What no rule is about is denied; the devices of every container are there in spite of that. */
START_TEST(defaults)
{
    struct spec_device_rule only = {.allow = true, .type = 'c', .major = {true, 10}};
    struct spec_resources r = {.devices = {&only, 1}};
    const struct {
        struct device_access access;
        bool allowed;
    } cases[] = {
        {{BPF_DEVCG_DEV_CHAR, 6, 1, 3}, true},  {{BPF_DEVCG_DEV_CHAR, 6, 1, 1}, false},
        {{BPF_DEVCG_DEV_CHAR, 1, 1, 1}, true},  {{BPF_DEVCG_DEV_BLOCK, 2, 8, 0}, false},
        {{BPF_DEVCG_DEV_CHAR, 7, 10, 7}, true}, {{BPF_DEVCG_DEV_CHAR, 6, 136, 9}, true},
    };
    struct arena a;
    device_rules rules = {0};
    device_code code = {0};

    arena_init(&a);
    device_rules_list(&a, &r, &rules);
    device_program(&a, &rules, &code);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        ck_assert_int_eq(run(&code, &cases[i].access) == 1, cases[i].allowed);
        ck_assert_int_eq(model(&rules, &cases[i].access), cases[i].allowed);
    }
    arena_release(&a);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("devices");
    TCase *tcase = tcase_create("devices");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, programs_mean_what_the_rules_say);
    tcase_add_test(tcase, defaults);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
