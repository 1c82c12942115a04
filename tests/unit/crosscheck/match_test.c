/* Which rows belong to the flow, and whether an interface's silence counts. */
#include "crosscheck/flow_fixture.h"

#include <string.h>

#include "base/address.h"
#include "base/time.h"
#include "crosscheck/coverage.h"
#include "crosscheck/match.h"
#include "evidence/table.h"

/* A cross-check that has looked at nothing yet. */
static void begin(struct flow *flow, struct vw_cross *cross)
{
    *cross = (struct vw_cross){
        .world = flow->world, .trace = &flow->trace, .evidence = flow->evidence};
    vw_match_views(cross);
}

static void end(struct flow *flow, struct vw_cross *cross)
{
    vw_arena_free(&cross->arena);
    flow_close(flow);
}

static struct vw_observation record(uint32_t source, uint32_t destination)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_FLOW_LOG);

    row.vantage = "eni-a";
    row.protocol = 6;
    row.source = vw_address_ipv4(source);
    row.destination = vw_address_ipv4(destination);
    row.source_port = 40000;
    row.destination_port = 443;
    row.action = VW_FLOW_ACTION_ACCEPT;
    return row;
}

static void addresses_ports_and_direction_count(void **state)
{
    struct vw_observation row = record(0x0a000001, 0x0a010001), other;
    struct vw_cross cross;
    struct flow flow;

    (void)state;
    flow_open(&flow, REACHABLE, 6);
    begin(&flow, &cross);
    assert_true(vw_match_row(&cross, VW_END_A, VW_FORWARD, &row));
    assert_false(vw_match_row(&cross, VW_END_A, VW_RETURN, &row));
    assert_false(vw_match_row(&cross, VW_END_B, VW_FORWARD, &row)); /* eni-a's row */
    other = row;
    other.destination_port = 80;
    assert_false(vw_match_row(&cross, VW_END_A, VW_FORWARD, &other));
    other = row;
    other.source_port = 1025; /* the question names no client port */
    assert_true(vw_match_row(&cross, VW_END_A, VW_FORWARD, &other));
    flow.trace.source_ports = (struct vw_port_range){40000, 40000};
    assert_false(vw_match_row(&cross, VW_END_A, VW_FORWARD, &other));
    other = row;
    other.direction = VW_FLOW_DIRECTION_INGRESS;
    assert_false(vw_match_row(&cross, VW_END_A, VW_FORWARD, &other));
    other = row;
    other.protocol = 17;
    assert_false(vw_match_row(&cross, VW_END_A, VW_FORWARD, &other));
    end(&flow, &cross);
}

static void packet_addresses_win(void **state)
{
    struct vw_observation row = record(0x0a000001, 0x0a010001);
    struct vw_cross cross;
    struct flow flow;

    (void)state;
    flow_open(&flow, REACHABLE, 6);
    begin(&flow, &cross);
    row.packet_source = vw_address_ipv4(0x0a000009); /* a pod behind the interface */
    assert_false(vw_match_row(&cross, VW_END_A, VW_FORWARD, &row));
    row.source = vw_address_ipv4(0x0a000002);
    row.packet_source = vw_address_ipv4(0x0a000001);
    assert_true(vw_match_row(&cross, VW_END_A, VW_FORWARD, &row));
    end(&flow, &cross);
}

static uint32_t refer(struct flow *flow, enum vw_object_kind kind, const char *id)
{
    uint32_t index = VW_NONE;

    assert_int_equal(vw_world_refer(flow->world, kind, id, &index), 0);
    return index;
}

/* eni-a has 10.0.0.100 as its primary address and 10.0.0.1 as a second one. */
static void secondary_addresses_show_as_primary(void **state)
{
    static struct vw_interface_address addresses[2];
    struct vw_observation row = record(0x0a000064, 0x0a010001);
    struct vw_interface *interface;
    struct vw_cross cross;
    struct flow flow;

    (void)state;
    flow_open(&flow, REACHABLE, 6);
    addresses[0] = (struct vw_interface_address){
        .prefix = {vw_address_ipv4(0x0a000064), 32}, .primary = true};
    addresses[1] =
        (struct vw_interface_address){.prefix = {vw_address_ipv4(0x0a000001), 32}};
    interface =
        vw_world_edit_interface(flow.world, refer(&flow, VW_OBJECT_INTERFACE, "eni-a"));
    interface->addresses = addresses;
    interface->address_count = 2;
    begin(&flow, &cross);
    assert_true(vw_match_row(&cross, VW_END_A, VW_FORWARD, &row));
    row.packet_source = vw_address_ipv4(0x0a000064); /* really the primary's */
    assert_false(vw_match_row(&cross, VW_END_A, VW_FORWARD, &row));
    end(&flow, &cross);
}

