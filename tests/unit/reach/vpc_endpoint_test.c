/* VPC endpoints: gateway, interface and Gateway Load Balancer; AWS's own services. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reach/box.h"
#include "reach/endpoint_service.h"
#include "reach/small_service.h"

#define S3 "com.amazonaws.us-east-1.s3"

static struct vw_vpc_endpoint *gateway_endpoint(struct vw_world *world)
{
    uint32_t list = small_list(world, "pl-1", true);
    uint32_t endpoint = small_endpoint(world, "vpce-1", "vpc-1", VW_ENDPOINT_GATEWAY, S3);

    small_list_prefix(world, list, "52.216.0.0/15");
    small_route(world, small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1"), "pl-1",
                "vpce-1");
    return vw_world_edit_vpc_endpoint(world, endpoint);
}

static void gateway(struct vw_world *world)
{
    gateway_endpoint(world);
}

static void gateway_deleted(struct vw_world *world)
{
    gateway_endpoint(world)->state = "deleted";
}

static void gateway_without_state(struct vw_world *world)
{
    gateway_endpoint(world)->state = NULL;
}

static void gateway_not_exported(struct vw_world *world)
{
    gateway_endpoint(world)->object.exported = false;
}

static void gateway_elsewhere(struct vw_world *world)
{
    gateway_endpoint(world)->vpc = small_find(world, VW_OBJECT_VPC, "vpc-2");
}

static void gateway_reply_denied(struct vw_world *world)
{
    gateway_endpoint(world);
    small_clear_acl(world, small_find(world, VW_OBJECT_NETWORK_ACL, "acl-1a"), false);
}

static void gateway_for_replies(struct vw_world *world)
{
    gateway_endpoint(world);
}

static void list_unknown(struct vw_world *world)
{
    gateway_endpoint(world);
    vw_world_edit_prefix_list(world, 0)->entries_known = false;
}

static void gateway_is_left(void **state)
{
    static const struct small_case cases[] = {
        {"tcp", gateway, ASK_TCP("eni-3", "52.216.1.1", 443), "reachable"},
        {"ping", gateway, ASK_PING("eni-3", "52.216.1.1"), "reachable"},
        {"beside the list", gateway, ASK_TCP("eni-3", "52.218.1.1", 443),
         "blocked; forward IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS eni-3"},
        {"udp", gateway, ASK_UDP("eni-3", "52.216.1.1", 443),
         "blocked; forward VPCE_GATEWAY_PROTOCOL_RESTRICTION vpce-1"},
        {"timestamp", gateway, ASK_ICMP("eni-3", "52.216.1.1", 13, 0),
         "blocked; forward VPCE_GATEWAY_PROTOCOL_RESTRICTION vpce-1"},
        {"deleted", gateway_deleted, ASK_TCP("eni-3", "52.216.1.1", 443),
         "blocked; forward BAD_STATE vpce-1"},
        {"state not said", gateway_without_state, ASK_TCP("eni-3", "52.216.1.1", 443),
         "unknown; ?forward UNKNOWN_RESOURCE vpce-1"},
        {"not exported", gateway_not_exported, ASK_TCP("eni-3", "52.216.1.1", 443),
         "unknown; ?forward UNKNOWN_RESOURCE vpce-1"},
        {"of another VPC", gateway_elsewhere, ASK_TCP("eni-3", "52.216.1.1", 443),
         "blocked; forward BAD_STATE_ATTACHMENT vpce-1"},
        {"reply meets the ACL", gateway_reply_denied, ASK_TCP("eni-3", "52.216.1.1", 443),
         "blocked; return SUBNET_ACL_RESTRICTION acl-1a"},
        {"reply of an inbound connection", gateway_for_replies,
         ASK_TCP("52.216.1.1", "eni-1", 443),
         "blocked; return VW_REPLY_LEFT_BY_OTHER_PATH vpce-1"},
        {"entries unknown", list_unknown, ASK_TCP("eni-3", "52.216.1.1", 443),
         "unknown; ?forward UNKNOWN_RESOURCE pl-1"},
    };

    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

/* ---- interface endpoints ---- */

static struct vw_vpc_endpoint *interface_endpoint(struct vw_world *world,
                                                  const char *service)
{
    uint32_t subnet = small_find(world, VW_OBJECT_SUBNET, "subnet-1b");
    uint32_t group = small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-2");
    uint32_t eni =
        small_requested(world, "eni-9", subnet, "10.1.2.90", "vpc_endpoint", group);
    uint32_t endpoint =
        small_endpoint(world, "vpce-2", "vpc-1", VW_ENDPOINT_INTERFACE, service);

    small_endpoint_interface(world, endpoint, eni);
    return vw_world_edit_vpc_endpoint(world, endpoint);
}

static void sns(struct vw_world *world)
{
    interface_endpoint(world, "com.amazonaws.us-east-1.sns");
}

