/* Reading flow logs: shapes of files, formats, damaged lines. */
#include "evidence/flow_log_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

/* All these files say the same one thing, and nothing is wrong with any. */
static void every_shape_gives_the_record(void **state)
{
    static const char *const shapes[] = {
        SAMPLE "\n",
        SAMPLE,
        SAMPLE "\r\n",
        HEADER SAMPLE "\n",
        HEADER SAMPLE "\r\n\r\n",
        "\n\n" SAMPLE "\n\n",
        "\xef\xbb\xbf" HEADER SAMPLE "\n",
        HEADER SAMPLE "\n" HEADER,
        "2  123456789012\teni-1 10.0.0.1 10.0.0.2 40000  443 6 5 500 1700000000 "
        "1700000060 ACCEPT OK \n",
        "2 unknown eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000000 1700000060 "
        "ACCEPT OK\n",
        "2023-11-14T22:13:20.000Z " SAMPLE "\n",
        "2023-11-14T22:13:20+00:00 eni-1-all " SAMPLE "\n",
        "2023-11-14T22:13:20 " SAMPLE "\n",
        "log-status action end start bytes packets protocol dstport srcport dstaddr "
        "srcaddr interface-id\n"
        "OK ACCEPT 1700000060 1700000000 500 5 6 443 40000 10.0.0.2 10.0.0.1 eni-1\n",
        "${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} "
        "${packets} ${bytes} ${start} ${end} ${action}\n"
        "eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000000 1700000060 ACCEPT\n",
        "interface_id srcAddr dstAddr srcPort dstPort Protocol packets bytes start end "
        "action\n"
        "eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000000 1700000060 ACCEPT\n",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct fixture *fixture;
        flow_log_setup((void **)&fixture);
        assert_int_equal(read_text(fixture, shapes[i]), 0);
        assert_nothing_told(fixture);
        assert_sample(fixture);
        flow_log_teardown((void **)&fixture);
    }
}

static void gzip_is_told_by_content(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_path(fixture, temporary_gzip(&fixture->temporary, "flow.log",
                                                       HEADER SAMPLE "\n", 0)),
                     0);
    assert_nothing_told(fixture);
    assert_sample(fixture);
}

static void given_format_is_used(void **state)
{
    struct fixture *fixture = *state;
    const char *path = temporary_text(
        &fixture->temporary, "a.log",
        "5 x eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000000 1700000060 ACCEPT\n");

    assert_int_equal(vw_evidence_read_flow_logs(
                         fixture->evidence, path,
                         "${version} ${vpc-id} ${interface-id} ${srcaddr} ${dstaddr} "
                         "${srcport} ${dstport} ${protocol} ${packets} ${bytes} "
                         "${start} ${end} ${action}",
                         fixture->diagnostics),
                     0);
    assert_nothing_told(fixture);
    assert_sample(fixture);
}

/* By the file's path, or else by the log stream. */
static const char *find_format(void *data, const char *path, const char *stream,
                               size_t stream_size)
{
    unsigned *asked = data;

    ++*asked;
    if (strstr(path, "fl-1"))
        return "${srcaddr} ${dstaddr} ${interface-id} ${action}";
    if (stream_size == 9 && memcmp(stream, "eni-2-all", 9) == 0)
        return "${dstaddr} ${srcaddr} ${interface-id} ${action}";
    return NULL;
}

static void formats_are_found(void **state)
{
    struct fixture *fixture = *state;
    unsigned asked = 0;

    vw_evidence_find_formats(fixture->evidence, find_format, &asked);
    read_path(fixture, temporary_text(&fixture->temporary, "x_fl-1_y.log",
                                      "10.0.0.1 10.0.0.2 eni-1 ACCEPT\n"));
    read_path(fixture, temporary_text(&fixture->temporary, "events.json",
                                      "{\"events\": [{\"logStreamName\": \"eni-2-all\", "
                                      "\"timestamp\": 1700000000000, \"message\": "
                                      "\"10.0.0.4 10.0.0.3 eni-2 REJECT\"}]}"));
    read_path(fixture, temporary_text(&fixture->temporary, "default.log", SAMPLE));
    assert_int_equal(asked, 3);
    assert_int_equal(vw_evidence_count(fixture->evidence), 3);
    assert_address(row(fixture, 0)->source, "10.0.0.1");
    assert_string_equal(row(fixture, 0)->vantage, "eni-1");
    assert_address(row(fixture, 1)->source, "10.0.0.3");
    assert_address(row(fixture, 1)->destination, "10.0.0.4");
    assert_int_equal(row(fixture, 2)->destination_port, 443);
}

