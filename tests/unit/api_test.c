/* SPDX-License-Identifier: Apache-2.0 */
/* The library through its public header and its exported symbols alone. */
#include "compiler/include/easyseccomp.h"
#include "tests/lib/unit.h"

#include <errno.h>
#include <linux/audit.h>
#include <pthread.h>
#include <stdio.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const char policy_text[] = "@socket(family == AF_VSOCK) => ERRNO(EPERM) \"no vsock\";\n"
                                  "#ifdef STRICT\n"
                                  "default KILL_PROCESS();\n"
                                  "#else\n"
                                  "default ALLOW();\n"
                                  "#endif\n";
static const char *const x86_64[] = {"x86_64"};

static struct es_policy *parse(const char *text, struct es_options options, int expected)
{
    struct es_policy *p = NULL;

    if (!options.arch_count) {
        options.archs = x86_64;
        options.arch_count = 1;
    }
    ck_assert_int_eq(es_parse_text(text, strlen(text), "p", &options, &p), expected);
    ck_assert_ptr_nonnull(p);
    return p;
}

START_TEST(compiles_and_answers)
{
    struct es_policy *p = parse(policy_text, (struct es_options)ES_OPTIONS_INIT, 0);
    struct seccomp_data call = {.nr = 41, .arch = AUDIT_ARCH_X86_64, .args = {0x100000028, 1}};
    struct es_verdict v;
    struct es_blob bpf = {0}, json = {0};
    char why[100];
    uint32_t at;

    ck_assert_int_eq(es_eval(p, &call, &v), 0);
    ck_assert_uint_eq(v.ret, SECCOMP_RET_ERRNO | EPERM);
    ck_assert_str_eq(v.file, "p");
    ck_assert_uint_eq(v.line, 1);
    ck_assert_str_eq(v.reason, "no vsock");

    ck_assert_int_eq(es_compile_bpf(p, &bpf), 0);
    ck_assert_int_eq(es_check_blob(bpf.bytes, bpf.len, &at, why, sizeof(why)), 0);
    ck_assert_int_ne(es_blob_checks_arch(bpf.bytes, bpf.len), 0);
    ck_assert_uint_eq(es_run_blob(bpf.bytes, bpf.len, &call), v.ret);
    call.args[0] = 2;
    ck_assert_uint_eq(es_run_blob(bpf.bytes, bpf.len, &call), SECCOMP_RET_ALLOW);

    ck_assert_int_eq(es_compile_json(p, &json), 0);
    ck_assert_ptr_nonnull(strstr((char *)json.bytes, "SCMP_ACT_ERRNO"));
    ck_assert_uint_eq(json.len, strlen((char *)json.bytes));
    ck_assert_str_eq(es_diagnostics_text(p), "");
    es_blob_free(&bpf);
    es_blob_free(&json);
    es_policy_free(p);
}
END_TEST

START_TEST(takes_options)
{
    static const struct es_define strict = {"STRICT", 1};
    static const char *const arm[] = {"SCMP_ARCH_AARCH64"};
    struct es_policy *p = parse(
        policy_text,
        (struct es_options){.defines = &strict, .define_count = 1, .archs = arm, .arch_count = 1},
        0);
    struct seccomp_data call = {.nr = 63, .arch = AUDIT_ARCH_AARCH64};
    struct es_verdict v;

    ck_assert_int_eq(es_eval(p, &call, &v), 0);
    ck_assert_uint_eq(v.ret, SECCOMP_RET_KILL_PROCESS);
    call.arch = AUDIT_ARCH_X86_64;
    ck_assert_int_eq(es_eval(p, &call, &v), 0);
    ck_assert_uint_eq(v.ret, SECCOMP_RET_KILL_PROCESS);
    ck_assert_ptr_null(v.file);
    es_policy_free(p);
}
END_TEST

