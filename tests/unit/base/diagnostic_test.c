/* Diagnostics: kept in order with copies of all texts, limited by code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/diagnostic.h"

static void entries_are_copies_in_order(void **state)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    char file[] = "a.json", pointer[] = "/Vpcs/0", text[] = "vpc-1";
    const struct vw_diagnostic *have;

    (void)state;
    vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "first-code",
                (struct vw_place){file, pointer, 3, 14}, "object %s has %d faults", text,
                2);
    vw_diagnose(diagnostics, VW_SEVERITY_NOTE, "second-code", (struct vw_place){0}, "%s",
                "");
    memset(file, 'x', sizeof file - 1);
    memset(pointer, 'x', sizeof pointer - 1);
    memset(text, 'x', sizeof text - 1);
    assert_int_equal(vw_diagnostics_count(diagnostics), 2);
    have = vw_diagnostics_get(diagnostics, 0);
    assert_int_equal(have->severity, VW_SEVERITY_WARNING);
    assert_string_equal(have->code, "first-code");
    assert_string_equal(have->file, "a.json");
    assert_string_equal(have->pointer, "/Vpcs/0");
    assert_int_equal(have->line, 3);
    assert_int_equal(have->column, 14);
    assert_string_equal(have->message, "object vpc-1 has 2 faults");
    have = vw_diagnostics_get(diagnostics, 1);
    assert_null(have->file);
    assert_null(have->pointer);
    assert_string_equal(have->message, "");
    vw_diagnostics_free(diagnostics);
}

static void errors_are_remembered(void **state)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();

    (void)state;
    vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "w", (struct vw_place){0}, "w");
    assert_false(vw_diagnostics_has_error(diagnostics));
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "e", (struct vw_place){0}, "e");
    assert_true(vw_diagnostics_has_error(diagnostics));
    vw_diagnostics_free(diagnostics);
}

static void each_code_has_its_limit(void **state)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    unsigned i;

    (void)state;
    for (i = 0; i < VW_DIAGNOSTICS_MAX + 50; i++) {
        vw_diagnose(diagnostics, VW_SEVERITY_NOTE, "a", (struct vw_place){.line = i},
                    "number %u", i);
        if (i % 2)
            vw_diagnose(diagnostics, VW_SEVERITY_NOTE, "b", (struct vw_place){0}, "b");
    }
    assert_int_equal(vw_diagnostics_count(diagnostics),
                     VW_DIAGNOSTICS_MAX + (VW_DIAGNOSTICS_MAX + 50) / 2);
    assert_int_equal(vw_diagnostics_left_out(diagnostics), 50);
    /* An error that is not kept is still an error. */
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "a", (struct vw_place){0}, "late");
    assert_true(vw_diagnostics_has_error(diagnostics));
    assert_int_equal(vw_diagnostics_left_out(diagnostics), 51);
    vw_diagnostics_free(diagnostics);
}

static void no_list_is_no_matter(void **state)
{
    (void)state;
    vw_diagnose(NULL, VW_SEVERITY_ERROR, "a", (struct vw_place){0}, "nothing");
    vw_diagnostics_free(NULL);
}

static void every_error_has_a_sentence(void **state)
{
    (void)state;
    assert_string_equal(vw_error_sentence(0), "success");
#define VW_X(name, value, sentence)                                                      \
    assert_int_equal(name, value);                                                       \
    assert_string_equal(vw_error_sentence(name), sentence);
    VW_ERROR_LIST(VW_X)
#undef VW_X
    assert_string_equal(vw_error_sentence(-4711), "unknown error");
    assert_string_equal(vw_error_sentence(1), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_copies_in_order),
        cmocka_unit_test(errors_are_remembered),
        cmocka_unit_test(each_code_has_its_limit),
        cmocka_unit_test(no_list_is_no_matter),
        cmocka_unit_test(every_error_has_a_sentence),
    };

    return cmocka_run_group_tests_name("diagnostic", tests, NULL, NULL);
}
