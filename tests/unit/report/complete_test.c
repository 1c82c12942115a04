/* Every row of every closed list has a rendering in every writer that meets it, told apart
 * from the others: a list that grows without its writers fails here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/sample.h"

static void assert_has(const char *text, const char *wanted)
{
    if (!strstr(text, wanted))
        fail_msg("\"%s\" is not in:\n%s", wanted, text);
}

/* The trace of the sample with one step alone. */
static struct vw_trace with_step(const struct vw_step *step)
{
    struct vw_trace trace = sample_trace();

    trace.forward.steps = step;
    trace.forward.step_count = 1;
    trace.reply.walked = false;
    trace.blocker_count = trace.fix_count = 0;
    return trace;
}

static struct vw_step step_of(enum vw_step_kind kind, enum vw_decision decision)
{
    struct vw_step step = {.kind = kind,
                           .decision = decision,
                           .component = "the-component",
                           .sentence = "the sentence"};

    return step;
}

static void every_step_kind(void **state)
{
    static const struct {
        enum vw_step_kind kind;
        const char *slug, *words;
    } rows[] = {
#define VW_X(name, slug, words) {name, "\"kind\": \"" slug "\"", words},
        VW_STEP_LIST(VW_X)
#undef VW_X
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vw_step step = step_of(rows[i].kind, VW_DECISION_ALLOW);
        struct vw_trace trace = with_step(&step);
        char *text = written_trace_text(&trace, false);
        char *json = written_trace_json(&trace);
        char *aws = written_trace_aws(&trace);

        assert_has(text, rows[i].words);
        assert_has(text, "the sentence");
        assert_has(json, rows[i].slug);
        assert_has(aws, "\"Id\": \"the-component\"");
        free(text);
        free(json);
        free(aws);
    }
}

static void every_decision(void **state)
{
    static const struct {
        enum vw_decision decision;
        const char *slug;
        bool passes;
    } rows[] = {
#define VW_X(name, slug, passes) {name, "\"decision\": \"" slug "\"", passes},
        VW_DECISION_LIST(VW_X)
#undef VW_X
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vw_step step = step_of(VW_STEP_VPC, rows[i].decision);
        struct vw_trace trace = with_step(&step);
        char *text = written_trace_text(&trace, false);
        char *json = written_trace_json(&trace);
        const char *line = strstr(text, "VPC");
        const char *mark = line;

        assert_non_null(line);
        while (mark > text && mark[-1] != '\n')
            mark--;
        /* Something stands in the mark's column, and ">>" just where packets end. */
        assert_true(strspn(mark, " ") < (size_t)(line - mark));
        assert_int_equal(strncmp(mark, " >> ", 4) != 0, rows[i].passes);
        assert_has(json, rows[i].slug);
        free(text);
        free(json);
    }
}

static void every_verdict(void **state)
{
    static const struct {
        enum vw_verdict verdict;
        const char *slug, *json;
    } rows[] = {
#define VW_X(name, slug) {name, slug, "\"verdict\": \"" slug "\""},
        VW_VERDICT_LIST(VW_X)
#undef VW_X
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vw_trace trace = sample_trace();
        char *text, *json;

        trace.verdict = trace.forward.verdict = trace.reply.verdict = rows[i].verdict;
        text = written_trace_text(&trace, false);
        json = written_trace_json(&trace);
        for (j = 0; rows[i].slug[j]; j++)
            assert_int_equal(text[j], rows[i].slug[j] - 'a' + 'A');
        assert_int_equal(text[j], ' ');
        assert_has(text, rows[i].slug);
        assert_has(json, rows[i].json);
        free(text);
        free(json);
    }
}

static void every_reason(void **state)
{
    static const struct {
        enum vw_reason reason;
        const char *code;
    } rows[] = {
#define VW_X(code, meaning) {VW_REASON_##code, #code},
        VW_REASON_LIST(VW_X)
#undef VW_X
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vw_step step = step_of(VW_STEP_VPC, VW_DECISION_DROP);
        struct vw_trace trace;
        char *text, *json, *aws;

        step.reason = rows[i].reason;
        trace = with_step(&step);
        text = written_trace_text(&trace, false);
        json = written_trace_json(&trace);
        aws = written_trace_aws(&trace);
        assert_has(text, rows[i].code);
        assert_has(json, rows[i].code);
        assert_has(aws, rows[i].code);
        free(text);
        free(json);
        free(aws);
    }
}

