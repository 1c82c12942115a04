/* The writers of cross-checks and of expectations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "evidence/table.h"
#include "report/sample.h"

static void crosscheck_text_is_laid_out(void **state)
{
    struct vw_trace trace = sample_trace();
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_crosscheck crosscheck = sample_crosscheck(&trace, evidence);
    char *text = written_crosscheck_text(&crosscheck);
    const char *wanted =
        "CONTRADICTED  10.1.10.14 -> 10.2.2.61  the records are not what the export "
        "predicts\n"
        "\n"
        "What each witness recorded (A is instance-1, B is 10.2.2.61)\n"
        "  witness                         record  predicted  observed     result\n"
        "  ping transcript                 B->A    no reply   answered  >> CONTRADICTS\n"
        "    3 records, 2025-01-17T14:00:20Z to 2025-01-17T14:01:16Z, "
        "evidence/ping.txt:12\n"
        "    the first answer is icmp_seq 459\n"
        "  flow log eni-08a2435a5f43c260e  A->B    ACCEPT     nothing      unknown\n"
        "    the log does not cover the time of the ping\n"
        "\n"
        "What it means\n"
        "  - the export is older than the ping\n"
        "\n"
        "What the export says\n"
        "  BLOCKED  10.1.10.14 (instance-1, eni-08a2435a5f43c260e) -> 10.2.2.61  icmp "
        "echo request\n"
        "  1. ";

    (void)state;
    text[strlen(wanted)] = '\0';
    assert_string_equal(text, wanted);
    free(text);
    vw_evidence_free(evidence);
}

static void crosscheck_json_holds_all(void **state)
{
    static const char *const keys[] = {"schema",   "conclusion",   "diagnosis",
                                       "findings", "observations", "coverage",
                                       "trace"};
    struct vw_trace trace = sample_trace();
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_PING);
    struct vw_crosscheck crosscheck;
    json_t *json, *value;
    const char *key;
    size_t count = 0;
    char *text;

    (void)state;
    row.file = "ping.txt";
    row.source = vw_address_ipv4(0x0a010a0e);
    row.protocol = 1;
    row.first_sequence = 459;
    row.first = 0;
    assert_int_equal(vw_evidence_add(evidence, &row, NULL), 0);
    crosscheck = sample_crosscheck(&trace, evidence);
    text = written_crosscheck_json(&crosscheck);
    json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    json_object_foreach(json, key, value) assert_string_equal(key, keys[count++]);
    assert_int_equal(count, sizeof keys / sizeof *keys);
    value = json_array_get(json_object_get(json, "observations"), 0);
    assert_string_equal(json_string_value(json_object_get(value, "source")),
                        "10.1.10.14");
    assert_true(json_is_null(json_object_get(value, "destination")));
    assert_true(json_is_null(json_object_get(value, "source_port")));
    assert_string_equal(json_string_value(json_object_get(value, "first")),
                        "1970-01-01T00:00:00Z");
    assert_true(json_is_null(json_object_get(value, "last")));
    assert_int_equal(json_integer_value(json_object_get(value, "first_sequence")), 459);
    json_decref(json);
    free(text);
    vw_evidence_free(evidence);
}

static void check_text_is_laid_out(void **state)
{
    struct vw_trace trace = sample_trace();
    struct vw_check check = sample_check(&trace);
    char *text = written_check_text(&check);

    (void)state;
    assert_string_equal(
        text,
        "      ok   ping-peer  instance-1 -> 10.2.2.61: reachable\n"
        " >> FAIL   ping-peer  instance-1 -> 10.2.2.61 tcp port 80-90: reachable\n"
        "           what was found\n"
        "           matters: monitoring pings it\n"
        "           IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS  rtb-0a1b2c3d4e5f60718 "
        " "
        "(request)\n"
        "           route-tables.json: /RouteTables/0/Routes/1\n"
        "           expected by rules/a.yaml:4\n"
        "    ????   ping-peer  instance-1 -> 10.2.2.61: reachable\n"
        "           what was found\n"
        "           expected by rules/a.yaml:4\n"
        "       -   ping-peer  instance-1 -> 10.2.2.61: reachable\n"
        "           what was found\n"
        "           expected by rules/a.yaml:4\n"
        "\n"
        "1 holds, 1 fails, 1 unknown, 1 inapplicable (an end is not in the export)\n");
    free(text);
}

static void check_json_sums_up(void **state)
{
    struct vw_trace trace = sample_trace();
    struct vw_check check = sample_check(&trace);
    char *text = written_check_json(&check);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *result;

    (void)state;
    assert_non_null(json);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(json, "summary"),
                                                        "expectations")),
                     4);
    result = json_array_get(json_object_get(json, "results"), VW_OUTCOME_FAILS);
    assert_string_equal(json_string_value(json_object_get(result, "verdict")), "blocked");
    assert_int_equal(json_array_size(json_object_get(result, "blockers")), 2);
    result = json_array_get(json_object_get(json, "results"), VW_OUTCOME_INAPPLICABLE);
    assert_true(json_is_null(json_object_get(result, "verdict")));
    json_decref(json);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crosscheck_text_is_laid_out),
        cmocka_unit_test(crosscheck_json_holds_all),
        cmocka_unit_test(check_text_is_laid_out),
        cmocka_unit_test(check_json_sums_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