static void smtp(struct vw_world *world)
{
    interface_endpoint(world, "com.amazonaws.us-east-1.email-smtp");
}

static void transfer(struct vw_world *world)
{
    interface_endpoint(world, "com.amazonaws.us-east-1.transfer.server");
}

static void of_somebody(struct vw_world *world)
{
    interface_endpoint(world, "com.amazonaws.vpce.us-east-1.vpce-svc-1");
}

static void pending(struct vw_world *world)
{
    interface_endpoint(world, "com.amazonaws.us-east-1.sns")->state = "pending";
}

static void state_not_said(struct vw_world *world)
{
    interface_endpoint(world, "com.amazonaws.us-east-1.sns")->state = NULL;
}

static void resource(struct vw_world *world)
{
    interface_endpoint(world, NULL)->type = VW_ENDPOINT_OTHER;
}

static void group_closed(struct vw_world *world)
{
    sns(world);
    small_clear_group(world, small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-2"), false);
}

static void route_to_interface(struct vw_world *world)
{
    sns(world);
    small_route(world, small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1"), "192.0.2.0/24",
                "vpce-2");
}

#define PORTS(first, last) ASK_PORT("eni-1", "10.1.2.90", 6, first, last)

static void interface_is_asked(void **state)
{
    static const struct small_case cases[] = {
        {"https", sns, PORTS(443, 443), "reachable"},
        {"ping", sns, ASK_PING("eni-1", "10.1.2.90"),
         "blocked; forward PROTOCOL_RESTRICTION vpce-2"},
        {"ssh", sns, PORTS(22, 22), "blocked; forward VW_PORT_NOT_SERVED vpce-2"},
        {"a port of no list", sns, PORTS(8080, 8080),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpce-2"},
        {"around https", sns, PORTS(442, 444),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpce-2"},
        {"udp", sns, ASK_UDP("eni-1", "10.1.2.90", 443),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpce-2"},
        {"gre", sns, ASK_OTHER("eni-1", "10.1.2.90", 47),
         "blocked; forward PROTOCOL_RESTRICTION vpce-2"},
        {"mail", smtp, PORTS(587, 587), "reachable"},
        {"mail does not speak https", smtp, PORTS(443, 443),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpce-2"},
        {"sftp may be set up", transfer, PORTS(22, 22),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpce-2"},
        {"of somebody else", of_somebody, PORTS(443, 443),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpce-2"},
        {"ping of somebody else's", of_somebody, ASK_PING("eni-1", "10.1.2.90"),
         "blocked; forward PROTOCOL_RESTRICTION vpce-2"},
        {"pending", pending, PORTS(443, 443), "blocked; forward BAD_STATE vpce-2"},
        {"state not said", state_not_said, PORTS(443, 443),
         "unknown; ?forward UNKNOWN_RESOURCE vpce-2"},
        {"resource endpoint", resource, PORTS(443, 443),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpce-2"},
        {"group", group_closed, PORTS(443, 443),
         "blocked; forward SG_HAS_NO_RULES eni-9"},
        {"as a route's target", route_to_interface, ASK_TCP("eni-1", "192.0.2.1", 443),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpce-2"},
    };

    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

/* Every port against the answer for it alone: what is said to be alike is. */
static void ports_split_exactly(void **state)
{
    static const char *const services[] = {
        "com.amazonaws.us-east-1.s3",
        "com.amazonaws.us-east-1.email-smtp",
        "com.amazonaws.us-east-1.storagegateway",
        "cn.com.amazonaws.cn-north-1.appstream.streaming",
        "com.amazonaws.us-east-1.transfer.server",
        "com.amazonaws.us-east-1.logs",
        "com.amazonaws.vpce.us-east-1.vpce-svc-1",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof services / sizeof *services; i++) {
        struct vw_port_range rest = {0, UINT16_MAX}, alike, one;
        bool more = true;

        while (more) {
            enum vw_served served = vw_service_serves(services[i], rest, &alike);
            uint32_t port;

            assert_int_equal(alike.first, rest.first);
            for (port = alike.first; port <= alike.last; port++) {
                struct vw_port_range single = {(uint16_t)port, (uint16_t)port};
                assert_int_equal(vw_service_serves(services[i], single, &one), served);
            }
            more = alike.last < rest.last;
            rest.first = (uint16_t)(alike.last + 1);
        }
    }
    assert_int_equal(vw_service_serves(NULL, vw_ports_all(), &(struct vw_port_range){0}),
                     VW_SERVED_UNKNOWN);
}

/* ---- what AWS answers itself ---- */

static struct vw_instance *instance_1(struct vw_world *world)
{
    return vw_world_edit_instance(world, small_find(world, VW_OBJECT_INSTANCE, "i-1"));
}

static void closed(struct vw_world *world)
{
    small_clear_group(world, small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-1"), true);
    small_clear_acl(world, small_find(world, VW_OBJECT_NETWORK_ACL, "acl-1a"), true);
}

static void metadata_off(struct vw_world *world)
{
    instance_1(world)->metadata_disabled = true;
}

static void metadata_ipv6_on(struct vw_world *world)
{
    instance_1(world)->metadata_ipv6 = VW_SETTING_ON;
}

static void metadata_ipv6_off(struct vw_world *world)
{
    instance_1(world)->metadata_ipv6 = VW_SETTING_OFF;
}

static void no_instance(struct vw_world *world)
{
    uint32_t eni = small_find(world, VW_OBJECT_INTERFACE, "eni-1");

    vw_world_edit_interface(world, eni)->instance = VW_NONE;
}

static void aws_answers(void **state)
{
    static const struct small_case cases[] = {
        {"metadata", closed, ASK_TCP("eni-1", "169.254.169.254", 80), "reachable"},
        {"metadata off", metadata_off, ASK_TCP("eni-1", "169.254.169.254", 80),
         "blocked; forward VW_METADATA_DISABLED i-1"},
        {"metadata, IPv6 on", metadata_ipv6_on, ASK_TCP("eni-1", "fd00:ec2::254", 80),
         "reachable"},
        {"metadata, IPv6 off", metadata_ipv6_off, ASK_TCP("eni-1", "fd00:ec2::254", 80),
         "blocked; forward VW_METADATA_DISABLED i-1"},
        {"metadata, IPv6 not said", NULL, ASK_TCP("eni-1", "fd00:ec2::254", 80),
         "unknown; ?forward UNKNOWN_RESOURCE i-1"},
        {"metadata without instance", no_instance,
         ASK_TCP("eni-1", "169.254.169.254", 80),
         "unknown; ?forward UNSUPPORTED_COMPONENT eni-1"},
        {"not metadata", NULL, ASK_TCP("eni-1", "169.254.169.254", 81),
         "unknown; ?forward UNSUPPORTED_COMPONENT eni-1"},
        {"DNS, link-local", closed, ASK_UDP("eni-1", "169.254.169.253", 53), "reachable"},
        {"DNS, IPv6", closed, ASK_UDP("eni-1", "fd00:ec2::253", 53), "reachable"},
        {"DNS, base plus two", closed, ASK_UDP("eni-1", "10.1.0.2", 53), "reachable"},
        {"DNS over TCP", closed, ASK_TCP("eni-1", "10.1.0.2", 53), "reachable"},
        {"time", closed, ASK_UDP("eni-1", "169.254.169.123", 123), "reachable"},
        {"ping of the time server", NULL, ASK_PING("eni-1", "169.254.169.123"),
         "unknown; ?forward UNSUPPORTED_COMPONENT eni-1"},
        {"DNS of another VPC", NULL, ASK_UDP("eni-1", "10.2.0.2", 53),
         "unknown; ?forward UNSUPPORTED_COMPONENT vpc-2"},
    };

    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

static void flow_logs_are_silent(void **state)
{
    struct vw_question question = ASK_UDP("eni-1", "10.1.0.2", 53);
    struct vw_world *world = small_base();
    struct vw_trace *trace = NULL;
    size_t i, records = 0;

    (void)state;
    assert_int_equal(vw_world_finish(world), 0);
    assert_int_equal(vw_trace_run(world, &question, NULL, &trace), 0);
    for (i = 0; i < trace->prediction_count; i++) {
        if (trace->predictions[i].vantage != VW_EVIDENCE_FLOW_LOG)
            continue;
        records++;
        assert_int_equal(trace->predictions[i].expect, VW_EXPECT_NONE);
    }
    assert_int_equal(records, 2);
    assert_int_equal(trace->assumption_count, 1);
    vw_trace_free(trace);
    vw_world_free(world);
}

/* ---- AWS Lambda ---- */

static void lambda(struct vw_world *world)
{
    small_requested(world, "eni-8", small_find(world, VW_OBJECT_SUBNET, "subnet-1b"),
                    "10.1.2.80", "lambda",
                    small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-2"));
}

static void lambda_only_sends(void **state)
{
    static const struct small_case cases[] = {
        {"to a function", lambda, ASK_TCP("eni-1", "10.1.2.80", 443),
         "blocked; forward VW_NO_INBOUND eni-8"},
        {"ping of a function", lambda, ASK_PING("eni-1", "10.1.2.80"),
         "blocked; forward VW_NO_INBOUND eni-8"},
        {"from a function", lambda, ASK_TCP("eni-8", "eni-1", 5432), "reachable"},
        {"ping from a function", lambda, ASK_PING("eni-8", "eni-1"),
         "blocked; forward PROTOCOL_RESTRICTION eni-8"},
    };

    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gateway_is_left),      cmocka_unit_test(interface_is_asked),
        cmocka_unit_test(ports_split_exactly),  cmocka_unit_test(aws_answers),
        cmocka_unit_test(flow_logs_are_silent), cmocka_unit_test(lambda_only_sends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