static void every_expectation(void **state)
{
    static const enum vw_expectation all[] = {VW_EXPECT_ACCEPT, VW_EXPECT_REJECT,
                                              VW_EXPECT_NONE, VW_EXPECT_PRESENT,
                                              VW_EXPECT_ABSENT};
    static const char *const slugs[] = {"ACCEPT", "REJECT", "none", "present", "absent"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        struct vw_trace trace = sample_trace();
        struct vw_prediction prediction = trace.predictions[0];
        char wanted[40], *json;

        prediction.expect = all[i];
        trace.predictions = &prediction;
        trace.prediction_count = 1;
        json = written_trace_json(&trace);
        snprintf(wanted, sizeof wanted, "\"expect\": \"%s\"", slugs[i]);
        assert_has(json, wanted);
        free(json);
    }
}

static bool has_in_any_case(const char *text, const char *word)
{
    for (; *text; text++)
        if (strncasecmp(text, word, strlen(word)) == 0)
            return true;
    return false;
}

static void every_conclusion_and_finding(void **state)
{
    static const char *const conclusions[] = {
#define VW_X(name, slug) slug,
        VW_CONCLUSION_LIST(VW_X)
#undef VW_X
    };
    static const char *const results[] = {
#define VW_X(name, slug) slug,
        VW_FINDING_LIST(VW_X)
#undef VW_X
    };
    struct vw_trace trace = sample_trace();
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_crosscheck crosscheck = sample_crosscheck(&trace, evidence);
    size_t i;

    (void)state;
    for (i = 0; i < sizeof conclusions / sizeof *conclusions; i++) {
        char *text, *json;

        crosscheck.conclusion = (enum vw_conclusion)i;
        text = written_crosscheck_text(&crosscheck);
        json = written_crosscheck_json(&crosscheck);
        assert_int_equal(strncasecmp(text, conclusions[i], strlen(conclusions[i])), 0);
        assert_has(json, conclusions[i]);
        free(text);
        free(json);
    }
    for (i = 0; i < sizeof results / sizeof *results; i++) {
        struct vw_finding finding = crosscheck.findings[0];
        char *text, *json;

        finding.result = (enum vw_finding_result)i;
        crosscheck.findings = &finding;
        crosscheck.finding_count = 1;
        text = written_crosscheck_text(&crosscheck);
        json = written_crosscheck_json(&crosscheck);
        assert_true(has_in_any_case(text, results[i]));
        assert_has(json, results[i]);
        free(text);
        free(json);
    }
    vw_evidence_free(evidence);
}

static void every_outcome(void **state)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) "\"outcome\": \"" slug "\"",
        VW_OUTCOME_LIST(VW_X)
#undef VW_X
    };
    static const char *const marks[] = {"     ok ", " >> FAIL ", "    ???? ",
                                        "       - "};
    struct vw_trace trace = sample_trace();
    struct vw_check check = sample_check(&trace);
    char *text = written_check_text(&check);
    char *json = written_check_json(&check);
    size_t i;

    (void)state;
    assert_int_equal(check.result_count, sizeof slugs / sizeof *slugs);
    assert_int_equal(check.result_count, sizeof marks / sizeof *marks);
    for (i = 0; i < sizeof slugs / sizeof *slugs; i++) {
        assert_has(json, slugs[i]);
        assert_has(text, marks[i]);
    }
    free(text);
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_kind),
        cmocka_unit_test(every_decision),
        cmocka_unit_test(every_verdict),
        cmocka_unit_test(every_reason),
        cmocka_unit_test(every_expectation),
        cmocka_unit_test(every_conclusion_and_finding),
        cmocka_unit_test(every_outcome),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
