/* Captures into evidence: what packets prove together, and what damage takes away. */
#include "evidence/witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "evidence/frames.h"

#define A 0x0a000001
#define B 0x0a000002
#define C 0x0a000003

enum { ETHERNET = 1, WIFI = 105, SLL = 113, RAW = 101 };
enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

/* Each packet has an IP id of its own, as hosts give them. */
static uint16_t next_id;

static struct bytes packet(uint32_t source, uint32_t destination, uint8_t protocol,
                           struct bytes payload)
{
    return ipv4(source, destination, protocol, (struct ipv4_options){.id = ++next_id},
                payload);
}

static struct bytes request(uint16_t id, uint16_t sequence)
{
    return packet(A, B, 1, echo(8, id, sequence));
}

static struct bytes reply(uint16_t id, uint16_t sequence)
{
    return packet(B, A, 1, echo(0, id, sequence));
}

static struct bytes open_capture(uint32_t link)
{
    struct bytes capture = no_bytes();

    next_id = 0;
    capture_header(&capture, link);
    return capture;
}

static int read_path(struct witness *witness, const char *path)
{
    return vw_evidence_read_capture(witness->evidence, "10.0.0.1", path,
                                    witness->diagnostics);
}

static int read_bytes(struct witness *witness, struct bytes capture)
{
    return read_path(witness, temporary_bytes(&witness->temporary, "a.pcap", capture.data,
                                              capture.size));
}

/* Reads the capture without a fault and compares all that came of it. */
static void check(struct witness *witness, struct bytes capture, const char *expected)
{
    assert_int_equal(read_bytes(witness, capture), 0);
    assert_string_equal(witness_text(witness), expected);
}

static void replies_are_paired_with_requests(void **state)
{
    struct bytes capture = open_capture(RAW);
    uint16_t i;

    for (i = 1; i <= 5; i++) {
        capture_frame(&capture, i, 0, request(7, i));
        if (i != 2 && i != 3)
            capture_frame(&capture, i, 500, reply(7, i));
    }
    check(*state, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x5 1-5 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x3 1-5 missing 2\n"
          "records 8 damaged 0\n");
}

static void the_last_second_decides_nothing(void **state)
{
    struct bytes capture = open_capture(RAW);
    uint16_t i;

    /* 1 is answered; 2 to 4 are old enough to be missing, 5 and 6 are not. */
    for (i = 1; i <= 6; i++) {
        capture_frame(&capture, i, 0, request(7, i));
        if (i == 1)
            capture_frame(&capture, i, 500, reply(7, i));
    }
    check(*state, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x6 1-6 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x1 1-1 missing 3\n"
          "records 7 damaged 0\n");
}

static void a_longer_capture_decides_them(void **state)
{
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, request(7, 1));
    capture_frame(&capture, 1, 500, reply(7, 1));
    capture_frame(&capture, 1, 900, request(7, 2));
    capture_frame(&capture, 9, 0, packet(A, C, 17, udp(1, 2, "later")));
    check(*state, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x2 1-2 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x1 1-1 missing 1\n"
          "out 10.0.0.1:1 > 10.0.0.3:2 udp x1\n"
          "records 4 damaged 0\n");
}

static void an_id_used_again_is_a_new_series(void **state)
{
    struct bytes capture = open_capture(RAW);
    uint16_t i;

    for (i = 1; i <= 3; i++)
        capture_frame(&capture, i, 0, request(7, i));
    for (i = 1; i <= 3; i++) {
        capture_frame(&capture, 60U + i, 0, request(7, i));
        capture_frame(&capture, 60U + i, 500, reply(7, i));
    }
    check(*state, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x6 1-3 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x3 1-3 missing 3\n"
          "records 9 damaged 0\n");
}

static void unanswered_series_count_beside_answered_ones(void **state)
{
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, request(7, 1));
    capture_frame(&capture, 1, 500, reply(7, 1));
    capture_frame(&capture, 2, 0, request(8, 1));
    capture_frame(&capture, 3, 0, request(8, 2));
    capture_frame(&capture, 20, 0, packet(A, C, 17, udp(1, 2, "later")));
    check(*state, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x3 1-2 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x1 1-1 missing 2\n"
          "out 10.0.0.1:1 > 10.0.0.3:2 udp x1\n"
          "records 5 damaged 0\n");
}

