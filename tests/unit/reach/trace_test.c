/*
 * Whole traces: which blockers one run finds, which verdict wins, what is refused as a
 * question, which fix is proposed, and what every witness is predicted to record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "reach/small_world.h"

static uint32_t table(const struct vw_world *world, const char *id)
{
    return small_find(world, VW_OBJECT_ROUTE_TABLE, id);
}

static void one_way_route(struct vw_world *world)
{
    small_without_peering_route(world, "rtb-2");
}

static void empty_table_1(struct vw_world *world)
{
    vw_world_edit_route_table(world, table(world, "rtb-1"))->route_count = 2;
}

static void both_tables_empty(struct vw_world *world)
{
    empty_table_1(world);
    vw_world_edit_route_table(world, table(world, "rtb-2"))->route_count = 1;
}

static void pending(struct vw_world *world)
{
    small_set_peering(world, "pending-acceptance");
}

static void set_instance(struct vw_world *world, const char *id, const char *state)
{
    uint32_t instance = small_find(world, VW_OBJECT_INSTANCE, id);

    vw_world_edit_instance(world, instance)->state = state;
}

static void sender_stopped(struct vw_world *world)
{
    set_instance(world, "i-1", "stopped");
}

static void receiver_stopped(struct vw_world *world)
{
    set_instance(world, "i-4", "stopped");
}

static void receiver_terminated(struct vw_world *world)
{
    set_instance(world, "i-4", "terminated");
}

static void instance_not_exported(struct vw_world *world)
{
    set_instance(world, "i-4", NULL);
}

static void receiver_detached(struct vw_world *world)
{
    uint32_t eni = small_find(world, VW_OBJECT_INTERFACE, "eni-4");

    vw_world_edit_interface(world, eni)->status = "available";
    vw_world_edit_interface(world, eni)->attachment = NULL;
}

static void clear_acl(struct vw_world *world, const char *id, bool egress)
{
    small_clear_acl(world, small_find(world, VW_OBJECT_NETWORK_ACL, id), egress);
}

static void clear_group(struct vw_world *world, const char *id, bool egress)
{
    small_clear_group(world, small_find(world, VW_OBJECT_SECURITY_GROUP, id), egress);
}

static void group_out(struct vw_world *world)
{
    clear_group(world, "sg-1", true);
}

static void group_in(struct vw_world *world)
{
    clear_group(world, "sg-4", false);
}

static void acl_in_b(struct vw_world *world)
{
    clear_acl(world, "acl-2a", false);
}

static void acl_out_b(struct vw_world *world)
{
    clear_acl(world, "acl-2a", true);
}

static void acl_in_a(struct vw_world *world)
{
    clear_acl(world, "acl-1a", false);
}

static void everything_wrong(struct vw_world *world)
{
    both_tables_empty(world);
    group_out(world);
    group_in(world);
    acl_in_b(world);
    acl_out_b(world);
    acl_in_a(world);
}

static void unknown_and_blocked(struct vw_world *world)
{
    small_route(world, table(world, "rtb-1"), "10.2.1.0/24", "tgw-1");
    receiver_stopped(world);
}

static void unknown_hop(struct vw_world *world)
{
    small_route(world, table(world, "rtb-1"), "10.2.1.0/24", "tgw-1");
}

static void unknown_for_one_host(struct vw_world *world)
{
    uint32_t subnet = small_find(world, VW_OBJECT_SUBNET, "subnet-2a");

    small_host(world, "eni-5", subnet, "10.2.1.50", NULL,
               small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-4"));
    small_route(world, table(world, "rtb-1"), "10.2.1.50/32", "tgw-1");
}

/* VPC 3 has the addresses of VPC 2, and VPC 1 is peered with VPC 2. */
static void overlapping(struct vw_world *world)
{
    uint32_t vpc = small_vpc(world, "vpc-3", "10.2.0.0/16");
    uint32_t rtb = small_table(world, "rtb-3", vpc, true);
    uint32_t group = small_group(world, "sg-3", vpc);

    small_open(world, group);
    small_route(world, rtb, "10.2.0.0/16", "local");
    small_host(world, "eni-6",
               small_subnet(world, "subnet-3a", vpc, "10.2.1.0/24", VW_NONE,
                            small_open_acl(world, "acl-3a", vpc)),
               "10.2.1.40", NULL, group);
}

static void interfaces_not_exported(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-2");

    vw_world_edit_vpc(world, vpc)->interfaces_exported = false;
}

