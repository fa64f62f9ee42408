/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to systemd: values of annotations, and limits as properties, byte by byte. */
#include "runtime-loader/systemd/manager.h"
#include "runtime-loader/systemd/variant.h"
#include "tests/lib/unit.h"

#include <string.h>

/* "\1u\0\0\5\0\0\0" as "01 75 00 00 05 00 00 00". */
static const char *as_hex(struct arena *a, const struct strbuf *b)
{
    struct strbuf out;

    strbuf_init(&out, a);
    for (size_t i = 0; i < b->len; i++)
        strbuf_printf(&out, "%s%02x", i ? " " : "", (unsigned char)b->text[i]);
    return strbuf_text(&out);
}

/* The bytes of a value, or "error: …". */
static const char *written(struct arena *a, const char *text)
{
    struct variant *v;
    struct strbuf b;
    struct error err;

    strbuf_init(&b, a);
    if (variant_parse(a, text, &v, &err) < 0 || variant_write(&b, v, &err) < 0)
        return arena_printf(a, "error: %s", err.text);
    return as_hex(a, &b);
}

static const struct {
    const char *text, *bytes;
} values[] = {
    {"true", "01 62 00 00 01 00 00 00"},
    {" false ", "01 62 00 00 00 00 00 00"},
    {"5", "01 69 00 00 05 00 00 00"},
    {"-1", "01 69 00 00 ff ff ff ff"},
    {"0x10", "01 69 00 00 10 00 00 00"},
    {"uint32 5", "01 75 00 00 05 00 00 00"},
    {"@u 5", "01 75 00 00 05 00 00 00"},
    {"byte 7", "01 79 00 07"},
    {"int16 -2", "01 6e 00 00 fe ff"},
    {"uint64 18446744073709551615", "01 74 00 00 00 00 00 00 ff ff ff ff ff ff ff ff"},
    {"int64 -9223372036854775808", "01 78 00 00 00 00 00 00 00 00 00 00 00 00 00 80"},
    {"1.5", "01 64 00 00 00 00 00 00 00 00 00 00 00 00 f8 3f"},
    {"'ab'", "01 73 00 00 02 00 00 00 61 62 00"},
    {"\"a\\\"\\n\"", "01 73 00 00 03 00 00 00 61 22 0a 00"},
    {"objectpath '/a'", "01 6f 00 00 02 00 00 00 2f 61 00"},
    {"[1, 2]", "02 61 69 00 08 00 00 00 01 00 00 00 02 00 00 00"},
    {"@at [1]", "02 61 74 00 08 00 00 00 01 00 00 00 00 00 00 00"},
    {"[uint64 1, 2]", "02 61 74 00 10 00 00 00 01 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00"},
    {"['a']", "02 61 73 00 06 00 00 00 01 00 00 00 61 00"},
    {"@as []", "02 61 73 00 00 00 00 00"},
    {"('a', uint32 1)", "04 28 73 75 29 00 00 00 01 00 00 00 61 00 00 00 01 00 00 00"},
    {"[('a', true)]",
     "05 61 28 73 62 29 00 00 0c 00 00 00 00 00 00 00 01 00 00 00 61 00 00 00 01 00 00 00"},
    {"", "error: '': no value at ''"},
    {"yes", "error: 'yes': no value at 'yes'"},
    {"1 2", "error: '1 2': more than one value at '2'"},
    {"'ab", "error: ''ab': no end of the string at ''"},
    {"[1", "error: '[1': neither ',' nor the end at ''"},
    {"[1, 'a']", "error: a value is not of type 'i'"},
    {"[]", "error: a value is not of type 'a?'"},
    {"@u -1", "error: a value is not of type 'u'"},
    {"byte 256", "error: a value is not of type 'y'"},
    {"5000000000", "error: a value is not of type 'i'"},
    {"@uu 5", "error: a value is not of type 'u'"},
    {"@(su) ('a')", "error: a value is not of type 'u)'"},
    {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
     "error: '[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]': too deep at '[1]]]]]]]]]]]]]]]]]'"},
};

START_TEST(writes_values)
{
    struct arena a;

    arena_init(&a);
    ck_assert_str_eq(written(&a, values[_i].text), values[_i].bytes);
    arena_release(&a);
}
END_TEST