static void given_format_must_be_one(void **state)
{
    static const char *const formats[] = {"", "nothing known"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct fixture *fixture;
        const char *path;
        flow_log_setup((void **)&fixture);
        path = temporary_text(&fixture->temporary, "a.log", SAMPLE);
        assert_int_equal(vw_evidence_read_flow_logs(fixture->evidence, path, formats[i],
                                                    fixture->diagnostics),
                         VW_ERROR_INPUT);
        assert_told(fixture, 0, "flow-log-format", 0, "found none");
        assert_int_equal(vw_evidence_count(fixture->evidence), 0);
        flow_log_teardown((void **)&fixture);
    }
}

static void unknown_fields_are_passed_over(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, "srcaddr colour dstaddr dstaddr action\n"
                                        "10.0.0.1 blue 10.0.0.2 10.0.0.3 REJECT\n"),
                     0);
    assert_told(fixture, 0, "unknown-flow-log-field", 1, "\"colour\"");
    assert_address(row(fixture, 0)->destination, "10.0.0.2");
    assert_int_equal(row(fixture, 0)->action, VW_FLOW_ACTION_REJECT);
    assert_null(row(fixture, 0)->vantage);
    assert_true(row(fixture, 0)->first == VW_TIME_UNKNOWN);
}

static void all_fields_are_known(void **state)
{
    struct fixture *fixture = *state;
    static const char *const text =
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol "
        "packets bytes start end action log-status vpc-id subnet-id instance-id "
        "tcp-flags type pkt-srcaddr pkt-dstaddr region az-id sublocation-type "
        "sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction "
        "traffic-path ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn "
        "ecs-container-instance-id ecs-container-id ecs-second-container-id "
        "ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id "
        "reject-reason resource-id encryption-status instance-tag instance-tag-2 "
        "interface-tag interface-tag-2 asg-tag asg-tag-2 interface-type "
        "next-hop-interface-type next-hop-interface-id next-hop-subnet-id "
        "next-hop-az-id next-hop-vpc-id\n"
        "11 1 eni-1 10.0.0.1 192.0.2.1 40000 443 6 5 - 1700000000 1700000060 REJECT OK "
        "vpc-1 subnet-1 i-1 2 IPv4 10.0.0.7 192.0.2.9 us-east-1 use1-az1 - - - S3 "
        "egress 8 - - - - - - - - - - BPA - 0 a b c d e f - - eni-9 - - -\n";
    const struct vw_observation *have;

    assert_int_equal(read_text(fixture, text), 0);
    assert_nothing_told(fixture);
    have = row(fixture, 0);
    assert_int_equal(have->direction, VW_FLOW_DIRECTION_EGRESS);
    assert_int_equal(have->action, VW_FLOW_ACTION_REJECT);
    assert_string_equal(have->reject_reason, "BPA");
    assert_int_equal(have->tcp_flags, 2);
    assert_address(have->packet_source, "10.0.0.7");
    assert_address(have->packet_destination, "192.0.2.9");
    assert_int_equal(have->packets, 5);
    assert_int_equal(have->bytes, VW_UNRECORDED);
    assert_int_equal(have->traffic_paths, 1U << 8);
    assert_string_equal(have->next_hop, "eni-9");
    assert_int_equal(have->lost[VW_LOST_BLACKHOLE], VW_UNRECORDED);
}

