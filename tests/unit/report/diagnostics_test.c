/* Diagnostics as lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/report.h>

#include "base/diagnostic.h"

static char *written(const struct vw_diagnostics *diagnostics, bool quiet)
{
    const struct vw_report_style style = {false, quiet};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(vw_report_diagnostics(diagnostics, style, out), 0);
    fclose(out);
    return text;
}

static void names_the_place(void **state)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_place pointer = {.file = "a.json", .pointer = "/Vpcs/0"};
    struct vw_place root = {.file = "a.json", .pointer = ""};
    struct vw_place line = {.file = "r.yaml", .line = 3, .column = 7};
    struct vw_place line_only = {.file = "f.log", .line = 9};
    struct vw_place nowhere = {0};
    char *text;

    (void)state;
    vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "a", pointer, "odd \"%s\"", "\033x");
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "b", root, "not an object");
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "c", line, "unknown key");
    vw_diagnose(diagnostics, VW_SEVERITY_NOTE, "d", line_only, "cut");
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "e", nowhere, "no such endpoint");
    text = written(diagnostics, false);
    assert_string_equal(text, "a.json: /Vpcs/0: warning: odd \"\\x1bx\"\n"
                              "a.json: error: not an object\n"
                              "r.yaml:3:7: error: unknown key\n"
                              "f.log:9: note: cut\n"
                              "vpcwhy: error: no such endpoint\n");
    free(text);
    text = written(diagnostics, true);
    assert_string_equal(text, "a.json: error: not an object\n"
                              "r.yaml:3:7: error: unknown key\n"
                              "vpcwhy: error: no such endpoint\n");
    free(text);
    vw_diagnostics_free(diagnostics);
}

static void what_is_left_out_is_counted(void **state)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_place nowhere = {0};
    char *text;
    unsigned i;

    (void)state;
    for (i = 0; i < VW_DIAGNOSTICS_MAX + 7; i++)
        vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "a", nowhere, "odd");
    text = written(diagnostics, false);
    assert_non_null(strstr(text, "vpcwhy: 7 more of the same kinds are not shown\n"));
    free(text);
    vw_diagnostics_free(diagnostics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_place),
        cmocka_unit_test(what_is_left_out_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
