/* Gateway Load Balancer endpoints on the way, and the stateless rules of a firewall. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "reach/small_service.h"

/* subnet-1a sends everything but its VPC, and subnet-1b too, through vpce-3 in
 * subnet-1i; `back` is the other way for subnet-1b. */
static uint32_t inspected(struct vw_world *world, bool back)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t acl = small_open_acl(world, "acl-1i", vpc);
    uint32_t from = small_table(world, "rtb-a", vpc, false);
    uint32_t to = small_table(world, "rtb-b", vpc, false);
    uint32_t inside = small_table(world, "rtb-i", vpc, false);
    uint32_t subnet = small_subnet(world, "subnet-1i", vpc, "10.1.9.0/24", inside, acl);
    uint32_t endpoint = small_endpoint(world, "vpce-3", "vpc-1",
                                       VW_ENDPOINT_GATEWAY_LOAD_BALANCER, "appliances");

    small_endpoint_subnet(world, endpoint, subnet);
    small_route(world, from, "10.1.0.0/16", "local");
    small_route(world, from, "10.1.2.0/24", "vpce-3");
    small_route(world, from, "0.0.0.0/0", "vpce-3");
    small_route(world, to, "10.1.0.0/16", "local");
    if (back)
        small_route(world, to, "10.1.1.0/24", "vpce-3");
    small_route(world, inside, "10.1.0.0/16", "local");
    small_route(world, inside, "0.0.0.0/0", "igw-1");
    vw_world_edit_subnet(world, small_find(world, VW_OBJECT_SUBNET, "subnet-1a"))
        ->route_table = from;
    vw_world_edit_subnet(world, small_find(world, VW_OBJECT_SUBNET, "subnet-1b"))
        ->route_table = to;
    return endpoint;
}

static void both_ways(struct vw_world *world)
{
    inspected(world, true);
}

static void one_way(struct vw_world *world)
{
    inspected(world, false);
}

static void acl_in(struct vw_world *world)
{
    inspected(world, false);
    small_clear_acl(world, small_find(world, VW_OBJECT_NETWORK_ACL, "acl-1i"), false);
}

static void acl_out(struct vw_world *world)
{
    inspected(world, false);
    small_clear_acl(world, small_find(world, VW_OBJECT_NETWORK_ACL, "acl-1i"), true);
}

static void loop(struct vw_world *world)
{
    inspected(world, false);
    small_route(world, small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-i"), "8.8.8.0/24",
                "vpce-3");
}

static void no_subnet(struct vw_world *world)
{
    vw_world_edit_vpc_endpoint(world, inspected(world, false))->subnet_count = 0;
}

static void rejected(struct vw_world *world)
{
    vw_world_edit_vpc_endpoint(world, inspected(world, false))->state = "rejected";
}

static void group_named(struct vw_world *world)
{
    uint32_t group = small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-2");

    inspected(world, true);
    small_clear_group(world, group, false);
    small_rule(world, group, false, -1, -1, -1, "sg-1");
}

