/* The table of flows: what makes two records one row, sums, threads, and its limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/address.h"
#include "evidence/flow_table.h"
#include "evidence/table.h"

struct filled {
    struct vw_flow_table table;
    struct vw_flow_worker worker;
};

static int setup(void **state)
{
    struct filled *filled = calloc(1, sizeof *filled);

    vw_flow_table_init(&filled->table, 0);
    *state = filled;
    return 0;
}

static int teardown(void **state)
{
    struct filled *filled = *state;

    vw_flow_table_free(&filled->table);
    free(filled);
    return 0;
}

static struct vw_slice slice(const char *text)
{
    return vw_slice_of(text);
}

static struct vw_observation sample(void)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_FLOW_LOG);

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

static void add(struct filled *filled, const struct vw_observation *row,
                const char *vantage, uint64_t witness)
{
    const struct vw_flow_words words = {slice(vantage), {NULL, 0}, {NULL, 0}};

    assert_int_equal(
        vw_flow_table_add(&filled->table, &filled->worker, row, &words, witness), 0);
}

static size_t count(struct filled *filled)
{
    assert_int_equal(vw_flow_table_flush(&filled->table, &filled->worker), 0);
    return vw_flow_table_count(&filled->table);
}

static struct vw_observation only_row(struct filled *filled)
{
    struct vw_observation row;
    uint32_t ref;

    assert_int_equal(count(filled), 1);
    vw_flow_table_refs(&filled->table, &ref);
    vw_flow_table_observe(&filled->table, ref, &row);
    return row;
}

static void same_key_sums_up(void **state)
{
    struct filled *filled = *state;
    struct vw_observation row = sample();

    add(filled, &row, "eni-1", VW_FLOW_WITNESS(2, 7));
    row.first = 50;
    row.last = VW_TIME_UNKNOWN;
    row.tcp_flags = 16;
    row.packets = VW_UNRECORDED;
    row.bytes = 70;
    row.traffic_paths = 1U << 8;
    add(filled, &row, "eni-1", VW_FLOW_WITNESS(1, 9));
    row.first = VW_TIME_UNKNOWN;
    row.last = 950;
    row.tcp_flags = VW_UNRECORDED;
    row.packets = 2;
    row.traffic_paths = 1U << 1;
    add(filled, &row, "eni-1", VW_FLOW_WITNESS(3, 1));
    row = only_row(filled);
    assert_int_equal(row.line, 9); /* of the first file */
    assert_string_equal(row.vantage, "eni-1");
    assert_true(row.first == 50 && row.last == 950);
    assert_int_equal(row.tcp_flags, 18);
    assert_int_equal(row.records, 3);
    assert_true(row.packets == 7 && row.bytes == 640);
    assert_int_equal(row.traffic_paths, 1U << 8 | 1U << 1);
    assert_null(row.reject_reason);
}

/* What comes first in byte order, whichever record has it. */
static void texts_and_losses_sum_up(void **state)
{
    static const char *const orders[][3] = {
        {"", "EC", "BPA"}, {"BPA", "", "EC"}, {"EC", "BPA", ""}};
    size_t i, j;

    (void)state;
    for (i = 0; i < 3; i++) {
        struct filled *filled;
        struct vw_observation row = sample();
        setup((void **)&filled);
        for (j = 0; j < 3; j++) {
            const struct vw_flow_words words = {slice("eni-1"), slice(orders[i][j]),
                                                slice(j == 1 ? "eni-9" : "")};
            row.lost[VW_LOST_BLACKHOLE] = j == 0 ? VW_UNRECORDED : (int64_t)j;
            assert_int_equal(
                vw_flow_table_add(&filled->table, &filled->worker, &row, &words, j + 1),
                0);
        }
        row = only_row(filled);
        assert_string_equal(row.reject_reason, "BPA");
        assert_string_equal(row.next_hop, "eni-9");
        assert_int_equal(row.lost[VW_LOST_BLACKHOLE], 3);
        assert_int_equal(row.lost[VW_LOST_NO_ROUTE], VW_UNRECORDED);
        teardown((void **)&filled);
    }
}

