/* Reading flow logs: what records add up to - coverages, directions, repeats. */
#include "evidence/flow_log_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

static void cut_gzip_keeps_what_was_read(void **state)
{
    struct fixture *fixture = *state;
    char text[200000];
    size_t size = 0;
    unsigned i;

    for (i = 0; size < sizeof text - 200; i++)
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "2 1 eni-1 10.%u.%u.1 10.0.0.2 %u 443 6 5 %u "
                                 "1700000000 1700000060 ACCEPT OK\n",
                                 i % 256, i * 7 % 256, i * 31 % 60000, i * i % 99991);
    assert_int_equal(
        read_path(fixture, temporary_gzip(&fixture->temporary, "a.log.gz", text, 20000)),
        0);
    assert_true(vw_evidence_count(fixture->evidence) > 100);
    assert_true(vw_evidence_count(fixture->evidence) < i);
    assert_true(coverage(fixture, 0)->cut);
    assert_told(fixture, 0, "unreadable-file", 0, "cut short");
}

static void no_data_and_skip_data_are_coverage(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(
        read_text(fixture, "2 1 eni-1 - - - - - - - 1700000000 1700000060 - NODATA\n"
                           "2 1 eni-1 - - - - - - - 1700000060 1700000660 - NODATA\n"
                           "2 1 eni-1 - - - - - - - 1699999990 1700000000 - SKIPDATA\n"
                           "2 1 eni-2 - - - - - - - 1700000000 1700000060 - SKIPDATA\n"),
        0);
    assert_nothing_told(fixture);
    assert_int_equal(vw_evidence_count(fixture->evidence), 0);
    assert_int_equal(vw_evidence_coverage_count(fixture->evidence), 2);
    assert_string_equal(coverage(fixture, 0)->vantage, "eni-1");
    assert_int_equal(coverage(fixture, 0)->no_data, 2);
    assert_int_equal(coverage(fixture, 0)->skip_data, 1);
    assert_int_equal(coverage(fixture, 0)->records, 0);
    assert_true(coverage(fixture, 0)->first == 1699999990 * SECOND);
    assert_true(coverage(fixture, 0)->last == 1700000660 * SECOND);
    assert_true(coverage(fixture, 0)->interval == 600 * SECOND);
    assert_false(coverage(fixture, 0)->cut);
}

/* Without log-status, a record of no addresses proves nothing. */
static void no_status_is_skip_data(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, "interface-id srcaddr dstaddr start end\n"
                                        "eni-1 - - 1700000000 1700000060\n"),
                     0);
    assert_int_equal(coverage(fixture, 0)->skip_data, 1);
    assert_int_equal(vw_evidence_count(fixture->evidence), 0);
}

static void streams_tell_the_traffic_type(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, "2023-11-14T22:13:20Z eni-1-reject " SAMPLE "\n"
                                        "2023-11-14T22:13:21Z eni-2-accept "
                                        "2 1 eni-2 - - - - - - - 1 61 - NODATA\n"
                                        "2023-11-14T22:13:21Z eni-3-accept "
                                        "2 1 eni-3 - - - - - - - 1 61 - NODATA\n"
                                        "2023-11-14T22:13:21Z eni-3-all "
                                        "2 1 eni-3 - - - - - - - 61 99 - NODATA\n"),
                     0);
    assert_true(coverage(fixture, 0)->reject_only && !coverage(fixture, 0)->accept_only);
    assert_true(coverage(fixture, 1)->accept_only && !coverage(fixture, 1)->reject_only);
    assert_false(coverage(fixture, 2)->accept_only || coverage(fixture, 2)->reject_only);
}

