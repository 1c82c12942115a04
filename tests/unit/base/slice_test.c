/* Pieces of text, and the strict numbers: what strtoul would let through is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/slice.h"

static void comparing(void **state)
{
    struct vw_slice text = {"abcdef", 3};
    struct vw_slice nothing = {NULL, 0};

    (void)state;
    assert_true(vw_slice_is(text, "abc"));
    assert_false(vw_slice_is(text, "abcd"));
    assert_false(vw_slice_is(text, "ab"));
    assert_false(vw_slice_is(text, "abd"));
    assert_true(vw_slice_is(nothing, ""));
    assert_true(vw_slice_starts(text, "ab"));
    assert_true(vw_slice_starts(text, ""));
    assert_true(vw_slice_starts(nothing, ""));
    assert_false(vw_slice_starts(text, "abcd"));
    assert_false(vw_slice_starts(text, "b"));
    assert_int_equal(vw_slice_of("abc").size, 3);
}

static void finding(void **state)
{
    struct vw_slice text = {"aabaabaac", 7};
    size_t offset = 99;

    (void)state;
    assert_false(vw_slice_find(text, "c", &offset)); /* stands behind the slice */
    assert_false(vw_slice_find(text, "aabaabaa", &offset));
    assert_int_equal(offset, 99);
    assert_true(vw_slice_find(text, "baa", &offset));
    assert_int_equal(offset, 2);
    assert_true(vw_slice_find(text, "baaba", &offset));
    assert_int_equal(offset, 2);
    assert_true(vw_slice_find(text, "", &offset));
    assert_int_equal(offset, 0);
}

static void trimming_and_words(void **state)
{
    struct vw_slice text = vw_slice_of(" \t one\ttwo  three\r\n"), word;

    (void)state;
    assert_true(vw_slice_is(vw_slice_trim(text), "one\ttwo  three"));
    assert_int_equal(vw_slice_trim(vw_slice_of(" \r\n\t")).size, 0);
    text = vw_slice_trim(text);
    assert_true(vw_slice_word(&text, &word) && vw_slice_is(word, "one"));
    assert_true(vw_slice_word(&text, &word) && vw_slice_is(word, "two"));
    assert_true(vw_slice_word(&text, &word) && vw_slice_is(word, "three"));
    assert_false(vw_slice_word(&text, &word));
    assert_true(vw_slice_is(word, "three"));
}

static void unsigned_numbers(void **state)
{
    static const struct {
        const char *text;
        uint64_t maximum;
        bool good;
        uint64_t value;
    } cases[] = {
        {"0", 10, true, 0},
        {"10", 10, true, 10},
        {"11", 10, false, 0},
        {"007", 10, true, 7},
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"99999999999999999999999", UINT64_MAX, false, 0},
        {"", 10, false, 0},
        {" 1", 10, false, 0},
        {"1 ", 10, false, 0},
        {"+1", 10, false, 0},
        {"-1", UINT64_MAX, false, 0},
        {"0x1", 10, false, 0},
        {"1e1", 100, false, 0},
        {"\xff", 255, false, 0},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 4242;
        assert_int_equal(
            vw_slice_u64(vw_slice_of(cases[i].text), cases[i].maximum, &value),
            cases[i].good);
        assert_true(value == (cases[i].good ? cases[i].value : 4242));
    }
    {
        uint64_t value = 0; /* a number ends where its slice ends */
        assert_true(vw_slice_u64((struct vw_slice){"12345", 2}, 99, &value));
        assert_int_equal(value, 12);
    }
}

static void signed_numbers(void **state)
{
    int64_t value = 4242;

    (void)state;
    assert_true(vw_slice_i64(vw_slice_of("-1"), &value) && value == -1);
    assert_true(vw_slice_i64(vw_slice_of("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(vw_slice_i64(vw_slice_of("-9223372036854775807"), &value));
    assert_true(value == -INT64_MAX);
    value = 4242;
    assert_false(vw_slice_i64(vw_slice_of("9223372036854775808"), &value));
    assert_false(vw_slice_i64(vw_slice_of("-"), &value));
    assert_false(vw_slice_i64(vw_slice_of("--1"), &value));
    assert_false(vw_slice_i64(vw_slice_of("+1"), &value));
    assert_false(vw_slice_i64(vw_slice_of(""), &value));
    assert_int_equal(value, 4242);
}

static void seconds(void **state)
{
    static const struct {
        const char *text;
        int64_t value; /* -1: refused */
    } cases[] = {
        {"0", 0},
        {"12.5", 12500000000},
        {"0.000000001", 1},
        {"1.123456789", 1123456789},
        {"1.1234567891", -1},
        {"1.", -1},
        {".5", -1},
        {"1.5.5", -1},
        {"-1", -1},
        {"1,5", -1},
        {"", -1},
        {"9223372035.999999999", 9223372035999999999},
        {"9223372036", -1},
        {"99999999999999999999", -1},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = -1;
        assert_int_equal(vw_slice_seconds(vw_slice_of(cases[i].text), &value),
                         cases[i].value >= 0);
        assert_true(value == cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing),          cmocka_unit_test(finding),
        cmocka_unit_test(trimming_and_words), cmocka_unit_test(unsigned_numbers),
        cmocka_unit_test(signed_numbers),     cmocka_unit_test(seconds),
    };

    return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