/* Changes one field that belongs to the key. */
static void change(struct vw_observation *row, int field)
{
    static const struct vw_address wide = {UINT64_C(0x20010db800000000), 1,
                                           VW_FAMILY_IPV6};

    switch (field) {
    case 0:
        row->direction = VW_FLOW_DIRECTION_INGRESS;
        break;
    case 1:
        row->direction = VW_FLOW_DIRECTION_UNKNOWN;
        break;
    case 2:
        row->source.low ^= 1;
        break;
    case 3:
        row->source = wide;
        break;
    case 4:
        row->destination.low ^= UINT64_C(1) << 31;
        break;
    case 5:
        row->packet_source = vw_address_ipv4(0);
        break;
    case 6:
        row->packet_destination = vw_address_ipv4(1);
        break;
    case 7:
        row->packet_destination = wide;
        break;
    case 8:
        row->protocol = 17;
        break;
    case 9:
        row->protocol = VW_UNRECORDED;
        break;
    case 10:
        row->source_port++;
        break;
    case 11:
        row->destination_port = 0;
        break;
    case 12:
        row->destination_port = VW_UNRECORDED;
        break;
    case 13:
        row->action = VW_FLOW_ACTION_REJECT;
        break;
    case 14:
        row->action = VW_FLOW_ACTION_SEEN;
        break;
    case 15:
        row->protocol = 0;
        break;
    default:
        fail();
    }
}

static void every_key_field_parts_rows(void **state)
{
    struct filled *filled = *state;
    struct vw_observation row = sample();
    int round, field;

    for (round = 0; round < 2; round++) {
        add(filled, &row, "eni-1", 1);
        add(filled, &row, "eni-2", 1);
        add(filled, &row, "", 1);
        for (field = 0; field < 16; field++) {
            row = sample();
            change(&row, field);
            add(filled, &row, "eni-1", 1);
        }
        row = sample();
        assert_int_equal(count(filled), 19);
    }
}

/* Every field comes back as it went in. */
static void rows_come_back(void **state)
{
    int field;

    (void)state;
    for (field = 0; field < 16; field++) {
        struct filled *filled;
        struct vw_observation row = sample(), have;
        setup((void **)&filled);
        change(&row, field);
        add(filled, &row, "", 5);
        have = only_row(filled);
        assert_null(have.vantage);
        assert_int_equal(have.direction, row.direction);
        assert_true(vw_address_equal(have.source, row.source));
        assert_true(vw_address_equal(have.destination, row.destination));
        assert_true(vw_address_equal(have.packet_source, row.packet_source));
        assert_true(vw_address_equal(have.packet_destination, row.packet_destination));
        assert_int_equal(have.protocol, row.protocol);
        assert_int_equal(have.source_port, row.source_port);
        assert_int_equal(have.destination_port, row.destination_port);
        assert_int_equal(have.action, row.action);
        assert_int_equal(have.icmp_type, VW_UNRECORDED);
        assert_int_equal(have.first_sequence, VW_UNRECORDED);
        teardown((void **)&filled);
    }
}

enum { THREADS = 4, RECORDS = 60000, FLOWS = 7001 };

struct part {
    struct vw_flow_table *table;
    unsigned number;
    int error;
};

static struct vw_observation record_of(unsigned i)
{
    struct vw_observation row = sample();
    unsigned flow = i % FLOWS;

    row.source = vw_address_ipv4(flow * 65537);
    if (flow % 5 == 0)
        row.destination = (struct vw_address){flow, flow % 300, VW_FAMILY_IPV6};
    row.bytes = i;
    row.first = (int64_t)(i * 7919 % RECORDS);
    row.last = row.first + 10;
    return row;
}