static void icmp_has_no_ports_and_udp_no_flags(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture,
                               "srcaddr dstaddr srcport dstport protocol tcp-flags\n"
                               "10.0.0.1 10.0.0.2 0 0 1 0\n"
                               "2001:db8::1 2001:db8::2 0 0 58 -\n"
                               "10.0.0.1 10.0.0.2 53 999 17 0\n"
                               "10.0.0.1 10.0.0.2 1 2 6 0\n"),
                     0);
    assert_int_equal(row(fixture, 0)->source_port, VW_UNRECORDED);
    assert_int_equal(row(fixture, 0)->tcp_flags, VW_UNRECORDED);
    assert_int_equal(row(fixture, 0)->icmp_type, VW_UNRECORDED);
    assert_int_equal(row(fixture, 1)->destination_port, VW_UNRECORDED);
    assert_int_equal(row(fixture, 2)->source_port, 53);
    assert_int_equal(row(fixture, 2)->tcp_flags, VW_UNRECORDED);
    assert_int_equal(row(fixture, 3)->tcp_flags, 0);
}

static void event_time_stands_in(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, "srcaddr dstaddr\n"
                                        "2023-11-14T22:13:20.000Z 10.0.0.1 10.0.0.2\n"),
                     0);
    assert_true(row(fixture, 0)->first == 1700000000 * SECOND);
    assert_true(row(fixture, 0)->last == 1700000000 * SECOND);
}

/* A line of the default format with one word changed. */
static void damaged_words_are_named(void **state)
{
    static const struct {
        const char *line, *part;
    } cases[] = {
        {"x 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 500 0 60 ACCEPT OK", "version: expected"},
        {"2 1 eni-1 10.0.0.256 10.0.0.2 1 2 6 5 500 0 60 ACCEPT OK",
         "srcaddr: expected an address, found \"10.0.0.256\""},
        {"2 1 eni-1 10.0.0.1 10.0.0 1 2 6 5 500 0 60 ACCEPT OK", "dstaddr: expected"},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 65536 2 6 5 500 0 60 ACCEPT OK",
         "srcport: expected a port, found \"65536\""},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 -2 6 5 500 0 60 ACCEPT OK",
         "dstport: expected a port, found \"-2\""},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 256 5 500 0 60 ACCEPT OK",
         "protocol: expected"},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 9223372036854775808 500 0 60 ACCEPT OK",
         "packets: expected"},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 5.5 0 60 ACCEPT OK", "bytes: expected"},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 500 9223372037 9223372038 ACCEPT OK",
         "start: expected seconds"},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 500 61 60 ACCEPT OK",
         "end: expected a time not before the start, found \"60\""},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 500 0 60 ACCEP OK",
         "action: expected ACCEPT or REJECT, found \"ACCEP\""},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 500 0 60 ACCEPT OKAY",
         "log-status: expected OK, NODATA or SKIPDATA"},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 500 0 60 ACCEPT",
         "expected 14 columns (as the header line says), found 13"},
        {"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 500 0 60 ACCEPT OK -",
         "expected 14 columns (as the header line says), found 15"},
        {"2 1 eni-\x01 10.0.0.1 10.0.0.2 1 2 6 5 500 0 60 ACCEPT OK",
         "interface-id: expected an id"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *fixture;
        char text[1024];
        flow_log_setup((void **)&fixture);
        snprintf(text, sizeof text, HEADER "%s\n" SAMPLE "\n", cases[i].line);
        assert_int_equal(read_text(fixture, text), 0);
        assert_told(fixture, 0, "damaged-line", 2, cases[i].part);
        assert_sample(fixture);
        flow_log_teardown((void **)&fixture);
    }
}

static void damage_is_counted_at_its_interface(void **state)
{
    struct fixture *fixture = *state;
    static const char bad[] =
        "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 5 500 0 60 MAYBE OK\nshort\n";
    char text[sizeof HEADER + sizeof SAMPLE + 4 * sizeof bad];

    snprintf(text, sizeof text, HEADER SAMPLE "\n%s%s%s%s", bad, bad, bad, bad);
    assert_int_equal(read_text(fixture, text), 0);
    assert_int_equal(vw_evidence_coverage_count(fixture->evidence), 2);
    assert_int_equal(coverage(fixture, 0)->damaged, 4);
    assert_null(coverage(fixture, 1)->vantage);
    assert_int_equal(coverage(fixture, 1)->damaged, 4);
    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 4);
    assert_told(fixture, 2, "damaged-line", 5, "action");
    assert_told(fixture, 3, "damaged-lines", 0, "8 lines");
    assert_true(coverage(fixture, 0)->cut); /* the last line lacks columns */
}