/* A map of two lines: the policy that stands in it is the one that is asked. */
START_TEST(reads_a_source_map)
{
    static const char map[] =
        "{\"version\": 1, \"sha256\": "
        "\"af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc\","
        "\"architectures\": [\"x86_64\"], \"defines\": [], \"include_dirs\": [],"
        "\"sources\": [{\"name\": \"a.seccomp\", \"text\": "
        "\"@close => ERRNO(EPERM) \\\"why\\\";\\n=> ALLOW();\\n\"}],"
        "\"rules\": [], \"instructions\": [null]}";
    static const char program[] = "\0\0\0\0\0\0\0\0", other[] = "\1\0\0\0\0\0\0\0";
    struct seccomp_data call = {.nr = 3, .arch = AUDIT_ARCH_X86_64};
    struct es_policy *p = NULL;
    struct es_verdict v;

    ck_assert_int_eq(es_parse_map(map, strlen(map), "m", program, 8, &p), 0);
    ck_assert_int_eq(es_eval(p, &call, &v), 0);
    ck_assert_uint_eq(v.ret, SECCOMP_RET_ERRNO | 1);
    ck_assert_str_eq(v.file, "a.seccomp");
    ck_assert_uint_eq(v.line, 1);
    ck_assert_str_eq(v.reason, "why");
    es_policy_free(p);
    ck_assert_int_eq(es_parse_map(map, strlen(map), "m", other, 8, &p), -EINVAL);
    ck_assert(strstr(es_diagnostics_text(p), "another program") != NULL);
    es_policy_free(p);
    ck_assert_int_eq(es_parse_map("{", 1, "m", program, 8, &p), -EINVAL);
    es_policy_free(p);
}
END_TEST