static const struct small_case cases[] = {
    {"before peering", small_before_peering, ASK_PING("10.1.1.10", "10.2.1.40"),
     "blocked; forward IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS igw-1; forward "
     "DISCONNECTED_VPCS vpc-1; return IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS "
     "igw-2"},
    {"public address", small_before_peering, ASK_PING("10.1.1.10", "52.0.0.4"),
     "reachable"},
    {"route in one table", one_way_route, ASK_PING("10.1.1.10", "10.2.1.40"),
     "blocked; return IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS igw-2"},
    {"after peering", NULL, ASK_PING("10.1.1.10", "10.2.1.40"), "reachable"},
    {"peering waits", pending, ASK_PING("10.1.1.10", "10.2.1.40"),
     "blocked; forward BAD_STATE pcx-1; return BAD_STATE pcx-1"},
    {"every blocker of both directions", everything_wrong,
     ASK_PING("10.1.1.10", "10.2.1.40"),
     "blocked; forward SG_HAS_NO_RULES eni-1; forward NO_ROUTE_TO_DESTINATION rtb-1; "
     "forward SUBNET_ACL_RESTRICTION acl-2a; forward SG_HAS_NO_RULES eni-4; return "
     "SUBNET_ACL_RESTRICTION acl-2a; return NO_ROUTE_TO_DESTINATION rtb-2; return "
     "SUBNET_ACL_RESTRICTION acl-1a"},
    {"sender stopped", sender_stopped, ASK_PING("eni-1", "10.2.1.40"),
     "blocked; forward BAD_STATE i-1"},
    {"receiver stopped", receiver_stopped, ASK_PING("eni-1", "10.2.1.40"),
     "blocked; forward BAD_STATE i-4"},
    {"a terminated instance has no address", receiver_terminated,
     ASK_PING("eni-1", "10.2.1.40"), "blocked; forward VW_NO_SUCH_HOST vpc-2"},
    {"receiver detached", receiver_detached, ASK_PING("eni-1", "10.2.1.40"),
     "blocked; forward BAD_STATE eni-4"},
    {"instance not exported: taken as running", instance_not_exported,
     ASK_PING("eni-1", "10.2.1.40"), "reachable"},
    {"no such host", NULL, ASK_PING("eni-1", "10.2.1.41"),
     "blocked; forward VW_NO_SUCH_HOST vpc-2"},
    {"interfaces not exported", interfaces_not_exported, ASK_PING("eni-1", "10.2.1.41"),
     "unknown; ?forward UNKNOWN_DESTINATION vpc-2"},
    {"blocked beats unknown", unknown_and_blocked, ASK_PING("eni-1", "10.2.1.40"),
     "blocked; forward BAD_STATE i-4; ?forward UNSUPPORTED_COMPONENT tgw-1"},
    {"unknown beats partial", unknown_for_one_host, ASK_PING("eni-1", "10.2.1.0/24"),
     "unknown; forward VW_NO_SUCH_HOST vpc-2; ?forward UNSUPPORTED_COMPONENT tgw-1"},
    {"partial", NULL, ASK_PING("eni-1", "10.2.1.0/24"),
     "partial; forward VW_NO_SUCH_HOST vpc-2"},
    {"same host", group_out, ASK_PING("eni-1", "10.1.1.10"), "reachable"},
    /* questions */
    {"address of two VPCs", overlapping, ASK_PING("eni-1", "10.2.1.40"),
     "error ambiguous-endpoint"},
    {"source of two VPCs", overlapping, ASK_PING("10.2.1.40", "10.1.1.10"),
     "error ambiguous-endpoint"},
    {"sources of two VPCs", overlapping, ASK_PING("10.2.0.0/16", "10.1.1.10"),
     "error ambiguous-endpoint"},
    {"sources named by VPC", overlapping, ASK_PING("vpc-3/10.2.1.40/32", "10.1.1.10"),
     "blocked; forward NO_ROUTE_TO_DESTINATION rtb-3; forward DISCONNECTED_VPCS vpc-3; "
     "return VW_REPLY_LEFT_BY_OTHER_PATH eni-4"},
    {"named by VPC", overlapping, ASK_PING("eni-1", "vpc-2/10.2.1.40"), "reachable"},
    {"the route leads to the other one", overlapping, ASK_PING("eni-1", "eni-6"),
     "blocked; forward VW_OTHER_DESTINATION eni-4"},
    {"one's own address in another VPC", overlapping, ASK_PING("eni-4", "eni-6"),
     "blocked; forward VW_OTHER_DESTINATION eni-4"},
    {"one's own address by VPC", overlapping, ASK_PING("eni-4", "vpc-3/10.2.1.40"),
     "blocked; forward VW_OTHER_DESTINATION eni-4"},
    {"no such name", NULL, ASK_PING("eni-1", "web-9"), "error no-such-endpoint"},
    {"no such id", NULL, ASK_PING("eni-99", "10.2.1.40"), "error no-such-endpoint"},
    {"no such VPC", NULL, ASK_PING("eni-1", "vpc-9/10.2.1.40"), "error no-such-endpoint"},
    {"no address", NULL, ASK_PING("eni-1", "vpc-2/x"), "error bad-endpoint"},
    {"no family in common", NULL, ASK_PING("10.1.1.10", "2600:1::10"),
     "error address-family"},
    {"ports of icmp", NULL, ASK_PORT("eni-1", "eni-4", 1, 8, 8), "error bad-question"},
};

