/*
 * Fixes: for each fault what is proposed, and nothing more than is needed. Each row also
 * mends the fault by hand, with what the sentence says, and asks again: an answer that
 * does not come from the search for fixes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "reach/small_world.h"

static uint32_t table(const struct vw_world *world, const char *id)
{
    return small_find(world, VW_OBJECT_ROUTE_TABLE, id);
}

static uint32_t acl(const struct vw_world *world, const char *id)
{
    return small_find(world, VW_OBJECT_NETWORK_ACL, id);
}

static uint32_t group(const struct vw_world *world, const char *id)
{
    return small_find(world, VW_OBJECT_SECURITY_GROUP, id);
}

static void mend_before_peering(struct vw_world *world)
{
    small_peering(world, "pcx-new", small_find(world, VW_OBJECT_VPC, "vpc-1"),
                  small_find(world, VW_OBJECT_VPC, "vpc-2"), "active");
    small_route(world, table(world, "rtb-1"), "10.2.0.0/16", "pcx-new");
    small_route(world, table(world, "rtb-2"), "10.1.0.0/16", "pcx-new");
}

static void one_way(struct vw_world *world)
{
    small_without_peering_route(world, "rtb-2");
}

static void mend_one_way(struct vw_world *world)
{
    small_route(world, table(world, "rtb-2"), "10.1.0.0/16", "pcx-1");
}

static void pending(struct vw_world *world)
{
    small_set_peering(world, "pending-acceptance");
}

static void mend_pending(struct vw_world *world)
{
    small_set_peering(world, "active");
}

static void blackhole(struct vw_world *world)
{
    small_route(world, table(world, "rtb-1"), "10.2.1.0/24", "pcx-1")->state =
        VW_ROUTE_BLACKHOLE;
}

static void mend_blackhole(struct vw_world *world)
{
    struct vw_route_table *object =
        vw_world_edit_route_table(world, table(world, "rtb-1"));

    object->routes[object->route_count - 1].state = VW_ROUTE_ACTIVE;
}

static void no_default_route(struct vw_world *world)
{
    vw_world_edit_route_table(world, table(world, "rtb-1"))->route_count = 3;
}

static void mend_no_default_route(struct vw_world *world)
{
    small_route(world, table(world, "rtb-1"), "192.0.2.1/32", "igw-1");
}

static void inbound_group(struct vw_world *world)
{
    small_clear_group(world, group(world, "sg-4"), false);
}

static void mend_inbound_group(struct vw_world *world)
{
    small_rule(world, group(world, "sg-4"), false, 6, 22, 22, "10.1.1.10/32");
}

static void outbound_group(struct vw_world *world)
{
    small_clear_group(world, group(world, "sg-1"), true);
}

static void mend_outbound_group(struct vw_world *world)
{
    small_rule(world, group(world, "sg-1"), true, 1, 8, 0, "10.2.1.40/32");
}

static void inbound_acl(struct vw_world *world)
{
    small_entry(world, acl(world, "acl-2a"), false, 90, false, 6, 20, 30, "10.1.0.0/16");
}

static void mend_inbound_acl(struct vw_world *world)
{
    small_entry(world, acl(world, "acl-2a"), false, 89, true, 6, 22, 22, "10.1.1.10/32");
}

static void no_ephemeral_ports(struct vw_world *world)
{
    uint32_t index = acl(world, "acl-1a");

    small_clear_acl(world, index, false);
    small_entry(world, index, false, 100, true, 6, 22, 22, "0.0.0.0/0");
    small_entry(world, index, false, 32767, false, -1, -1, -1, "0.0.0.0/0");
}

static void mend_no_ephemeral_ports(struct vw_world *world)
{
    small_entry(world, acl(world, "acl-1a"), false, 110, true, 6, 32768, 60999,
                "10.2.1.40/32");
}

static void stopped(struct vw_world *world)
{
    uint32_t instance = small_find(world, VW_OBJECT_INSTANCE, "i-4");

    vw_world_edit_instance(world, instance)->state = "stopped";
}

static void mend_stopped(struct vw_world *world)
{
    uint32_t instance = small_find(world, VW_OBJECT_INSTANCE, "i-4");

    vw_world_edit_instance(world, instance)->state = "running";
}

static void detached(struct vw_world *world)
{
    small_gateway(world, "igw-1", VW_NONE);
}

static void mend_detached(struct vw_world *world)
{
    small_gateway(world, "igw-1", small_find(world, VW_OBJECT_VPC, "vpc-1"));
}

static void mend_no_public_address(struct vw_world *world)
{
    uint32_t eni = small_find(world, VW_OBJECT_INTERFACE, "eni-3");

    vw_world_edit_interface(world, eni)->addresses[0].public_address =
        small_address("52.0.0.3");
}

static void several(struct vw_world *world)
{
    one_way(world);
    inbound_group(world);
    inbound_acl(world);
}

static void mend_several(struct vw_world *world)
{
    mend_one_way(world);
    mend_inbound_group(world);
    mend_inbound_acl(world);
}

static void vpcs_overlap(struct vw_world *world)
{
    small_before_peering(world);
    small_vpc_cidr(world, small_find(world, VW_OBJECT_VPC, "vpc-2"), "10.1.0.0/20");
}

static void unknown_hop(struct vw_world *world)
{
    small_route(world, table(world, "rtb-1"), "10.2.1.0/24", "tgw-1");
    inbound_group(world);
}

struct fix_row {
    const char *name;
    void (*change)(struct vw_world *), (*mend)(struct vw_world *);
    struct vw_question question;
    const char *sentence; /* NULL: no fix */
    size_t commands;
};