static void *add_part(void *data)
{
    struct part *part = data;
    struct vw_flow_worker *worker = calloc(1, sizeof *worker);
    char vantage[32];
    unsigned i;

    for (i = part->number; i < RECORDS && !part->error; i += THREADS) {
        const struct vw_observation row = record_of(i);
        struct vw_flow_words words = {{NULL, 0}, {NULL, 0}, {NULL, 0}};

        snprintf(vantage, sizeof vantage, "eni-%u", i % FLOWS % 900);
        words.vantage = slice(vantage);
        if (i % FLOWS % 11 == 0)
            words.reject_reason = slice(i % 2 ? "BPA" : "EC");
        part->error = vw_flow_table_add(part->table, worker, &row, &words, i);
    }
    if (!part->error)
        part->error = vw_flow_table_flush(part->table, worker);
    free(worker);
    return NULL;
}

/* The sums of four threads are those of one loop. */
static void threads_add_up(void **state)
{
    struct filled *filled = *state;
    struct part parts[THREADS];
    pthread_t threads[THREADS];
    int64_t *bytes = calloc(FLOWS, sizeof *bytes);
    uint32_t refs[FLOWS];
    unsigned i;

    for (i = 0; i < THREADS; i++) {
        parts[i] = (struct part){&filled->table, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, add_part, &parts[i]), 0);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(parts[i].error, 0);
    }
    for (i = 0; i < RECORDS; i++)
        bytes[i % FLOWS] += i;
    assert_int_equal(vw_flow_table_count(&filled->table), FLOWS);
    vw_flow_table_refs(&filled->table, refs);
    for (i = 0; i < FLOWS; i++) {
        struct vw_observation row;
        unsigned flow;

        vw_flow_table_observe(&filled->table, refs[i], &row);
        flow = (unsigned)row.line; /* the first record of a flow is its number */
        assert_in_range(flow, 0, FLOWS - 1);
        assert_int_equal(row.bytes, bytes[flow]);
        assert_int_equal(row.records, RECORDS / FLOWS + (flow < RECORDS % FLOWS));
        assert_int_equal(flow % 5 == 0, row.destination.family == VW_FAMILY_IPV6);
        assert_int_equal(flow % 11 == 0, row.reject_reason != NULL);
        if (row.reject_reason)
            assert_string_equal(row.reject_reason, "BPA");
    }
    free(bytes);
}

static void counts_do_not_overflow(void **state)
{
    struct filled *filled = *state;
    struct vw_observation row = sample();

    row.packets = INT64_MAX - 1;
    add(filled, &row, "eni-1", 1);
    add(filled, &row, "eni-1", 1);
    row = only_row(filled);
    assert_true(row.packets == INT64_MAX);
}

static void memory_has_an_end(void **state)
{
    struct filled *filled = *state;
    int error = 0;
    unsigned i;

    vw_flow_table_free(&filled->table);
    vw_flow_table_init(&filled->table, 2000000);
    for (i = 0; i < 100000 && !error; i++) {
        struct vw_observation row = sample();
        const struct vw_flow_words words = {{NULL, 0}, {NULL, 0}, {NULL, 0}};

        row.source = vw_address_ipv4(i);
        error = vw_flow_table_add(&filled->table, &filled->worker, &row, &words, i);
    }
    assert_int_equal(error, VW_ERROR_LIMIT);
    assert_in_range(vw_flow_table_count(&filled->table), 10000, 20000);
}

static void long_texts_are_refused(void **state)
{
    struct filled *filled = *state;
    const struct vw_observation row = sample();
    char text[VW_FLOW_TEXT_MAX + 1];
    struct vw_flow_words words = {{text, VW_FLOW_TEXT_MAX}, {NULL, 0}, {NULL, 0}};

    memset(text, 'x', sizeof text);
    assert_int_equal(vw_flow_table_add(&filled->table, &filled->worker, &row, &words, 1),
                     VW_ERROR_LIMIT);
    words.vantage.size--;
    assert_int_equal(vw_flow_table_add(&filled->table, &filled->worker, &row, &words, 1),
                     0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(same_key_sums_up),
        cmocka_unit_test(texts_and_losses_sum_up),
        TEST(every_key_field_parts_rows),
        cmocka_unit_test(rows_come_back),
        TEST(threads_add_up),
        TEST(counts_do_not_overflow),
        TEST(memory_has_an_end),
        TEST(long_texts_are_refused),
    };

    return cmocka_run_group_tests_name("flow_table", tests, NULL, NULL);
}