static void both_sides_may_use_one_id(void **state)
{
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, request(7, 1));
    capture_frame(&capture, 1, 1, packet(B, A, 1, echo(8, 7, 1)));
    capture_frame(&capture, 1, 2, reply(7, 1));
    capture_frame(&capture, 1, 3, packet(A, B, 1, echo(0, 7, 1)));
    check(*state, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x1 1-1 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 8/0 x1 1-1 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x1 1-1 missing 0\n"
          "out 10.0.0.1 > 10.0.0.2 icmp 0/0 x1 1-1 missing 0\n"
          "records 4 damaged 0\n");
}

static void numbers_run_on_past_65535(void **state)
{
    struct bytes capture = open_capture(RAW);
    uint32_t i;

    for (i = 65533; i <= 65538; i++) {
        capture_frame(&capture, i - 65000, 0, request(7, (uint16_t)i));
        capture_frame(&capture, i - 65000, 500, reply(7, (uint16_t)i));
    }
    check(*state, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x6 65533-65538 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x6 65533-65538 missing 0\n"
          "records 12 damaged 0\n");
}

static void a_packet_recorded_twice_counts_once(void **state)
{
    struct witness *witness = *state;
    struct bytes capture = open_capture(RAW);
    struct bytes twice = request(7, 1);

    capture_frame(&capture, 1, 0, twice);
    twice.data[8]--; /* merged captures have it with another TTL */
    capture_frame(&capture, 1, 3, twice);
    capture_frame(&capture, 1, 500000, twice); /* too late to be the same */
    check(witness, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x2 1-1 missing 0\n"
          "records 3 damaged 0\n");
    witness_told(witness, 0, "packets-repeated", 0);
}

static struct bytes cooked(unsigned type, struct bytes payload)
{
    struct bytes header = no_bytes();

    put_16(&header, type);
    put_zeros(&header, 12);
    put_16(&header, 0x0800);
    return join(header, payload);
}

static void a_router_sees_both_sides(void **state)
{
    struct bytes capture = open_capture(SLL);
    struct bytes twice = request(7, 1);

    capture_frame(&capture, 1, 0, cooked(0, twice));
    capture_frame(&capture, 1, 3, cooked(4, twice));
    capture_frame(&capture, 1, 9, cooked(0, reply(7, 1)));
    check(*state, capture,
          "in 10.0.0.1 > 10.0.0.2 icmp 8/0 x1 1-1 missing 0\n"
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x1 1-1 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x1 1-1 missing 0\n"
          "records 3 damaged 0\n");
}

static void others_have_no_direction(void **state)
{
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, packet(B, C, 47, no_bytes()));
    check(*state, capture,
          "? 10.0.0.2 > 10.0.0.3 protocol 47 x1\n"
          "records 1 damaged 0\n");
}

static struct bytes fragment(uint16_t offset, struct bytes payload)
{
    return ipv4(A, B, 1, (struct ipv4_options){99, offset, 0}, payload);
}

static void fragments_are_one_packet(void **state)
{
    static const char expected[] = "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x1 1-1 missing 0\n"
                                   "records 2 damaged 0\n";
    struct witness *witness = *state;
    struct bytes first = fragment(0x2000, echo(8, 7, 1));
    struct bytes second = fragment(1, echo(0, 0, 0));
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, first);
    capture_frame(&capture, 1, 1, second);
    check(witness, capture, expected);
    assert_int_equal(vw_evidence_get(witness->evidence, 0)->bytes, 56);
    assert_int_equal(vw_evidence_get(witness->evidence, 0)->records, 2);

    witness_again(witness);
    capture = open_capture(RAW);
    capture_frame(&capture, 1, 0, second);
    capture_frame(&capture, 1, 1, first);
    check(witness, capture, expected);
    assert_int_equal(vw_evidence_get(witness->evidence, 0)->bytes, 56);

    witness_again(witness);
    capture = open_capture(RAW);
    capture_frame(&capture, 1, 0, second);
    check(witness, capture, "records 1 damaged 1\n");
    witness_told(witness, 0, "fragments-without-first", 0);
}