static const struct fix_row rows[] = {
    {"peering and both routes", small_before_peering, mend_before_peering,
     ASK_PING("eni-1", "10.2.1.40"),
     "peer vpc-1 with vpc-2 and accept it; add the route 10.2.0.0/16 -> the new peering "
     "in route table rtb-1; and add the route 10.1.0.0/16 -> the new peering in route "
     "table rtb-2",
     4},
    {"the route back", one_way, mend_one_way, ASK_PING("eni-1", "10.2.1.40"),
     "add the route 10.1.0.0/16 -> pcx-1 in route table rtb-2", 1},
    {"acceptance", pending, mend_pending, ASK_PING("eni-1", "10.2.1.40"),
     "accept the peering pcx-1", 1},
    {"blackhole more specific than the VPC", blackhole, mend_blackhole,
     ASK_PING("eni-1", "10.2.1.40"),
     "replace the route 10.2.1.0/24 -> pcx-1 in route table rtb-1", 1},
    {"default route", no_default_route, mend_no_default_route,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "add the route 192.0.2.1/32 -> igw-1 in route table rtb-1", 1},
    {"inbound rule: this peer, this port", inbound_group, mend_inbound_group,
     ASK_TCP("eni-1", "10.2.1.40", 22),
     "allow tcp port 22 from 10.1.1.10/32 into security group sg-4", 1},
    {"outbound rule: echo only", outbound_group, mend_outbound_group,
     ASK_PING("eni-1", "10.2.1.40"),
     "allow icmp type 8 code 0 to 10.2.1.40/32 out of security group sg-1", 1},
    {"entry before the one that denies", inbound_acl, mend_inbound_acl,
     ASK_TCP("eni-1", "10.2.1.40", 22),
     "add inbound entry 89 to network ACL acl-2a: allow tcp port 22 from 10.1.1.10/32",
     1},
    {"entry for replies", no_ephemeral_ports, mend_no_ephemeral_ports,
     ASK_TCP("eni-1", "10.2.1.40", 22),
     "add inbound entry 110 to network ACL acl-1a: allow tcp ports 32768-60999 from "
     "10.2.1.40/32",
     1},
    {"start", stopped, mend_stopped, ASK_PING("eni-1", "10.2.1.40"), "start instance i-4",
     1},
    {"attach", detached, mend_detached, ASK_TCP("eni-1", "192.0.2.1", 443),
     "attach igw-1 to vpc-1", 1},
    {"public address", NULL, mend_no_public_address, ASK_TCP("eni-3", "192.0.2.1", 443),
     "give eni-3 an Elastic IP address", 2},
    {"several faults", several, mend_several, ASK_TCP("eni-1", "10.2.1.40", 22),
     "add inbound entry 89 to network ACL acl-2a: allow tcp port 22 from 10.1.1.10/32; "
     "allow tcp port 22 from 10.1.1.10/32 into security group sg-4; and add the route "
     "10.1.0.0/16 -> pcx-1 in route table rtb-2",
     3},
    {"nothing to mend", NULL, NULL, ASK_PING("eni-1", "10.2.1.40"), NULL, 0},
    {"nobody there", NULL, NULL, ASK_PING("eni-1", "10.2.1.41"), NULL, 0},
    {"VPCs that overlap cannot be peered", vpcs_overlap, NULL,
     ASK_PING("eni-1", "10.2.1.40"), NULL, 0},
    {"nothing can be proved past an unknown hop", unknown_hop, NULL,
     ASK_TCP("eni-1", "10.2.1.40", 22), NULL, 0},
};

/* Whether the proposal is the expected one. */
static bool proposes(const struct fix_row *row, struct vw_world *world)
{
    struct vw_trace *trace = NULL;
    const char *sentence = "no fix";
    bool good;

    assert_int_equal(vw_trace_run(world, &row->question, NULL, &trace), 0);
    if (trace->fix_count > 0) {
        sentence = trace->fixes[0].sentence;
        assert_true(trace->fixes[0].proved);
    }
    good = row->sentence ? strcmp(sentence, row->sentence) == 0 &&
                               trace->fixes[0].command_count == row->commands
                         : trace->fix_count == 0;
    if (!good)
        print_error("%s:\n  expected %s\n  found    %s\n", row->name,
                    row->sentence ? row->sentence : "no fix", sentence);
    vw_trace_free(trace);
    return good;
}

static void faults_and_their_fixes(void **state)
{
    size_t i, bad = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vw_world *world = small_base();

        if (rows[i].change)
            rows[i].change(world);
        assert_int_equal(vw_world_finish(world), 0);
        bad += !proposes(&rows[i], world);
        vw_world_free(world);
    }
    assert_int_equal(bad, 0);
}

static void fixes_mend_by_hand_too(void **state)
{
    char text[SMALL_TEXT];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vw_world *world = small_base();

        if (rows[i].change)
            rows[i].change(world);
        if (rows[i].mend)
            rows[i].mend(world);
        assert_int_equal(vw_world_finish(world), 0);
        small_answer(world, &rows[i].question, text);
        if (rows[i].mend && strcmp(text, "reachable") != 0)
            fail_msg("%s: mended, and still %s", rows[i].name, text);
        vw_world_free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_and_their_fixes),
        cmocka_unit_test(fixes_mend_by_hand_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