static void verdicts_and_blockers(void **state)
{
    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

static struct vw_trace *run(void (*change)(struct vw_world *),
                            const struct vw_question *question,
                            struct vw_world **ret_world)
{
    struct vw_trace *trace = NULL;

    *ret_world = small_base();
    if (change)
        change(*ret_world);
    assert_int_equal(vw_world_finish(*ret_world), 0);
    assert_int_equal(vw_trace_run(*ret_world, question, NULL, &trace), 0);
    return trace;
}

static void lost_requests_have_hypothetical_replies(void **state)
{
    static const struct vw_question question = ASK_PING("eni-1", "10.2.1.40");
    struct vw_world *world;
    struct vw_trace *trace = run(small_before_peering, &question, &world);

    (void)state;
    assert_true(trace->reply.walked && trace->reply.hypothetical);
    assert_int_equal(trace->forward.verdict, VW_VERDICT_BLOCKED);
    assert_int_equal(trace->reply.verdict, VW_VERDICT_BLOCKED);
    vw_trace_free(trace);
    vw_world_free(world);
    trace = run(one_way_route, &question, &world);
    assert_true(trace->reply.walked && !trace->reply.hypothetical);
    assert_int_equal(trace->forward.verdict, VW_VERDICT_REACHABLE);
    assert_int_equal(trace->reply.verdict, VW_VERDICT_BLOCKED);
    vw_trace_free(trace);
    vw_world_free(world);
}

static void one_way_walks_no_reply(void **state)
{
    struct vw_question question = ASK_PING("eni-1", "10.2.1.40");
    struct vw_world *world;
    struct vw_trace *trace;

    (void)state;
    question.one_way = true;
    trace = run(one_way_route, &question, &world);
    assert_int_equal(trace->verdict, VW_VERDICT_REACHABLE);
    assert_false(trace->reply.walked);
    vw_trace_free(trace);
    vw_world_free(world);
}

/* ---- predictions: AWS-SEMANTICS, section 6, row by row ---- */

struct prediction_row {
    const char *name;
    void (*change)(struct vw_world *);
    struct vw_question question;
    const char *expected;
};

/* Vantage, then > for the request or < for the reply, then what is expected; ? where B's
 * host must answer for it. */
static const char *list_predictions(const struct vw_trace *trace, char text[SMALL_TEXT])
{
    size_t i, used = 0;

    text[0] = 0;
    for (i = 0; i < trace->prediction_count && used < SMALL_TEXT; i++) {
        const struct vw_prediction *p = &trace->predictions[i];
        const char *vantage = p->vantage == VW_EVIDENCE_FLOW_LOG  ? "log"
                              : p->vantage == VW_EVIDENCE_CAPTURE ? "host"
                                                                  : "ping";
        used += (size_t)snprintf(
            text + used, SMALL_TEXT - used, "%s%s-%s%s%s%s", i ? " " : "",
            p->end == VW_END_A ? "A" : "B", vantage, p->flow == VW_FORWARD ? ">" : "<",
            vw_expectation_slug(p->expect), p->needs_answer ? "?" : "");
    }
    return text;
}

#define PASSES                                                                           \
    "A-host>present A-log>ACCEPT B-log>ACCEPT B-host>present B-host<present? "           \
    "B-log<ACCEPT? A-log<ACCEPT? A-host<present? A-ping<present?"
#define NO_REPLY "A-log<none A-host<absent A-ping<absent"
#define NEVER_ARRIVES "B-log>none B-host>absent B-host<absent B-log<none " NO_REPLY

static const struct prediction_row predictions[] = {
    /* the incident */
    {"ping before peering", small_before_peering, ASK_PING("eni-1", "10.2.1.40"),
     "A-host>present A-log>ACCEPT " NEVER_ARRIVES},
    {"ping of the public address", small_before_peering, ASK_PING("eni-1", "52.0.0.4"),
     PASSES},
    {"route one way", one_way_route, ASK_PING("eni-1", "10.2.1.40"),
     "A-host>present A-log>ACCEPT B-log>ACCEPT B-host>present B-host<present? "
     "B-log<ACCEPT? " NO_REPLY},
    {"ping after peering", NULL, ASK_PING("eni-1", "10.2.1.40"), PASSES},
    /* the rows of the table */
    {"A's group refuses", group_out, ASK_PING("eni-1", "10.2.1.40"),
     "A-host>present A-log>REJECT " NEVER_ARRIVES},
    {"A's own table has no route: the log is not settled", empty_table_1,
     ASK_PING("eni-1", "10.2.1.40"), "A-host>present " NEVER_ARRIVES},
    {"B's ACL refuses", acl_in_b, ASK_PING("eni-1", "10.2.1.40"),
     "A-host>present A-log>ACCEPT B-log>REJECT B-host>absent B-host<absent "
     "B-log<none " NO_REPLY},
    {"B's group refuses", group_in, ASK_PING("eni-1", "10.2.1.40"),
     "A-host>present A-log>ACCEPT B-log>REJECT B-host>absent B-host<absent "
     "B-log<none " NO_REPLY},
    {"B's ACL refuses the reply", acl_out_b, ASK_PING("eni-1", "10.2.1.40"),
     "A-host>present A-log>ACCEPT B-log>ACCEPT B-host>present B-host<present? "
     "B-log<REJECT? " NO_REPLY},
    {"A's ACL refuses the reply", acl_in_a, ASK_PING("eni-1", "10.2.1.40"),
     "A-host>present A-log>ACCEPT B-log>ACCEPT B-host>present B-host<present? "
     "B-log<ACCEPT? A-log<REJECT? A-host<absent A-ping<absent"},
    /* the rest */
    {"same subnet", NULL, ASK_PING("eni-1", "10.1.1.30"), PASSES},
    {"same host", NULL, ASK_PING("eni-1", "10.1.1.10"), "A-ping<present?"},
    {"a stopped host records nothing", sender_stopped, ASK_PING("eni-1", "10.2.1.40"),
     ""},
    {"an unknown hop leaves A's own decision", unknown_hop,
     ASK_PING("eni-1", "10.2.1.40"), "A-host>present A-log>ACCEPT"},
};

static void witnesses_are_predicted(void **state)
{
    char text[SMALL_TEXT];
    size_t i, bad = 0;

    (void)state;
    for (i = 0; i < sizeof predictions / sizeof *predictions; i++) {
        struct vw_world *world;
        struct vw_trace *trace =
            run(predictions[i].change, &predictions[i].question, &world);

        if (strcmp(list_predictions(trace, text), predictions[i].expected)) {
            print_error("%s:\n  expected %s\n  found    %s\n", predictions[i].name,
                        predictions[i].expected, text);
            bad++;
        }
        vw_trace_free(trace);
        vw_world_free(world);
    }
    assert_int_equal(bad, 0);
}

static void group_a_missing(struct vw_world *world)
{
    uint32_t group = small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-1");

    small_before_peering(world);
    vw_world_edit_security_group(world, group)->object.exported = false;
}

/* What A's own filters do is not known, whatever happens to the packet later. */
static void unknown_filters_predict_nothing(void **state)
{
    static const struct vw_question question = ASK_PING("eni-1", "10.2.1.40");
    char text[SMALL_TEXT];
    struct vw_world *world;
    struct vw_trace *trace = run(group_a_missing, &question, &world);

    (void)state;
    assert_string_equal(list_predictions(trace, text), "A-host>present " NEVER_ARRIVES);
    vw_trace_free(trace);
    vw_world_free(world);
}

/* Each end sees the addresses of its own side of the gateways. */
static void predictions_carry_translated_addresses(void **state)
{
    static const struct vw_question question = ASK_PING("eni-1", "52.0.0.4");
    struct vw_world *world;
    struct vw_trace *trace = run(NULL, &question, &world);
    size_t i;

    (void)state;
    for (i = 0; i < trace->prediction_count; i++) {
        const struct vw_prediction *p = &trace->predictions[i];
        bool at_a = p->end == VW_END_A, request = p->flow == VW_FORWARD;
        const char *a = at_a ? "10.1.1.10" : "52.0.0.1";
        const char *b = at_a ? "52.0.0.4" : "10.2.1.40";

        assert_true(vw_address_equal(p->source, small_address(request ? a : b)));
        assert_true(vw_address_equal(p->destination, small_address(request ? b : a)));
        assert_string_equal(p->eni, at_a ? "eni-1" : "eni-4");
        assert_int_equal(p->direction, at_a == request ? VW_FLOW_DIRECTION_EGRESS
                                                       : VW_FLOW_DIRECTION_INGRESS);
    }
    vw_trace_free(trace);
    vw_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_and_blockers),
        cmocka_unit_test(lost_requests_have_hypothetical_replies),
        cmocka_unit_test(one_way_walks_no_reply),
        cmocka_unit_test(witnesses_are_predicted),
        cmocka_unit_test(unknown_filters_predict_nothing),
        cmocka_unit_test(predictions_carry_translated_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