static void captures_are_named_in_many_ways(void **state)
{
    static const char *const left[] = {"10.0.0.1", "eni-a", "left"};
    struct vw_cross cross;
    struct flow flow;

    (void)state;
    flow_open(&flow, REACHABLE, 1);
    flow.trace.from.public_address = "203.0.113.9";
    flow.trace.to.instance = "i-b";
    begin(&flow, &cross);
    for (size_t i = 0; i < 3; i++) {
        assert_true(vw_match_end(&cross, VW_END_A, left[i]));
        assert_false(vw_match_end(&cross, VW_END_B, left[i]));
    }
    assert_true(vw_match_end(&cross, VW_END_A, "203.0.113.9"));
    assert_true(vw_match_end(&cross, VW_END_B, "i-b"));
    assert_false(vw_match_end(&cross, VW_END_B, "10.0.0.77"));
    assert_false(vw_match_end(&cross, VW_END_B, NULL));
    end(&flow, &cross);
}

static void icmp_types_tell_request_from_answer(void **state)
{
    struct vw_observation row = record(0x0a010001, 0x0a000001);
    struct vw_cross cross;
    struct flow flow;

    (void)state;
    assert_int_equal(vw_match_answer_type(1, 8), 0);
    assert_int_equal(vw_match_answer_type(58, 128), 129);
    assert_int_equal(vw_match_answer_type(1, 3), -1);
    flow_open(&flow, REACHABLE, 1);
    begin(&flow, &cross);
    row.kind = VW_EVIDENCE_CAPTURE;
    row.vantage = "left";
    row.protocol = 1;
    row.icmp_type = 8; /* B pings A */
    assert_false(vw_match_row(&cross, VW_END_A, VW_RETURN, &row));
    row.icmp_type = 0;
    assert_true(vw_match_row(&cross, VW_END_A, VW_RETURN, &row));
    end(&flow, &cross);
}

/* A flow log of the VPC covers both interfaces; whether eni-b's silence counts depends on
 * what the file holds. */
static void exported_flow_logs_cover(void **state)
{
    const struct seen_row request = {VW_EVIDENCE_FLOW_LOG,
                                     "eni-a",
                                     VW_FORWARD,
                                     VW_FLOW_ACTION_ACCEPT,
                                     5,
                                     1000,
                                     1005,
                                     0,
                                     0,
                                     0};
    const struct seen_span spans[] = {
        {VW_EVIDENCE_FLOW_LOG, "eni-a", 1000, 1060, 1, 0, 0, false, false},
        {VW_EVIDENCE_FLOW_LOG, "eni-c", 1000, 1060, 1, 0, 0, false, false}};
    const char *const names[] = {"eni-a", "eni-b"};
    struct vw_flow_log *log;
    struct vw_cross cross;
    struct flow flow;
    uint32_t vpc;

    (void)state;
    flow_open(&flow, NO_PEERING, 1);
    vpc = refer(&flow, VW_OBJECT_VPC, "vpc-1");
    for (size_t i = 0; i < 2; i++) {
        struct vw_interface *interface = vw_world_edit_interface(
            flow.world, refer(&flow, VW_OBJECT_INTERFACE, names[i]));

        interface->vpc = vpc;
        interface->subnet = VW_NONE;
    }
    log = vw_world_edit_flow_log(flow.world, refer(&flow, VW_OBJECT_FLOW_LOG, "fl-1"));
    log->object.exported = true;
    log->resource_id = "vpc-1";
    flow_see(&flow, &request, 1);
    flow_cover(&flow, spans, 1);
    begin(&flow, &cross);
    vw_cross_look(&cross);
    assert_string_equal(vw_coverage_flow_log(&cross, "eni-b"), "fl-1");
    assert_null(vw_coverage_flow_log(&cross, "eni-c"));
    /* The file may be one stream, eni-a's. */
    assert_non_null(strstr(vw_coverage_of_interface(&cross, "eni-b", true, true, NULL),
                           "fl-1 covers"));
    assert_null(vw_coverage_of_interface(&cross, "eni-a", true, true, NULL));
    flow_cover(&flow, spans, 2); /* it is not */
    assert_null(vw_coverage_of_interface(&cross, "eni-b", true, true, NULL));
    log = vw_world_edit_flow_log(flow.world, refer(&flow, VW_OBJECT_FLOW_LOG, "fl-1"));
    log->traffic_type = "REJECT";
    assert_null(vw_coverage_of_interface(&cross, "eni-b", false, true, NULL));
    assert_non_null(vw_coverage_of_interface(&cross, "eni-b", true, false, NULL));
    log->status = "ERROR";
    assert_null(vw_coverage_flow_log(&cross, "eni-b"));
    end(&flow, &cross);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_ports_and_direction_count),
        cmocka_unit_test(packet_addresses_win),
        cmocka_unit_test(secondary_addresses_show_as_primary),
        cmocka_unit_test(captures_are_named_in_many_ways),
        cmocka_unit_test(icmp_types_tell_request_from_answer),
        cmocka_unit_test(exported_flow_logs_cover),
    };

    return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