static void errors_name_what_they_are_about(void **state)
{
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, packet(C, A, 1, icmp(3, 13, request(7, 1))));
    capture_frame(&capture, 1, 1, packet(C, A, 1, icmp(3, 13, request(7, 2))));
    check(*state, capture,
          "in 10.0.0.3 > 10.0.0.1 icmp 3/13 x2 about 10.0.0.1 > 10.0.0.2\n"
          "records 2 damaged 0\n");
}

static void flags_are_those_of_flow_logs(void **state)
{
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, packet(A, B, 6, tcp(4000, 443, SYN)));
    capture_frame(&capture, 1, 1, packet(B, A, 6, tcp(443, 4000, SYN | ACK)));
    capture_frame(&capture, 1, 2, packet(A, B, 6, tcp(4000, 443, ACK)));
    capture_frame(&capture, 1, 3, packet(A, B, 6, tcp(4000, 443, FIN | ACK)));
    capture_frame(&capture, 1, 4, packet(A, B, 6, tcp(4001, 444, SYN)));
    capture_frame(&capture, 1, 5, packet(B, A, 6, tcp(444, 4001, RST | ACK)));
    check(*state, capture,
          "out 10.0.0.1:4000 > 10.0.0.2:443 tcp x3 flags 3\n"
          "in 10.0.0.2:443 > 10.0.0.1:4000 tcp x1 flags 18\n"
          "out 10.0.0.1:4001 > 10.0.0.2:444 tcp x1 flags 2\n"
          "in 10.0.0.2:444 > 10.0.0.1:4001 tcp x1 flags 4\n"
          "records 6 damaged 0\n");
}

static void short_records_are_no_absence(void **state)
{
    struct witness *witness = *state;
    struct bytes capture = open_capture(ETHERNET);

    capture_cut(&capture, 1, ethernet(0x0800, request(7, 1)), 34);
    capture_cut(&capture, 2, ethernet(0x0800, request(7, 2)), 38);
    capture_frame(&capture, 3, 0, ethernet(0x0806, no_bytes()));
    check(witness, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x1\n"
          "records 2 damaged 1 cut\n");
    witness_told(witness, 0, "packets-cut", 0);
}

static void damage_leaves_what_came_before(void **state)
{
    struct witness *witness = *state;
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, request(7, 1));
    capture_frame(&capture, 1, 1, reply(7, 1));
    capture_frame(&capture, 1, 2, request(7, 2));
    capture.size -= 5;
    check(witness, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x1 1-1 missing 0\n"
          "in 10.0.0.2 > 10.0.0.1 icmp 0/0 x1 1-1 missing 0\n"
          "records 2 damaged 0 cut\n");
    witness_told(witness, 0, "damaged-capture", 3);
}

static void a_file_of_nothing_covers_no_time(void **state)
{
    struct witness *witness = *state;

    check(witness, open_capture(RAW), "records 0 damaged 0\n");
    assert_int_equal(vw_evidence_coverage_get(witness->evidence, 0)->first,
                     VW_TIME_UNKNOWN);
}

static void times_stand_in_rows_and_coverage(void **state)
{
    struct witness *witness = *state;
    struct bytes capture = open_capture(RAW);
    const struct vw_observation *row;
    const struct vw_coverage *coverage;

    capture_frame(&capture, 5, 250000, request(7, 1));
    capture_frame(&capture, 3, 0, request(7, 2));          /* time goes back */
    capture_frame(&capture, 4294967295, 0, request(7, 3)); /* 2106 */
    assert_int_equal(read_bytes(witness, capture), 0);
    row = vw_evidence_get(witness->evidence, 0);
    assert_int_equal(row->first, INT64_C(3000000000));
    assert_int_equal(row->last, INT64_C(4294967295000000000));
    assert_int_equal(row->line, 1);
    assert_int_equal(row->bytes, 84);
    assert_string_equal(row->vantage, "10.0.0.1");
    coverage = vw_evidence_coverage_get(witness->evidence, 0);
    assert_int_equal(coverage->first, row->first);
    assert_int_equal(coverage->last, row->last);
    assert_int_equal(coverage->kind, VW_EVIDENCE_CAPTURE);
}