static void export_folders_tell_the_traffic_type(void **state)
{
    struct fixture *fixture = *state;

    temporary_gzip(&fixture->temporary, "task/eni-1-accept/000000.gz",
                   "2023-11-14T22:13:20.000Z " SAMPLE "\n", 0);
    temporary_text(&fixture->temporary, "aws-logs-write-test",
                   "Permission Check Successful");
    assert_int_equal(read_path(fixture, fixture->temporary.folder), 0);
    assert_nothing_told(fixture);
    assert_true(coverage(fixture, 0)->accept_only);
    assert_sample(fixture);
}

static void trees_are_read_in_order(void **state)
{
    struct fixture *fixture = *state;
    static const char *const log = "AWSLogs/1/vpcflowlogs/eu-west-1/2023/11/14/";
    char name[128];

    snprintf(name, sizeof name, "%sb.log.gz", log);
    temporary_gzip(&fixture->temporary, name,
                   HEADER "2 1 eni-2 10.0.0.3 10.0.0.4 1 2 17 5 500 0 60 ACCEPT OK\n", 0);
    snprintf(name, sizeof name, "%sa.log.gz", log);
    temporary_gzip(&fixture->temporary, name, HEADER SAMPLE "\n", 0);
    temporary_text(&fixture->temporary, "c.json", "{}");
    assert_int_equal(read_path(fixture, fixture->temporary.folder), 0);
    assert_int_equal(vw_evidence_count(fixture->evidence), 2);
    assert_string_equal(row(fixture, 0)->vantage, "eni-1");
    assert_string_equal(row(fixture, 1)->vantage, "eni-2");
    assert_int_equal(row(fixture, 1)->line, 2);
    assert_told(fixture, 0, "damaged-line", 0, "expected log events");
}

/* Two lines that are the same are two records: nothing says that they are one. */
static void repeated_lines_all_count(void **state)
{
    struct fixture *fixture = *state;

    temporary_text(&fixture->temporary, "a.log", SAMPLE "\n" SAMPLE "\n");
    temporary_text(&fixture->temporary, "b.log",
                   "2023-11-14T22:13:20.000Z " SAMPLE "\r\n"
                   "2 1 eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000060 1700000120 "
                   "ACCEPT OK\n");
    assert_int_equal(read_path(fixture, fixture->temporary.folder), 0);
    assert_nothing_told(fixture);
    assert_int_equal(vw_evidence_count(fixture->evidence), 1);
    assert_int_equal(row(fixture, 0)->records, 4);
    assert_int_equal(row(fixture, 0)->packets, 20);
    assert_true(row(fixture, 0)->first == 1700000000 * SECOND);
    assert_true(row(fixture, 0)->last == 1700000120 * SECOND);
    assert_int_equal(row(fixture, 0)->line, 1);
    assert_non_null(strstr(row(fixture, 0)->file, "/a.log"));
}

static void accept_and_reject_are_apart(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture,
                               SAMPLE "\n2 1 eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 "
                                      "1700000000 1700000060 REJECT OK\n"),
                     0);
    assert_int_equal(vw_evidence_count(fixture->evidence), 2);
    assert_int_equal(row(fixture, 1)->action, VW_FLOW_ACTION_REJECT);
}

static void window_leaves_out(void **state)
{
    struct fixture *fixture = *state;
    struct vw_evidence *evidence =
        vw_evidence_create(1700000100 * SECOND, 1700000200 * SECOND);
    const char *path = temporary_text(
        &fixture->temporary, "a.log",
        SAMPLE "\n"
               "2 1 eni-1 10.0.0.1 10.0.0.9 1 2 6 5 500 1700000080 1700000100 REJECT OK\n"
               "2 1 eni-1 - - - - - - - 1700000210 1700000300 - SKIPDATA\n");

    assert_int_equal(
        vw_evidence_read_flow_logs(evidence, path, NULL, fixture->diagnostics), 0);
    assert_int_equal(vw_evidence_count(evidence), 1);
    assert_address(vw_evidence_get(evidence, 0)->destination, "10.0.0.9");
    assert_int_equal(vw_evidence_coverage_get(evidence, 0)->records, 1);
    assert_int_equal(vw_evidence_coverage_get(evidence, 0)->skip_data, 0);
    assert_true(vw_evidence_coverage_get(evidence, 0)->first == 1700000000 * SECOND);
    assert_true(vw_evidence_coverage_get(evidence, 0)->last == 1700000300 * SECOND);
    vw_evidence_free(evidence);
}