static void long_lines_are_damaged(void **state)
{
    struct fixture *fixture = *state;
    char *text = malloc(200000 + sizeof SAMPLE);

    memset(text, 'x', 200000);
    memcpy(text + 199990, "\n" SAMPLE, sizeof "\n" SAMPLE);
    assert_int_equal(read_text(fixture, text), 0);
    free(text);
    assert_told(fixture, 0, "damaged-line", 1, "at most 65536 bytes");
    assert_sample(fixture);
}

/* A transit gateway decides nothing, and tells why it lost packets. */
static void gateway_logs_have_attachments(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(
        read_text(
            fixture,
            "version resource-type tgw-attachment-id srcaddr dstaddr protocol "
            "packets packets-lost-no-route packets-lost-blackhole "
            "packets-lost-mtu-exceeded packets-lost-ttl-expired flow-direction\n"
            "6 TransitGateway tgw-attach-1 10.0.0.1 10.1.0.1 6 9 4 0 - - ingress\n"
            "6 TransitGateway tgw-attach-1 10.0.0.1 10.1.0.1 6 5 3 - 1 - ingress\n"),
        0);
    assert_nothing_told(fixture);
    assert_int_equal(vw_evidence_count(fixture->evidence), 1);
    assert_string_equal(row(fixture, 0)->vantage, "tgw-attach-1");
    assert_int_equal(row(fixture, 0)->action, VW_FLOW_ACTION_SEEN);
    assert_int_equal(row(fixture, 0)->direction, VW_FLOW_DIRECTION_INGRESS);
    assert_int_equal(row(fixture, 0)->lost[VW_LOST_NO_ROUTE], 7);
    assert_int_equal(row(fixture, 0)->lost[VW_LOST_BLACKHOLE], 0);
    assert_int_equal(row(fixture, 0)->lost[VW_LOST_MTU_EXCEEDED], 1);
    assert_int_equal(row(fixture, 0)->lost[VW_LOST_TTL_EXPIRED], VW_UNRECORDED);
}

static void columns_without_addresses_are_told(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, "version action bytes\n2 ACCEPT 5\n"), 0);
    assert_told(fixture, 0, "no-flows", 0, "no column srcaddr or dstaddr");
    assert_int_equal(vw_evidence_count(fixture->evidence), 0);
}

static void missing_header_is_explained(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, "eni-1 10.0.0.1 10.0.0.2\n"), VW_ERROR_INPUT);
    assert_told(fixture, 0, "damaged-line", 1, "found 3");
    assert_told(fixture, 1, "flow-log-format", 0, "give the flow log's LogFormat");
}

static void header_alone_is_read(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, HEADER), 0);
    assert_told(fixture, 0, "no-records", 0, "no flow log record");
}

static void nothing_there_is_said(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_path(fixture, fixture->temporary.folder), VW_ERROR_INPUT);
    assert_told(fixture, 0, "no-records", 0, "no file");
    assert_int_equal(read_path(fixture, "/nonexistent/flow.log"), VW_ERROR_INPUT);
    assert_told(fixture, 1, "unreadable-file", 0, "No such file");
    assert_int_equal(
        vw_evidence_read_flow_logs(fixture->evidence, "/nonexistent", NULL, NULL),
        VW_ERROR_INPUT);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, flow_log_setup, flow_log_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_gives_the_record),
        TEST(gzip_is_told_by_content),
        TEST(given_format_is_used),
        TEST(formats_are_found),
        cmocka_unit_test(given_format_must_be_one),
        TEST(unknown_fields_are_passed_over),
        TEST(all_fields_are_known),
        TEST(icmp_has_no_ports_and_udp_no_flags),
        TEST(event_time_stands_in),
        cmocka_unit_test(damaged_words_are_named),
        TEST(damage_is_counted_at_its_interface),
        TEST(long_lines_are_damaged),
        TEST(gateway_logs_have_attachments),
        TEST(columns_without_addresses_are_told),
        TEST(missing_header_is_explained),
        TEST(header_alone_is_read),
        TEST(nothing_there_is_said),
    };

    return cmocka_run_group_tests_name("flow_log", tests, NULL, NULL);
}
