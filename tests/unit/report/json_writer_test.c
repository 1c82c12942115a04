/* The JSON stream: commas, indentation, escaping, and faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "report/json_writer.h"

static void writes_commas_and_lines(void **state)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct vw_json json = vw_write_begin(out);

    (void)state;
    vw_write_object_begin(&json, NULL);
    vw_write_string(&json, "a", "x");
    vw_write_null(&json, "b");
    vw_write_array_begin(&json, "c");
    vw_write_pair(&json, NULL, 22, 80);
    vw_write_integer(&json, NULL, INT64_MIN);
    vw_write_unsigned(&json, NULL, UINT64_MAX);
    vw_write_array_end(&json);
    vw_write_array_begin(&json, "d");
    vw_write_array_end(&json);
    vw_write_object_begin(&json, "e");
    vw_write_boolean(&json, "f", true);
    vw_write_boolean(&json, "g", false);
    vw_write_object_end(&json);
    vw_write_object_end(&json);
    assert_int_equal(vw_write_finish(&json), 0);
    fclose(out);
    assert_string_equal(text, "{\n"
                              "  \"a\": \"x\",\n"
                              "  \"b\": null,\n"
                              "  \"c\": [\n"
                              "    [22, 80],\n"
                              "    -9223372036854775808,\n"
                              "    18446744073709551615\n"
                              "  ],\n"
                              "  \"d\": [],\n"
                              "  \"e\": {\n"
                              "    \"f\": true,\n"
                              "    \"g\": false\n"
                              "  }\n"
                              "}\n");
    free(text);
}

/* Written as an array of one string, without its brackets and lines. */
static char *written_string(const char *string, bool number)
{
    char *text = NULL, *inner;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct vw_json json = vw_write_begin(out);

    vw_write_array_begin(&json, NULL);
    if (number)
        vw_write_number(&json, NULL, string);
    else
        vw_write_string(&json, NULL, string);
    vw_write_array_end(&json);
    assert_int_equal(vw_write_finish(&json), 0);
    fclose(out);
    inner = strndup(text + 4, size - 4 - 3);
    free(text);
    return inner;
}

static void escapes_as_rfc_8259_says(void **state)
{
    static const struct {
        const char *text, *json;
    } cases[] = {
        {NULL, "null"},
        {"", "\"\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
        {"\xc3\xa9", "\"\xc3\xa9\""},
        {"a\xff"
         "b",
         "\"a\xef\xbf\xbd"
         "b\""},
        {"\xc3", "\"\xef\xbf\xbd\""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = written_string(cases[i].text, false);

        assert_string_equal(text, cases[i].json);
        free(text);
    }
}

static void only_integers_go_without_quotes(void **state)
{
    static const char *const cases[][2] = {
        {"0", "0"},       {"-1", "-1"},       {"100", "100"},     {"", "\"\""},
        {"01", "\"01\""}, {"-", "\"-\""},     {"1.5", "\"1.5\""}, {"1e3", "\"1e3\""},
        {"-0", "-0"},     {"NaN", "\"NaN\""}, {"1 ", "\"1 \""},   {"0x1", "\"0x1\""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = written_string(cases[i][0], true);

        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

/* Every byte string is read back by another JSON library. */
static void any_bytes_make_json(void **state)
{
    unsigned first, second;

    (void)state;
    for (first = 1; first < 256; first += 3) {
        for (second = 1; second < 256; second += 5) {
            const char bytes[] = {(char)first, (char)second, '"', (char)first, '\0'};
            char *text = written_string(bytes, false);
            json_t *parsed = json_loads(text, JSON_DECODE_ANY, NULL);

            assert_non_null(parsed);
            json_decref(parsed);
            free(text);
        }
    }
}

static void faults_are_told(void **state)
{
    FILE *out = fopen("/dev/null", "r");
    struct vw_json json = vw_write_begin(out);
    unsigned i;

    (void)state;
    vw_write_null(&json, NULL);
    assert_int_equal(vw_write_finish(&json), VW_ERROR_OUTPUT);
    fclose(out);
    out = fopen("/dev/null", "w");
    json = vw_write_begin(out);
    for (i = 0; i <= VW_JSON_DEPTH_MAX; i++)
        vw_write_array_begin(&json, NULL);
    for (i = 0; i <= VW_JSON_DEPTH_MAX; i++)
        vw_write_array_end(&json);
    assert_int_equal(vw_write_finish(&json), VW_ERROR_INTERNAL);
    json = vw_write_begin(out);
    vw_write_array_begin(&json, NULL);
    assert_int_equal(vw_write_finish(&json), VW_ERROR_INTERNAL);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_commas_and_lines),
        cmocka_unit_test(escapes_as_rfc_8259_says),
        cmocka_unit_test(only_integers_go_without_quotes),
        cmocka_unit_test(any_bytes_make_json),
        cmocka_unit_test(faults_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