struct watched {
    char text[512];
    int error;
};

static int watch(void *data, const struct vw_observation *record)
{
    struct watched *watched = data;
    size_t size = strlen(watched->text);
    const char *slash = strrchr(record->file, '/');

    snprintf(watched->text + size, sizeof watched->text - size, "%s:%llu %s %lld %s\n",
             slash + 1, (unsigned long long)record->line, record->vantage,
             (long long)record->packets,
             record->reject_reason ? record->reject_reason : "-");
    return watched->error;
}

/* Each record of a flow, in the order of files and lines, before it is summed up. */
static void records_are_watched(void **state)
{
    struct fixture *fixture = *state;
    struct watched watched = {"", 0};
    static const char *const header =
        "interface-id srcaddr dstaddr packets reject-reason log-status\n";
    char text[512];

    snprintf(text, sizeof text,
             "%seni-1 10.0.0.1 10.0.0.2 1 - OK\neni-1 - - - - NODATA\n", header);
    temporary_text(&fixture->temporary, "a.log", text);
    snprintf(text, sizeof text, "%seni-1 10.0.0.1 10.0.0.2 2 BPA OK\n", header);
    temporary_text(&fixture->temporary, "b.log", text);
    vw_evidence_watch(fixture->evidence, watch, &watched);
    assert_int_equal(read_path(fixture, fixture->temporary.folder), 0);
    assert_string_equal(watched.text, "a.log:2 eni-1 1 -\nb.log:2 eni-1 2 BPA\n");
    assert_int_equal(vw_evidence_count(fixture->evidence), 1);
    watched.error = VW_ERROR_NO_MEMORY;
    assert_int_equal(read_path(fixture, fixture->temporary.folder), VW_ERROR_NO_MEMORY);
    vw_evidence_watch(fixture->evidence, NULL, NULL);
    assert_int_equal(read_path(fixture, fixture->temporary.folder), 0);
}

/* "interface source destination" records without direction, and what is made of each:
 * '<' ingress, '>' egress, '?' unknown. */
static void directions_are_inferred_where_clear(void **state)
{
    static const struct {
        const char *records, *directions;
    } cases[] = {
        {"eni-1 10.0.0.5 10.0.1.1\neni-1 10.0.2.2 10.0.0.5\n", "><"},
        {"eni-1 10.0.0.5 10.0.1.1\neni-1 10.0.1.1 10.0.0.5\n", "??"},
        {"eni-1 10.0.0.5 10.0.1.1\n", "?"},
        {"eni-1 10.0.0.5 10.0.1.1\neni-1 10.0.0.6 10.0.1.2\n", "??"},
        {"eni-1 10.0.0.5 10.0.1.1\neni-1 10.0.0.6 10.0.1.1\neni-1 10.0.0.5 10.0.1.3\n",
         "???"},
        {"nat-1 10.0.0.5 10.0.1.1\nnat-1 10.0.2.2 10.0.0.5\n", "??"},
        {"- 10.0.0.5 10.0.1.1\n- 10.0.2.2 10.0.0.5\n", "??"},
        {"eni-1 10.0.0.5 10.0.0.5\neni-1 10.0.0.5 10.0.1.1\n", "?>"},
        {"eni-1 2001:db8::5 2001:db8::1\neni-1 2001:db8::2 2001:db8::5\n", "??"},
        {"eni-1 10.0.0.5 10.0.1.1\neni-2 10.0.0.5 10.0.1.1\neni-1 10.0.0.5 10.0.3.3\n",
         ">?>"},
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *fixture;
        char text[512];
        flow_log_setup((void **)&fixture);
        snprintf(text, sizeof text, "interface-id srcaddr dstaddr\n%s", cases[i].records);
        assert_int_equal(read_text(fixture, text), 0);
        assert_int_equal(vw_evidence_count(fixture->evidence),
                         strlen(cases[i].directions));
        for (j = 0; cases[i].directions[j]; j++)
            assert_int_equal("?><"[row(fixture, j)->direction], cases[i].directions[j]);
        flow_log_teardown((void **)&fixture);
    }
}

