/* The table of observations: what makes two records one row, and how they sum up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "evidence/table.h"

static struct vw_observation sample(void)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_FLOW_LOG);

    row.file = "a.log";
    row.line = 7;
    row.vantage = "eni-1";
    row.direction = VW_FLOW_DIRECTION_EGRESS;
    row.source = vw_address_ipv4(0x0a000001);
    row.destination = vw_address_ipv4(0x0a000002);
    row.protocol = 6;
    row.source_port = 40000;
    row.destination_port = 443;
    row.action = VW_FLOW_ACTION_ACCEPT;
    row.tcp_flags = 2;
    row.first = 100;
    row.last = 200;
    row.packets = 5;
    row.bytes = 500;
    return row;
}

static void empty_row_records_nothing(void **state)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_PING);

    (void)state;
    assert_int_equal(row.kind, VW_EVIDENCE_PING);
    assert_null(row.file);
    assert_null(row.vantage);
    assert_int_equal(row.source.family, VW_FAMILY_NONE);
    assert_int_equal(row.protocol, VW_UNRECORDED);
    assert_int_equal(row.source_port, VW_UNRECORDED);
    assert_int_equal(row.icmp_type, VW_UNRECORDED);
    assert_int_equal(row.tcp_flags, VW_UNRECORDED);
    assert_true(row.first == VW_TIME_UNKNOWN && row.last == VW_TIME_UNKNOWN);
    assert_int_equal(row.packets, VW_UNRECORDED);
    assert_int_equal(row.missing_sequences, VW_UNRECORDED);
    assert_int_equal(row.records, 1);
}

static void same_key_sums_up(void **state)
{
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_observation row = sample();
    const struct vw_observation *have;
    char vantage[] = "eni-1"; /* another pointer, the same text */
    size_t index = 99;

    (void)state;
    assert_int_equal(vw_evidence_add(evidence, &row, &index), 0);
    assert_int_equal(index, 0);
    row.vantage = vantage;
    row.line = 9;
    row.first = 50;
    row.last = VW_TIME_UNKNOWN;
    row.tcp_flags = 16;
    row.packets = VW_UNRECORDED;
    row.bytes = 70;
    row.reject_reason = "BPA";
    row.first_sequence = 3;
    row.last_sequence = 3;
    assert_int_equal(vw_evidence_add(evidence, &row, &index), 0);
    assert_int_equal(index, 0);
    row.first = 900;
    row.last = 950;
    row.tcp_flags = VW_UNRECORDED;
    row.packets = 2;
    row.first_sequence = 1;
    row.last_sequence = 8;
    assert_int_equal(vw_evidence_add(evidence, &row, NULL), 0);
    assert_int_equal(vw_evidence_count(evidence), 1);
    have = vw_evidence_get(evidence, 0);
    assert_int_equal(have->line, 7);
    assert_true(have->first == 50 && have->last == 950);
    assert_int_equal(have->tcp_flags, 18);
    assert_int_equal(have->records, 3);
    assert_true(have->packets == 7 && have->bytes == 640);
    assert_true(have->first_sequence == 1 && have->last_sequence == 8);
    assert_string_equal(have->reject_reason, "BPA");
    memset(vantage, 'x', sizeof vantage - 1);
    assert_string_equal(have->vantage, "eni-1");
    vw_evidence_free(evidence);
}