static void inspection_is_passed(void **state)
{
    static const struct small_case cases[] = {
        {"to the internet", one_way, ASK_TCP("eni-1", "8.8.8.8", 443), "reachable"},
        {"inside the VPC", both_ways, ASK_TCP("eni-1", "eni-2", 443), "reachable"},
        {"reply by another way", one_way, ASK_TCP("eni-1", "eni-2", 443), "reachable"},
        {"ACL in", acl_in, ASK_TCP("eni-1", "8.8.8.8", 443),
         "blocked; forward SUBNET_ACL_RESTRICTION acl-1i"},
        {"ACL out", acl_out, ASK_TCP("eni-1", "8.8.8.8", 443),
         "blocked; forward SUBNET_ACL_RESTRICTION acl-1i"},
        {"loop", loop, ASK_TCP("eni-1", "8.8.8.8", 443),
         "blocked; forward VW_ROUTING_LOOP vpce-3"},
        {"where it stands is not said", no_subnet, ASK_TCP("eni-1", "8.8.8.8", 443),
         "unknown; ?forward UNKNOWN_RESOURCE vpce-3"},
        {"rejected", rejected, ASK_TCP("eni-1", "8.8.8.8", 443),
         "blocked; forward BAD_STATE vpce-3"},
        {"a rule that names a group", group_named, ASK_TCP("eni-1", "eni-2", 443),
         "blocked; forward SG_REFERENCES_NOT_PRESERVED eni-2"},
    };

    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

static void assert_assumed(void (*change)(struct vw_world *), const char *what)
{
    struct vw_question question = ASK_TCP("eni-1", "eni-2", 443);
    struct vw_world *world = small_base();
    struct vw_trace *trace = NULL;
    bool found = false;
    size_t i;

    change(world);
    assert_int_equal(vw_world_finish(world), 0);
    assert_int_equal(vw_trace_run(world, &question, NULL, &trace), 0);
    for (i = 0; i < trace->assumption_count; i++)
        found = found || strstr(trace->assumptions[i], what);
    assert_true(found);
    vw_trace_free(trace);
    vw_world_free(world);
}

static void reply_only(struct vw_world *world)
{
    inspected(world, true);
    vw_world_edit_subnet(world, small_find(world, VW_OBJECT_SUBNET, "subnet-1a"))
        ->route_table = small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-i");
}

/* ---- firewalls ---- */

static void firewall(struct vw_world *world)
{
    inspected(world, true);
    small_firewall(world, "vpce-3");
}

static struct vw_firewall_policy *policy(struct vw_world *world)
{
    return vw_world_edit_firewall_policy(
        world, small_find(world, VW_OBJECT_FIREWALL_POLICY, "policy-1"));
}

static void stateful(struct vw_world *world)
{
    firewall(world);
    policy(world)->default_action = VW_FIREWALL_FORWARD;
    policy(world)->has_stateful = true;
}

static void assumptions(void **state)
{
    (void)state;
    assert_assumed(both_ways, "PATH_THROUGH_GWLB_NOT_CHECKED");
    assert_assumed(one_way, "the reply does not pass vpce-3");
    assert_assumed(reply_only, "the reply passes vpce-3, which the request did not");
    assert_assumed(stateful, "the stateful rules of firewall fw-1");
}

static void drops_ssh(struct vw_world *world)
{
    firewall(world);
    small_firewall_rule(world, 20, VW_FIREWALL_DROP, NULL, "10.1.2.0/24", 6, 22);
}

static void passes_first(struct vw_world *world)
{
    drops_ssh(world);
    small_firewall_rule(world, 10, VW_FIREWALL_PASS, "10.1.1.10/32", NULL, -1, 0);
}

static void drops_by_default(struct vw_world *world)
{
    firewall(world);
    policy(world)->default_action = VW_FIREWALL_DROP;
    small_firewall_rule(world, 10, VW_FIREWALL_PASS, "10.1.1.0/24", "10.1.2.0/24", 6, 22);
}

static void drops_replies(struct vw_world *world)
{
    firewall(world);
    small_firewall_rule(world, 10, VW_FIREWALL_DROP, "10.1.2.0/24", NULL, 6, 0);
}

static void flags_decide(struct vw_world *world)
{
    firewall(world);
    small_firewall_rule(world, 10, VW_FIREWALL_DROP, NULL, NULL, 6, 0)->has_tcp_flags =
        true;
}

static void flags_agree(struct vw_world *world)
{
    flags_decide(world);
    small_firewall_rule(world, 20, VW_FIREWALL_DROP, NULL, NULL, -1, 0);
}

static void ports_of_ping(struct vw_world *world)
{
    firewall(world);
    small_firewall_rule(world, 10, VW_FIREWALL_DROP, NULL, NULL, -1, 22);
}

static void policy_missing(struct vw_world *world)
{
    firewall(world);
    policy(world)->object.exported = false;
}

static void group_missing(struct vw_world *world)
{
    firewall(world);
    vw_world_edit_rule_group(world, 0)->object.exported = false;
}

static void action_unknown(struct vw_world *world)
{
    firewall(world);
    policy(world)->default_action = VW_FIREWALL_UNKNOWN;
}

#define DROPPED "blocked; forward FIREWALL_RULES_RESTRICTION "

static void stateless_rules(void **state)
{
    static const struct small_case cases[] = {
        {"nothing", firewall, ASK_TCP("eni-1", "eni-2", 22), "reachable"},
        {"dropped", drops_ssh, ASK_TCP("eni-1", "eni-2", 22), DROPPED "rules-1"},
        {"another port", drops_ssh, ASK_TCP("eni-1", "eni-2", 23), "reachable"},
        {"some ports", drops_ssh, ASK_PORT("eni-1", "eni-2", 6, 20, 25),
         "partial; forward FIREWALL_RULES_RESTRICTION rules-1"},
        {"another protocol", drops_ssh, ASK_UDP("eni-1", "eni-2", 22), "reachable"},
        {"priority", passes_first, ASK_TCP("eni-1", "eni-2", 22), "reachable"},
        {"not for this sender", passes_first, ASK_TCP("eni-3", "eni-2", 22),
         DROPPED "rules-1"},
        {"the reply too", drops_by_default, ASK_TCP("eni-1", "eni-2", 22),
         "blocked; return FIREWALL_RULES_RESTRICTION policy-1"},
        {"default", drops_by_default, ASK_TCP("eni-1", "8.8.8.8", 22),
         DROPPED "policy-1"},
        {"replies", drops_replies, ASK_TCP("eni-1", "eni-2", 22),
         "blocked; return FIREWALL_RULES_RESTRICTION rules-1"},
        {"flags decide", flags_decide, ASK_TCP("eni-1", "8.8.8.8", 22),
         "unknown; ?forward UNSUPPORTED_COMPONENT policy-1"},
        {"flags of udp", flags_decide, ASK_UDP("eni-1", "8.8.8.8", 22), "reachable"},
        {"flags agree", flags_agree, ASK_TCP("eni-1", "8.8.8.8", 22), DROPPED "rules-1"},
        {"ping has no port", ports_of_ping, ASK_PING("eni-1", "8.8.8.8"),
         DROPPED "rules-1"},
        {"stateful rules", stateful, ASK_TCP("eni-1", "eni-2", 22), "reachable"},
        {"policy", policy_missing, ASK_TCP("eni-1", "8.8.8.8", 22),
         "unknown; ?forward UNKNOWN_RESOURCE policy-1"},
        {"rule group", group_missing, ASK_TCP("eni-1", "8.8.8.8", 22),
         "unknown; ?forward UNKNOWN_RESOURCE rules-1"},
        {"action", action_unknown, ASK_TCP("eni-1", "8.8.8.8", 22),
         "unknown; ?forward UNSUPPORTED_COMPONENT policy-1"},
    };

    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inspection_is_passed),
        cmocka_unit_test(assumptions),
        cmocka_unit_test(stateless_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