/* A docker profile: what it allows goes by capabilities and by the kernel. */
START_TEST(reads_json)
{
    static const char profile[] =
        "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": ["
        "{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", "
        "\"includes\": {\"caps\": [\"CAP_NET_RAW\"], \"minKernel\": \"5.3\"}},"
        "{\"names\": [\"close\"], \"action\": \"SCMP_ACT_ALLOW\", \"args\": ["
        "{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}, "
        "{\"index\": 0, \"value\": 2, \"op\": \"SCMP_CMP_EQ\"}]}]}";
    static const struct {
        struct es_options options;
        bool read, close_one; /* allowed? */
    } cases[] = {
        {{.engine = NULL}, false, true},
        {{.engine = "docker"}, true, true},
        {{.engine = "podman"}, false, true},
        {{.engine = "docker", .kernel_major = 5, .kernel_minor = 2}, false, true},
        {{.engine = "docker", .kernel_major = 5, .kernel_minor = 3}, true, true},
        {{.json_as = ES_SPEC}, false, false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct es_policy *p = parse(profile, cases[i].options, 0);
        struct seccomp_data call = {.nr = 0, .arch = AUDIT_ARCH_X86_64};
        struct es_verdict v;

        ck_assert_int_eq(es_eval(p, &call, &v), 0);
        ck_assert_int_eq(v.ret == SECCOMP_RET_ALLOW, cases[i].read);
        call = (struct seccomp_data){.nr = 3, .arch = AUDIT_ARCH_X86_64, .args = {1}};
        ck_assert_int_eq(es_eval(p, &call, &v), 0);
        ck_assert_int_eq(v.ret == SECCOMP_RET_ALLOW, cases[i].close_one);
        es_policy_free(p);
    }
}
END_TEST

START_TEST(tells_what_is_wrong)
{
    struct es_policy *p =
        parse("@raed => ALLOW();\n=> KILL();", (struct es_options)ES_OPTIONS_INIT, -EINVAL);
    struct es_blob blob = {0};
    struct es_diagnostic d;

    ck_assert_uint_eq(es_diagnostic_count(p), 1);
    d = es_diagnostic_at(p, 0);
    ck_assert_int_eq(d.severity, ES_ERROR);
    ck_assert_str_eq(d.id, "unknown-syscall");
    ck_assert_str_eq(d.file, "p");
    ck_assert_uint_eq(d.line, 1);
    ck_assert_uint_eq(d.column, 1);
    ck_assert_uint_eq(d.end_column, 6);
    ck_assert_ptr_nonnull(strstr(es_diagnostics_text(p), "did you mean '@read'?"));
    ck_assert_int_eq(es_compile_bpf(p, &blob), -EINVAL);
    ck_assert_int_eq(es_compile_json(p, &blob), -EINVAL);
    ck_assert_ptr_null(blob.bytes);
    es_policy_free(p);
}
END_TEST

START_TEST(refuses)
{
    static const char *const no_arch[] = {"pdp11"};
    struct es_options options = {.archs = no_arch, .arch_count = 1};
    struct es_policy *p = parse("=> KILL();", options, -EINVAL);
    struct es_blob blob = {0};
    char why[100] = "";
    uint32_t at = 7;

    ck_assert_str_eq(es_diagnostic_at(p, 0).id, "unknown-arch");
    es_policy_free(p);

    p = parse("@read => ALLOW();", (struct es_options)ES_OPTIONS_INIT, 0);
    ck_assert_int_eq(es_compile_bpf(p, &blob), -EINVAL);
    ck_assert_str_eq(es_diagnostic_at(p, 0).id, "undecided");
    es_policy_free(p);

    p = parse("include \"x\";\n=> KILL();", (struct es_options){.no_includes = 1}, -EINVAL);
    ck_assert_str_eq(es_diagnostic_at(p, 0).id, "cannot-read");
    es_policy_free(p);

    ck_assert_int_eq(es_parse_file("/nonexistent/policy", NULL, &p), -EINVAL);
    ck_assert_str_eq(es_diagnostic_at(p, 0).id, "cannot-read");
    ck_assert_ptr_null(es_diagnostic_at(p, 0).file);
    es_policy_free(p);

    ck_assert_int_eq(es_check_blob("1234567", 7, &at, why, sizeof(why)), -EINVAL);
    ck_assert_uint_eq(at, 0);
    ck_assert_str_ne(why, "");
}
END_TEST

/* Different objects in different threads at once; ThreadSanitizer would see shared state. */
START_TEST(lists_words)
{
    static const char *const some[] = {"SCMP_ACT_KILL", "SCMP_CMP_MASKED_EQ", "SCMP_ARCH_S390X",
                                       "SECCOMP_FILTER_FLAG_LOG"};

    for (int kind = ES_ACTIONS; kind <= ES_FLAGS; kind++) {
        bool found = false;

        for (size_t i = 0; es_word((enum es_words)kind, i); i++) {
            found |= strcmp(es_word((enum es_words)kind, i), some[kind]) == 0;
            if (kind == ES_FLAGS)
                ck_assert_uint_ne(es_flag_bit(i), 0);
        }
        ck_assert(found);
    }
    ck_assert_uint_eq(es_flag_bit(1000), 0);
}
END_TEST

START_TEST(names_calls)
{
    /* socket(AF_INET, …) of x86_64, of which the kernel reads 32 bits */
    struct seccomp_data call = {.nr = 41, .arch = 0xc000003e, .args = {0x100000002, 1}};
    struct es_call_info info;
    char text[32];

    es_call_info(&call, &info);
    ck_assert_str_eq(info.arch, "x86_64");
    ck_assert_str_eq(info.name, "socket");
    ck_assert_uint_eq(info.arg_count, 3);
    ck_assert_str_eq(info.args[0].name, "family");
    ck_assert_uint_eq(info.args[0].value, 2);
    ck_assert(info.args[0].selects);
    call.arch = 1;
    es_call_info(&call, &info);
    ck_assert_ptr_null(info.arch);
    ck_assert_ptr_null(info.name);
    es_action_text(SECCOMP_RET_ERRNO | 1, text, sizeof(text));
    ck_assert_str_eq(text, "ERRNO(EPERM)");
    es_action_text(SECCOMP_RET_KILL_PROCESS, text, sizeof(text));
    ck_assert_str_eq(text, "KILL_PROCESS()");
}
END_TEST

static void *compile_often(void *arg)
{
    int i;

    for (i = 0; i < 50; i++) {
        struct es_policy *p = parse(policy_text, (struct es_options)ES_OPTIONS_INIT, 0);
        struct es_blob blob = {0};

        ck_assert_int_eq(es_compile_bpf(p, &blob), 0);
        *(size_t *)arg = blob.len;
        es_blob_free(&blob);
        es_policy_free(p);
    }
    return NULL;
}

START_TEST(works_in_threads)
{
    pthread_t threads[4];
    size_t lengths[4], i;

    for (i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, compile_often, &lengths[i]), 0);
    for (i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    for (i = 1; i < 4; i++)
        ck_assert_uint_eq(lengths[i], lengths[0]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("api");
    TCase *tc = tcase_create("api");

    tcase_add_test(tc, compiles_and_answers);
    tcase_add_test(tc, takes_options);
    tcase_add_test(tc, reads_a_source_map);
    tcase_add_test(tc, reads_json);
    tcase_add_test(tc, tells_what_is_wrong);
    tcase_add_test(tc, refuses);
    tcase_add_test(tc, lists_words);
    tcase_add_test(tc, names_calls);
    tcase_add_test(tc, works_in_threads);
    suite_add_tcase(suite, tc);
    return unit_run(suite);
}