/* Changes one field that belongs to the key. */
static void change(struct vw_observation *row, int field)
{
    switch (field) {
    case 0:
        row->kind = VW_EVIDENCE_CAPTURE;
        break;
    case 1:
        row->file = "b.log";
        break;
    case 2:
        row->vantage = "eni-2";
        break;
    case 3:
        row->vantage = NULL;
        break;
    case 4:
        row->direction = VW_FLOW_DIRECTION_INGRESS;
        break;
    case 5:
        row->source.low ^= 1;
        break;
    case 6:
        row->source.family = VW_FAMILY_IPV6;
        break;
    case 7:
        row->destination.low ^= UINT64_C(1) << 31;
        break;
    case 8:
        row->packet_source = vw_address_ipv4(1);
        break;
    case 9:
        row->packet_destination = vw_address_ipv4(1);
        break;
    case 10:
        row->protocol = 17;
        break;
    case 11:
        row->source_port++;
        break;
    case 12:
        row->destination_port++;
        break;
    case 13:
        row->icmp_type = 8;
        break;
    case 14:
        row->icmp_code = 0;
        break;
    case 15:
        row->action = VW_FLOW_ACTION_REJECT;
        break;
    case 16:
        row->file = NULL;
        break;
    default:
        fail();
    }
}

static void every_key_field_parts_rows(void **state)
{
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_observation row = sample();
    size_t index;
    int round, field;

    (void)state;
    assert_int_equal(vw_evidence_add(evidence, &row, NULL), 0);
    for (round = 0; round < 2; round++) {
        for (field = 0; field <= 16; field++) {
            row = sample();
            change(&row, field);
            assert_int_equal(vw_evidence_add(evidence, &row, &index), 0);
            assert_int_equal(index, field + 1);
        }
    }
    assert_int_equal(vw_evidence_count(evidence), 18);
    vw_evidence_free(evidence);
}

/* So many rows that differ in one field only that they meet in the index. */
static void one_field_parts_many_rows(void **state)
{
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    size_t index, expected = 0;
    int field, round, i;

    (void)state;
    for (round = 0; round < 2; round++) {
        expected = 0;
        for (field = 0; field < 10; field++) {
            for (i = 0; i < 250; i++) {
                struct vw_observation row = sample();
                int32_t *const numbers[] = {&row.source_port, &row.destination_port,
                                            &row.icmp_type, &row.icmp_code};
                struct vw_address *const addresses[] = {&row.source, &row.destination,
                                                        &row.packet_source,
                                                        &row.packet_destination};
                if (field < 4)
                    *numbers[field] = i;
                else if (field < 8)
                    *addresses[field - 4] = vw_address_ipv4((uint32_t)i << 8);
                else if (field == 8)
                    row.protocol = i + 7;
                else
                    row.source.high = (uint64_t)(i + 1) << 32;
                assert_int_equal(vw_evidence_add(evidence, &row, &index), 0);
                assert_int_equal(index, expected++);
            }
        }
    }
    vw_evidence_free(evidence);
}

static void many_rows_keep_their_places(void **state)
{
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_observation row = sample();
    char vantage[32];
    size_t index;
    unsigned i;

    (void)state;
    row.vantage = vantage;
    for (i = 0; i < 40000; i++) {
        unsigned n = i % 20000;
        row.source = vw_address_ipv4(n << 16 | n >> 4);
        snprintf(vantage, sizeof vantage, "eni-%u", n % 777);
        assert_int_equal(vw_evidence_add(evidence, &row, &index), 0);
        assert_int_equal(index, n);
    }
    assert_int_equal(vw_evidence_count(evidence), 20000);
    for (i = 0; i < 20000; i++) {
        const struct vw_observation *have = vw_evidence_get(evidence, i);
        assert_int_equal(have->source.low, (uint32_t)(i << 16 | i >> 4));
        assert_int_equal(have->records, 2);
        assert_int_equal(have->packets, 10);
    }
    vw_evidence_free(evidence);
}

static void counts_do_not_overflow(void **state)
{
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_observation row = sample();

    (void)state;
    row.packets = INT64_MAX - 1;
    row.bytes = INT64_MAX;
    assert_int_equal(vw_evidence_add(evidence, &row, NULL), 0);
    assert_int_equal(vw_evidence_add(evidence, &row, NULL), 0);
    assert_true(vw_evidence_get(evidence, 0)->packets == INT64_MAX);
    assert_true(vw_evidence_get(evidence, 0)->bytes == INT64_MAX);
    vw_evidence_free(evidence);
}