/* Where some records tell and some do not, two rows that become alike stay two. */
static void told_directions_stay(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, "interface-id srcaddr dstaddr flow-direction\n"
                                        "eni-1 10.0.0.5 10.0.1.1 -\n"
                                        "eni-1 10.0.0.5 10.0.1.1 egress\n"
                                        "eni-1 10.0.2.2 10.0.0.5 ingress\n"
                                        "eni-1 10.0.3.3 10.0.0.5 -\n"),
                     0);
    assert_int_equal(row(fixture, 0)->direction, VW_FLOW_DIRECTION_UNKNOWN);
    assert_int_equal(row(fixture, 1)->direction, VW_FLOW_DIRECTION_EGRESS);
    assert_int_equal(row(fixture, 2)->direction, VW_FLOW_DIRECTION_INGRESS);
    assert_int_equal(row(fixture, 3)->direction, VW_FLOW_DIRECTION_INGRESS);
}

/* Every byte of a few lines changed, and every place to cut: whatever they become, the
 * reader comes back and the untouched line is still read. */
static void changed_bytes_do_no_harm(void **state)
{
    struct fixture *fixture = *state;
    static const char original[] =
        HEADER SAMPLE "\n"
                      "2023-11-14T22:13:20Z eni-1-all 2 1 eni-1 2001:db8::1 2001:db8::2 "
                      "0 0 58 1 104 1700000000 1700000060 REJECT OK\n";
    static const char changes[] = {0, '\n', ' ', '-', '$', '9', 'a', (char)0xff};
    uint32_t seed = 20260301;
    char text[sizeof original + sizeof SAMPLE + 1];
    size_t i;

    for (i = 0; i < 2 * (sizeof original - 1); i++) {
        size_t at = i / 2, size;
        struct vw_evidence *evidence =
            vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
        const char *path;

        memcpy(text, original, sizeof original);
        seed = seed * 1664525 + 1013904223;
        text[at] = changes[seed >> 29];
        size = i % 2 ? at + 1 : sizeof original - 1;
        path = temporary_bytes(&fixture->temporary, "a.log", text, size);
        (void)vw_evidence_read_flow_logs(evidence, path, NULL, NULL);
        assert_true(vw_evidence_count(evidence) <= 4);
        if (i % 2 == 0 && at > sizeof HEADER + sizeof SAMPLE) {
            assert_true(vw_evidence_count(evidence) >= 1);
            assert_int_equal(vw_evidence_get(evidence, 0)->source_port, 40000);
        }
        vw_evidence_free(evidence);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, flow_log_setup, flow_log_teardown)
    const struct CMUnitTest tests[] = {
        TEST(cut_gzip_keeps_what_was_read),
        TEST(no_data_and_skip_data_are_coverage),
        TEST(no_status_is_skip_data),
        TEST(streams_tell_the_traffic_type),
        TEST(export_folders_tell_the_traffic_type),
        TEST(trees_are_read_in_order),
        TEST(repeated_lines_all_count),
        TEST(accept_and_reject_are_apart),
        TEST(window_leaves_out),
        TEST(records_are_watched),
        cmocka_unit_test(directions_are_inferred_where_clear),
        TEST(told_directions_stay),
        TEST(changed_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("flow_log_sum", tests, NULL, NULL);
}