static void the_window_is_kept(void **state)
{
    struct witness *witness = *state;
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, request(7, 1));
    capture_frame(&capture, 9, 0, request(7, 2));
    vw_evidence_free(witness->evidence);
    witness->evidence = vw_evidence_create(INT64_C(5000000000), VW_TIME_UNKNOWN);
    check(witness, capture,
          "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x1 2-2 missing 0\n"
          "records 2 damaged 0\n");
}

static void what_cannot_be_read_is_named(void **state)
{
    struct witness *witness = *state;
    struct bytes capture = open_capture(WIFI);
    static const char *const refused[] = {"", "this is no capture, only text\n",
                                          "\375\067zXZ and so on"};
    size_t i;

    assert_int_equal(read_bytes(witness, capture), VW_ERROR_INPUT);
    witness_told(witness, 0, "unsupported-link-type", 0);
    assert_non_null(
        strstr(vw_diagnostics_get(witness->diagnostics, 0)->message, "IEEE802_11 (105)"));
    for (i = 0; i < sizeof refused / sizeof *refused; i++) {
        witness_again(witness);
        assert_int_equal(
            read_path(witness, temporary_text(&witness->temporary, "a.pcap", refused[i])),
            VW_ERROR_INPUT);
        witness_told(witness, 0, "not-a-capture", 0);
        assert_string_equal(witness_text(witness), "");
    }
}

static void a_folder_is_read_whole(void **state)
{
    struct witness *witness = *state;
    struct bytes capture = open_capture(RAW);

    capture_frame(&capture, 1, 0, request(7, 1));
    temporary_bytes(&witness->temporary, "tree/a.pcap", capture.data, capture.size);
    temporary_text(&witness->temporary, "tree/b.txt", "no capture");
    temporary_bytes(&witness->temporary, "tree/c/d.pcap", capture.data, capture.size);
    assert_int_equal(read_path(witness, witness->temporary.folder), 0);
    assert_string_equal(witness_text(witness),
                        "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x1 1-1 missing 0\n"
                        "out 10.0.0.1 > 10.0.0.2 icmp 8/0 x1 1-1 missing 0\n"
                        "records 1 damaged 0\nrecords 1 damaged 0\n");
    witness_told(witness, 0, "not-a-capture", 0);
}

static void mutations_are_survived(void **state)
{
    struct bytes capture = open_capture(SLL);

    capture_frame(&capture, 1, 0, cooked(4, request(7, 1)));
    capture_frame(&capture, 1, 1, cooked(0, reply(7, 1)));
    capture_frame(&capture, 1, 2, cooked(0, packet(C, A, 1, icmp(3, 1, request(7, 2)))));
    capture_frame(&capture, 1, 3, cooked(4, fragment(0x2000, echo(8, 7, 3))));
    capture_frame(&capture, 1, 4, cooked(4, fragment(1, echo(0, 0, 0))));
    capture_frame(&capture, 1, 5, cooked(4, packet(A, B, 6, tcp(4000, 443, SYN))));
    witness_mutate(*state, read_path, capture.data, capture.size, 1500);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, witness_setup, witness_teardown)
    const struct CMUnitTest tests[] = {
        TEST(replies_are_paired_with_requests),
        TEST(the_last_second_decides_nothing),
        TEST(a_longer_capture_decides_them),
        TEST(an_id_used_again_is_a_new_series),
        TEST(unanswered_series_count_beside_answered_ones),
        TEST(both_sides_may_use_one_id),
        TEST(numbers_run_on_past_65535),
        TEST(a_packet_recorded_twice_counts_once),
        TEST(a_router_sees_both_sides),
        TEST(others_have_no_direction),
        TEST(fragments_are_one_packet),
        TEST(errors_name_what_they_are_about),
        TEST(flags_are_those_of_flow_logs),
        TEST(short_records_are_no_absence),
        TEST(damage_leaves_what_came_before),
        TEST(a_file_of_nothing_covers_no_time),
        TEST(times_stand_in_rows_and_coverage),
        TEST(the_window_is_kept),
        TEST(what_cannot_be_read_is_named),
        TEST(a_folder_is_read_whole),
        TEST(mutations_are_survived),
    };

    return cmocka_run_group_tests_name("capture", tests, NULL, NULL);
}