/* One property after the other: name, signature and value as hexadecimal numbers. */
static const struct {
    const char *file, *text, *bytes;
} limits[] = {
    {"pids.max", "50", "08 00 00 00 54 61 73 6b 73 4d 61 78 00 01 74 00 32 00 00 00 00 00 00 00"},
    {"pids.max", "max", "08 00 00 00 54 61 73 6b 73 4d 61 78 00 01 74 00 ff ff ff ff ff ff ff ff"},
    /* AllowedCPUs */
    {"cpuset.cpus", "0-1,9",
     "0b 00 00 00 41 6c 6c 6f 77 65 64 43 50 55 73 00 02 61 79 00 02 00 00 00 03 02"},
    /* IOWeight */
    {"io.weight", "default 7",
     "08 00 00 00 49 4f 57 65 69 67 68 74 00 01 74 00 07 00 00 00 00 00 00 00"},
    /* files that no property is about, values that none can have */
    {"io.weight", "8:0 7", ""},
    {"hugetlb.2MB.max", "0", ""},
    {"cpuset.cpus", "none", ""},
    {NULL, "1", ""},
};

START_TEST(writes_limits)
{
    struct arena a;
    struct limit one = {.file = limits[_i].file, .text = limits[_i].text};
    limit_list list = {.at = &one, .count = 1};
    struct strbuf b;

    arena_init(&a);
    strbuf_init(&b, &a);
    properties_of_limits(&list, &b);
    ck_assert_str_eq(as_hex(&a, &b), limits[_i].bytes);
    arena_release(&a);
}
END_TEST

/* The eight bytes at the end: CPUQuotaPerSecUSec. */
static const struct {
    const char *text, *bytes;
} quotas[] = {
    {"50000 100000", "20 a1 07 00 00 00 00 00"}, /* 500000 */
    {"1 100000", "10 27 00 00 00 00 00 00"},     /* up to one percent, 10000 */
    {"33333 100000", "20 30 05 00 00 00 00 00"}, /* 340000 */
    {"max 100000", "ff ff ff ff ff ff ff ff"},
};

START_TEST(rounds_quotas)
{
    struct arena a;
    struct limit one = {.file = "cpu.max", .text = quotas[_i].text};
    limit_list list = {.at = &one, .count = 1};
    struct strbuf b;
    const char *hex;

    arena_init(&a);
    strbuf_init(&b, &a);
    properties_of_limits(&list, &b);
    hex = as_hex(&a, &b);
    ck_assert_str_eq(hex + strlen(hex) - strlen(quotas[_i].bytes), quotas[_i].bytes);
    arena_release(&a);
}
END_TEST

static const struct {
    const char *key, *value, *error; /* NULL: none */
} annotations[] = {
    {"org.systemd.property.TimeoutStopSec", "1.5", NULL},
    {"org.systemd.property.Description", "'a'", NULL},
    {"org.systemd.propertyX", "nothing of ours", NULL},
    {"org.systemd.property.", "1",
     "config.json: annotations.org.systemd.property.: '' is no property's name"},
    {"org.systemd.property.A-B", "1",
     "config.json: annotations.org.systemd.property.A-B: 'A-B' is no property's name"},
    {"org.systemd.property.TimeoutStopSec", "'a'",
     "config.json: annotations.org.systemd.property.TimeoutStopSec: not a number of seconds"},
    {"org.systemd.property.TimeoutStopUSec", "1 2",
     "config.json: annotations.org.systemd.property.TimeoutStopUSec: '1 2': more than one value at "
     "'2'"},
};

START_TEST(reads_annotations)
{
    struct arena a;
    struct string_pair pair = {annotations[_i].key, annotations[_i].value};
    string_map map = {&pair, 1};
    struct strbuf b;
    struct error err = {.text = ""};

    arena_init(&a);
    strbuf_init(&b, &a);
    ck_assert_int_eq(properties_of_annotations(&a, &map, &b, &err) < 0,
                     annotations[_i].error != NULL);
    ck_assert_str_eq(err.text, annotations[_i].error ? annotations[_i].error : "");
    arena_release(&a);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("systemd");
    TCase *t = tcase_create("systemd");

    tcase_add_loop_test(t, writes_values, 0, ARRAY_SIZE(values));
    tcase_add_loop_test(t, writes_limits, 0, ARRAY_SIZE(limits));
    tcase_add_loop_test(t, rounds_quotas, 0, ARRAY_SIZE(quotas));
    tcase_add_loop_test(t, reads_annotations, 0, ARRAY_SIZE(annotations));
    suite_add_tcase(suite, t);
    return unit_run(suite);
}
