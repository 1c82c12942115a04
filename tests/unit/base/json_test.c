/* Documents, their limits and faults with line and column, and JSON pointers. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <vpcwhy/error.h>
#include <vpcwhy/world.h>

#include "temporary.h"

struct outcome {
    int status;         /* of the last vw_json_next */
    unsigned documents; /* read before it */
    size_t members;     /* of them all */
    char code[32];      /* of the first diagnostic, "" for none */
    uint64_t line, column;
};

static struct outcome read_bytes(const void *bytes, size_t size, bool is_surely_json)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_json_reader *reader = NULL;
    struct outcome outcome = {0};
    struct temporary temporary;
    struct vw_json document;

    temporary_open(&temporary);
    assert_int_equal(vw_json_open(temporary_bytes(&temporary, "x", bytes, size),
                                  is_surely_json, diagnostics, &reader),
                     0);
    while ((outcome.status = vw_json_next(reader, &document)) == 1) {
        outcome.documents++;
        outcome.members += vw_json_count(&document);
    }
    if (vw_diagnostics_count(diagnostics) > 0) {
        const struct vw_diagnostic *first = vw_diagnostics_get(diagnostics, 0);
        snprintf(outcome.code, sizeof outcome.code, "%s", first->code);
        outcome.line = first->line;
        outcome.column = first->column;
    }
    vw_json_close(reader);
    temporary_close(&temporary);
    vw_diagnostics_free(diagnostics);
    return outcome;
}

static struct outcome read_text(const char *text)
{
    return read_bytes(text, strlen(text), true);
}

static void expect(struct outcome outcome, int status, unsigned documents,
                   const char *code, uint64_t line, uint64_t column)
{
    assert_int_equal(outcome.status, status);
    assert_int_equal(outcome.documents, documents);
    assert_string_equal(outcome.code, code);
    assert_int_equal(outcome.line, line);
    assert_int_equal(outcome.column, column);
}

static void documents_follow_each_other(void **state)
{
    (void)state;
    expect(read_text("{}"), 0, 1, "", 0, 0);
    expect(read_text("{\"a\": 1}{\"b\": 2, \"c\": 3}\n\n{}  \n"), 0, 3, "", 0, 0);
    assert_int_equal(read_text("{\"a\": 1}{\"b\": 2, \"c\": 3}").members, 3);
    expect(read_text("\xEF\xBB\xBF{}"), 0, 1, "", 0, 0);
}

/* Over the edges of every buffer on the way. */
static void documents_of_any_size(void **state)
{
    static char text[60000];
    size_t sizes[] = {1000, 1022, 1023, 1024, 16382, 16383, 16384, 16385, 40000}, i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct outcome outcome;

        memset(text, 'x', sizeof text);
        memcpy(text, "{\"k\":\"", 6);
        memcpy(text + sizes[i], "\"}\n{\"a\":1}{}", 12);
        outcome = read_bytes(text, sizes[i] + 12, true);
        expect(outcome, 0, 3, "", 0, 0);
        assert_int_equal(outcome.members, 2);
    }
}

static void faults_have_a_place(void **state)
{
    (void)state;
    expect(read_text("{\"a\": x}"), VW_ERROR_INPUT, 0, "not-json", 1, 7);
    expect(read_text("{}\n{\n \"a\": x}"), VW_ERROR_INPUT, 1, "not-json", 3, 7);
    expect(read_text("{} {\"a\": x}"), VW_ERROR_INPUT, 1, "not-json", 1, 10);
    expect(read_text("{\"a\": 1, \"a\": 2}"), VW_ERROR_INPUT, 0, "not-json", 1, 12);
    expect(read_text("{\"a\": "), VW_ERROR_INPUT, 0, "not-json", 1, 6);
    expect(read_text("\"text\""), VW_ERROR_INPUT, 0, "not-json", 1, 6);
    expect(read_text(""), VW_ERROR_INPUT, 0, "empty-file", 0, 0);
    expect(read_text(" \n\t "), VW_ERROR_INPUT, 0, "empty-file", 0, 0);
}

static void other_encodings_are_named(void **state)
{
    (void)state;
    expect(read_bytes("\xFF\xFE{\0}\0", 6, true), VW_ERROR_INPUT, 0, "not-utf-8", 0, 0);
    expect(read_bytes("\xFE\xFF\0{\0}", 6, true), VW_ERROR_INPUT, 0, "not-utf-8", 0, 0);
    expect(read_bytes("{\0}\0", 4, true), VW_ERROR_INPUT, 0, "not-utf-8", 0, 0);
    expect(read_text("{\"a\": \"\xFF\"}"), VW_ERROR_INPUT, 0, "not-json", 1, 7);
}

/* In a folder, what is plainly no JSON is passed over; what looks like it is not. */
static void other_files(void **state)
{
    (void)state;
    expect(read_bytes("# Read me", 9, false), VW_ERROR_INPUT, 0, "passed-over", 0, 0);
    expect(read_bytes("{\"a\"", 4, false), VW_ERROR_INPUT, 0, "not-json", 1, 4);
}

static struct outcome nested(unsigned depth)
{
    char text[2 * VW_EXPORT_DEPTH_MAX + 8];

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return read_bytes(text, (size_t)depth * 2, true);
}

static void depth_has_a_maximum(void **state)
{
    (void)state;
    expect(nested(VW_EXPORT_DEPTH_MAX), 0, 1, "", 0, 0);
    expect(nested(VW_EXPORT_DEPTH_MAX + 1), VW_ERROR_INPUT, 0, "too-deep", 1,
           VW_EXPORT_DEPTH_MAX + 1);
    /* Brackets in a string are no structure. */
    expect(
        read_text("{\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                  "[[[[[\\\"[[[[[[[[[[[[[\": 1}"),
        0, 1, "", 0, 0);
}

static void pointers(void **state)
{
    static const char text[] = "{\"a/b\": [1, {\"c~d\": [0,1,2,3,4,5,6,7,8,9,10,11]}]}";
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_arena arena = {0};
    struct temporary temporary;
    struct vw_json_reader *reader;
    struct vw_json document, list, object, inner, last, none;

    (void)state;
    temporary_open(&temporary);
    assert_int_equal(
        vw_json_open(temporary_text(&temporary, "x", text), true, diagnostics, &reader),
        0);
    assert_int_equal(vw_json_next(reader, &document), 1);
    list = vw_json_member(&document, "a/b");
    object = vw_json_element(&list, 1);
    inner = vw_json_member(&object, "c~d");
    last = vw_json_element(&inner, 11);
    none = vw_json_member(&object, "e");
    assert_int_equal(vw_json_type(&none), VW_JSON_ABSENT);
    assert_int_equal(vw_json_integer(&last), 11);
    assert_string_equal(vw_json_pointer(&last, &arena), "/a~1b/1/c~0d/11");
    assert_string_equal(vw_json_pointer(&none, &arena), "/a~1b/1/e");
    assert_string_equal(vw_json_pointer(&document, &arena), "");
    vw_json_close(reader);
    vw_arena_free(&arena);
    temporary_close(&temporary);
    vw_diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_follow_each_other),
        cmocka_unit_test(documents_of_any_size),
        cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(other_encodings_are_named),
        cmocka_unit_test(other_files),
        cmocka_unit_test(depth_has_a_maximum),
        cmocka_unit_test(pointers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