static void window_is_inclusive(void **state)
{
    static const struct {
        int64_t since, until, first, last;
        bool in;
    } cases[] = {
        {VW_TIME_UNKNOWN, VW_TIME_UNKNOWN, 0, 0, true},
        {100, 200, 50, 99, false},
        {100, 200, 50, 100, true},
        {100, 200, 200, 300, true},
        {100, 200, 201, 300, false},
        {100, 200, 50, 300, true},
        {100, 200, 120, 130, true},
        {100, VW_TIME_UNKNOWN, 99, 99, false},
        {100, VW_TIME_UNKNOWN, 1000, 1000, true},
        {VW_TIME_UNKNOWN, 200, -5, -5, true},
        {VW_TIME_UNKNOWN, 200, 201, 201, false},
        {100, 200, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN, true},
        {100, 200, VW_TIME_UNKNOWN, 99, false},
        {100, 200, 150, VW_TIME_UNKNOWN, true},
        {100, 200, 201, VW_TIME_UNKNOWN, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct vw_evidence *evidence = vw_evidence_create(cases[i].since, cases[i].until);
        struct vw_observation row = sample();
        size_t index = 5;

        row.first = cases[i].first;
        row.last = cases[i].last;
        assert_int_equal(vw_evidence_in_window(evidence, row.first, row.last),
                         cases[i].in);
        assert_int_equal(vw_evidence_add(evidence, &row, &index), 0);
        assert_true(index == (cases[i].in ? 0 : SIZE_MAX));
        assert_int_equal(vw_evidence_count(evidence), cases[i].in);
        vw_evidence_free(evidence);
    }
}

static void coverage_is_one_a_file_and_vantage(void **state)
{
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_coverage *first, *second;
    char vantage[32];
    unsigned i;

    (void)state;
    first = vw_evidence_coverage(evidence, VW_EVIDENCE_FLOW_LOG, "a", NULL);
    assert_non_null(first);
    assert_true(first->first == VW_TIME_UNKNOWN && first->last == VW_TIME_UNKNOWN);
    second = vw_evidence_coverage(evidence, VW_EVIDENCE_FLOW_LOG, "a", "eni-1");
    assert_ptr_not_equal(first, second);
    assert_ptr_not_equal(vw_evidence_coverage(evidence, VW_EVIDENCE_PING, "a", NULL),
                         first);
    for (i = 0; i < 500; i++) {
        snprintf(vantage, sizeof vantage, "v%u", i);
        assert_non_null(
            vw_evidence_coverage(evidence, VW_EVIDENCE_CAPTURE, "b", vantage));
    }
    assert_int_equal(vw_evidence_coverage_count(evidence), 503);
    assert_ptr_equal(vw_evidence_coverage(evidence, VW_EVIDENCE_FLOW_LOG, "a", NULL),
                     first);
    vw_coverage_widen(second, 10, 20);
    vw_coverage_widen(second, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    vw_coverage_widen(second, 5, VW_TIME_UNKNOWN);
    assert_true(second->first == 5 && second->last == 20);
    assert_string_equal(vw_evidence_coverage_get(evidence, 3)->vantage, "v0");
    vw_evidence_free(evidence);
}

static void kinds_have_words(void **state)
{
    (void)state;
    assert_string_equal(vw_evidence_kind_slug(VW_EVIDENCE_FLOW_LOG), "flow-log");
    assert_string_equal(vw_evidence_kind_noun(VW_EVIDENCE_PING), "ping transcript");
    vw_evidence_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_row_records_nothing),
        cmocka_unit_test(same_key_sums_up),
        cmocka_unit_test(every_key_field_parts_rows),
        cmocka_unit_test(one_field_parts_many_rows),
        cmocka_unit_test(many_rows_keep_their_places),
        cmocka_unit_test(counts_do_not_overflow),
        cmocka_unit_test(window_is_inclusive),
        cmocka_unit_test(coverage_is_one_a_file_and_vantage),
        cmocka_unit_test(kinds_have_words),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
