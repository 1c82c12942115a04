/* Transit gateways: every call, wrapper and file name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "load/loading.h"

static const struct vw_transit_attachment *attachment(const struct loading *loading,
                                                      const char *id)
{
    return vw_world_transit_attachment(
        loading->world, loading_find(loading, VW_OBJECT_TRANSIT_ATTACHMENT, id));
}

static const struct vw_transit_table *table(const struct loading *loading, const char *id)
{
    return vw_world_transit_table(loading->world,
                                  loading_find(loading, VW_OBJECT_TRANSIT_TABLE, id));
}

static void assert_destination(const struct vw_transit_route *route, const char *text)
{
    char buffer[VW_PREFIX_TEXT];

    assert_string_equal(vw_prefix_format(route->destination, buffer), text);
}

#define VPC                                                                              \
    "'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.1.0.0/16', 'OwnerId': '111111111111'," \
    " 'Ipv6CidrBlockAssociationSet': [{'Ipv6CidrBlock': '2001:db8:1::/56'}]}],"          \
    "'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'CidrBlock':"                \
    " '10.1.1.0/24'}],"
#define GATEWAY(id)                                                                      \
    "{'TransitGatewayId': '" id "', 'OwnerId': '111111111111', 'State': 'available',"    \
    " 'TransitGatewayArn': 'arn:aws:ec2:eu-west-1:111111111111:transit-gateway/" id "'," \
    " 'Options': {'SecurityGroupReferencingSupport': 'enable'}}"
#define TABLE(id, gateway)                                                               \
    "{'TransitGatewayRouteTableId': '" id "', 'TransitGatewayId': '" gateway "',"        \
    " 'State': 'available'}"
#define ATTACHMENT(id, gateway, type, resource, more)                                    \
    "{'TransitGatewayAttachmentId': '" id "', 'TransitGatewayId': '" gateway "',"        \
    " 'TransitGatewayOwnerId': '111111111111', 'State': 'available', 'ResourceType':"    \
    " '" type "', 'ResourceId': '" resource "'" more "}"
#define ASSOCIATED(table)                                                                \
    ", 'Association': {'TransitGatewayRouteTableId': '" table "', 'State': "             \
    "'associated'}"
#define ATTACHED(id, type)                                                               \
    "{'TransitGatewayAttachmentId': '" id "', 'ResourceType': '" type "', 'State':"      \
    " 'enabled'}"
#define ROUTE(cidr, type, state, attachments)                                            \
    "{'DestinationCidrBlock': '" cidr "', 'Type': '" type "', 'State': '" state "',"     \
    " 'TransitGatewayAttachments': [" attachments "]}"

#define GATEWAYS "'TransitGateways': [" GATEWAY("tgw-1") "],"
#define TABLES "'TransitGatewayRouteTables': [" TABLE("tgw-rtb-1", "tgw-1") "],"
#define TO_VPC(more) ATTACHMENT("tgw-attach-1", "tgw-1", "vpc", "vpc-1", more)
#define TO_VPN_1 ATTACHMENT("tgw-attach-2", "tgw-1", "vpn", "vpn-1", "")
#define TO_VPN_2 ATTACHMENT("tgw-attach-3", "tgw-1", "vpn", "vpn-2", "")
#define ALL_TO TO_VPC(ASSOCIATED("tgw-rtb-1")) "," TO_VPN_1 "," TO_VPN_2
#define ATTACHMENTS "'TransitGatewayAttachments': [" ALL_TO "],"
#define VPC_ATTACHMENTS                                                                  \
    "'TransitGatewayVpcAttachments': [{'TransitGatewayAttachmentId': 'tgw-attach-1', "   \
    "'TransitGatewayId': 'tgw-1', 'VpcId': 'vpc-1', 'VpcOwnerId': '111111111111', "      \
    "'State': 'available', 'SubnetIds': ['subnet-1'], 'Options': "                       \
    "{'ApplianceModeSupport': 'enable', 'Ipv6Support': 'enable', "                       \
    "'SecurityGroupReferencingSupport': 'enable'}}],"
#define VPN_CONNECTIONS                                                                  \
    "'VpnConnections': [{'VpnConnectionId': 'vpn-1', 'TransitGatewayId': 'tgw-1', "      \
    "'State': 'available', 'Options': {'StaticRoutesOnly': true}, 'Routes': "            \
    "[{'DestinationCidrBlock': '192.168.0.0/16', 'State': 'available'}, "                \
    "{'DestinationCidrBlock': '192.169.0.0/16', 'State': 'deleted'}], "                  \
    "'VgwTelemetry': [{'OutsideIpAddress': '203.0.113.1', 'Status': "                    \
    "'UP'}]},{'VpnConnectionId': 'vpn-2', 'TransitGatewayId': 'tgw-1', 'State': "        \
    "'available', 'Options': {'StaticRoutesOnly': false}}]"
#define BASE VPC GATEWAYS TABLES ATTACHMENTS VPC_ATTACHMENTS VPN_CONNECTIONS

static void attachments_of_three_calls(void **state)
{
    const struct vw_transit_attachment *one;
    const struct vw_transit_gateway *gateway;
    struct loading loading;

    (void)state;
    loading_text(&loading, "{" BASE "}");
    loading_is_quiet(&loading);
    assert_int_equal(vw_world_count(loading.world, VW_OBJECT_TRANSIT_ATTACHMENT), 3);
    one = attachment(&loading, "tgw-attach-1");
    assert_int_equal(one->attachment_kind, VW_ATTACHMENT_VPC);
    assert_string_equal(one->resource_id, "vpc-1");
    assert_string_equal(one->state, "available");
    assert_true(one->association_known);
    assert_int_equal(one->table, 0);
    assert_int_equal(one->vpc, 0);
    assert_true(one->subnets_known && one->subnet_count == 1 && one->subnets[0] == 0);
    assert_true(one->appliance_mode && one->ipv6 && one->security_group_referencing);
    one = attachment(&loading, "tgw-attach-2");
    assert_int_equal(one->attachment_kind, VW_ATTACHMENT_VPN);
    assert_true(one->association_known);
    assert_int_equal(one->table, VW_NONE);
    assert_false(one->subnets_known);
    gateway = vw_world_transit_gateway(loading.world, one->gateway);
    assert_true(gateway->security_group_referencing);
    assert_string_equal(gateway->object.region, "eu-west-1");
    assert_string_equal(table(&loading, "tgw-rtb-1")->object.region, "eu-west-1");
    assert_false(table(&loading, "tgw-rtb-1")->routes_exported);
    assert_int_equal(loading.world->service_count, 1);
    assert_string_equal(loading.world->services[0].id, "vpn-1");
    loading_close(&loading);
}

/* Of the call for VPC attachments alone the association is not known. */
static void association_that_nobody_told(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'TransitGateways': [" GATEWAY(
            "tgw-1") "],"
                     "'TransitGatewayVpcAttachments': [{'TransitGatewayAttachmentId':"
                     " 'tgw-attach-1', 'TransitGatewayId': 'tgw-1', 'VpcId': 'vpc-1',"
                     " 'State': 'available'}],"
                     "'TransitGatewayAttachments': [" ATTACHMENT(
                         "tgw-attach-2", "tgw-1", "vpc", "vpc-1",
                         ", 'Association': {'TransitGatewayRouteTableId': 'tgw-rtb-1',"
                         " 'State': 'disassociating'}") "]}");
    assert_int_equal(attachment(&loading, "tgw-attach-1")->attachment_kind,
                     VW_ATTACHMENT_VPC);
    assert_false(attachment(&loading, "tgw-attach-1")->association_known);
    assert_true(attachment(&loading, "tgw-attach-2")->association_known);
    assert_int_equal(attachment(&loading, "tgw-attach-2")->table, VW_NONE);
    loading_close(&loading);
}

/* ---- routes ---- */

static void assert_routes(const struct loading *loading)
{
    const struct vw_transit_table *one = table(loading, "tgw-rtb-1");
    uint32_t first = loading_find(loading, VW_OBJECT_TRANSIT_ATTACHMENT, "tgw-attach-1");

    assert_true(one->routes_exported && one->propagations_exported);
    assert_false(one->has_more);
    assert_int_equal(one->propagation_count, 3);
    assert_int_equal(one->route_count, 5);
    assert_destination(&one->routes[0], "0.0.0.0/0");
    assert_false(one->routes[0].propagated || one->routes[0].blackhole);
    assert_int_equal(one->routes[0].attachment_count, 1);
    assert_int_equal(one->routes[0].attachments[0], first);
    assert_destination(&one->routes[1], "10.9.0.0/16");
    assert_true(one->routes[1].blackhole);
    assert_destination(&one->routes[2], "10.1.0.0/16");
    assert_true(one->routes[2].propagated);
    assert_destination(&one->routes[3], "2001:db8:1::/56");
    assert_true(one->routes[3].propagated);
    assert_destination(&one->routes[4], "192.168.0.0/16");
    assert_int_equal(one->routes[4].attachments[0],
                     loading_find(loading, VW_OBJECT_TRANSIT_ATTACHMENT, "tgw-attach-2"));
    /* vpn-2 learns its routes by BGP. */
    assert_true(one->has_unknown_propagation);
}

#define STATIC_ROUTES                                                                    \
    "[" ROUTE("0.0.0.0/0", "static", "active",                                           \
              ATTACHED("tgw-attach-1",                                                   \
                       "vpc")) "," ROUTE("10.9.0.0/16", "static", "blackhole",           \
                                         "") "," ROUTE("10.8.0.0/16", "static",          \
                                                       "deleted", "") "]"
#define PROPAGATIONS                                                                     \
    "[" ATTACHED("tgw-attach-1", "vpc") "," ATTACHED(                                    \
        "tgw-attach-2",                                                                  \
        "vpn") "," ATTACHED("tgw-attach-3",                                              \
                            "vpn") ","                                                   \
                                   "{'TransitGatewayAttachmentId': 'tgw-attach-9', "     \
                                   "'State': 'disabled'}]"

static void routes_in_wrappers(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading,
                 "{" BASE
                 ", 'TransitGatewayStaticRoutes': [{'TransitGatewayRouteTableId':"
                 " 'tgw-rtb-1', 'AdditionalRoutesAvailable': false, 'Routes':"
                 " " STATIC_ROUTES "}],"
                 "'TransitGatewayPropagations': [{'TransitGatewayRouteTableId':"
                 " 'tgw-rtb-1', 'TransitGatewayRouteTablePropagations':"
                 " " PROPAGATIONS "}]}");
    loading_is_quiet(&loading);
    assert_routes(&loading);
    loading_close(&loading);
}

static void routes_by_file_name(void **state)
{
    struct loading loading;

    (void)state;
    loading_open(&loading);
    loading_file(&loading, "all.json", "{" BASE "}");
    loading_file(&loading, "routes.tgw-rtb-1.json",
                 "{'Routes': " STATIC_ROUTES ", 'AdditionalRoutesAvailable': false}");
    /* The same once more adds nothing. */
    loading_file(&loading, "static.tgw-rtb-1.x.json",
                 "{'TransitGatewayRouteTableId': 'tgw-rtb-1', 'Routes':"
                 " " STATIC_ROUTES "}");
    loading_file(&loading, "propagations-tgw-rtb-1.json",
                 "{'TransitGatewayRouteTablePropagations': " PROPAGATIONS "}");
    loading_file(&loading, "associations.tgw-rtb-1.json",
                 "{'Associations': [{'TransitGatewayAttachmentId': 'tgw-attach-2',"
                 " 'ResourceType': 'vpn', 'State': 'associated'}]}");
    loading_file(&loading, "associations.json", "{'Associations': [{'Name': 'ssm'}]}");
    loading_load(&loading);
    loading_is_quiet(&loading);
    assert_routes(&loading);
    assert_int_equal(attachment(&loading, "tgw-attach-2")->table, 0);
    assert_int_equal(loading.world->other_count, 1);
    loading_close(&loading);
}

/* A search that lists propagated routes is not repeated, and tells what BGP told. */
static void propagated_routes_that_are_listed(void **state)
{
    const struct vw_transit_table *one;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" BASE ", 'TransitGatewayRouteTableId': 'tgw-rtb-1', 'Routes': [" ROUTE(
            "10.1.0.0/16", "propagated", "active",
            ATTACHED(
                "tgw-attach-1",
                "vpc")) "," ROUTE("172.16.0.0/12", "propagated", "active",
                                  ATTACHED("tgw-attach-3", "vpn") "," ATTACHED(
                                      "tgw-attach-2",
                                      "vpn")) "],"
                                              "'AdditionalRoutesAvailable': true, "
                                              "'TransitGatewayRouteTablePropagations':"
                                              " " PROPAGATIONS
                                              ", 'TransitGatewayPrefixListReferences': ["
                                              "{'TransitGatewayRouteTableId': "
                                              "'tgw-rtb-1', 'PrefixListId': 'pl-1', "
                                              "'State':"
                                              " 'available', 'Blackhole': true},"
                                              "{'TransitGatewayRouteTableId': "
                                              "'tgw-rtb-1', 'PrefixListId': 'pl-2', "
                                              "'State':"
                                              " 'available', 'Blackhole': false, "
                                              "'TransitGatewayAttachment':"
                                              " " ATTACHED("tgw-attach-1", "vpc") "}]}");
    one = table(&loading, "tgw-rtb-1");
    assert_true(one->has_more);
    assert_false(one->has_unknown_propagation);
    assert_int_equal(one->route_count, 6);
    assert_int_equal(one->routes[1].attachment_count, 2);
    assert_true(one->routes[1].attachments[0] < one->routes[1].attachments[1]);
    assert_int_equal(one->routes[2].destination.address.family, VW_FAMILY_NONE);
    assert_int_equal(one->routes[2].prefix_list,
                     loading_find(&loading, VW_OBJECT_PREFIX_LIST, "pl-1"));
    assert_true(one->routes[2].blackhole);
    assert_false(one->routes[3].propagated);
    assert_int_equal(one->routes[3].attachment_count, 1);
    assert_destination(&one->routes[4], "2001:db8:1::/56");
    assert_destination(&one->routes[5], "192.168.0.0/16");
    loading_close(&loading);
}

static void routes_of_no_table(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading, "{" BASE ", 'Routes': []}");
    loading_says(&loading, "missing-field", "/Routes", "tgw-rtb-0123.json");
    assert_true(table(&loading, "tgw-rtb-1")->has_more);
    loading_close(&loading);
}

/* ---- peerings: one id, two objects ---- */

#define PEERING                                                                          \
    "'TransitGateways': [" GATEWAY("tgw-1") "," GATEWAY(                                 \
        "tgw-2") "],"                                                                    \
                 "'TransitGatewayRouteTables': [" TABLE("tgw-rtb-1", "tgw-1") "," TABLE( \
                     "tgw-rtb-2",                                                        \
                     "tgw-2") "],"                                                       \
                              "'TransitGatewayStaticRoutes': "                           \
                              "[{'TransitGatewayRouteTableId': 'tgw-rtb-1',"             \
                              " 'Routes': [" ROUTE(                                      \
                                  "10.2.0.0/16", "static", "active",                     \
                                  ATTACHED("tgw-attach-1",                               \
                                           "peering")) "]},"                             \
                                                       "{'TransitGatewayRouteTableId': " \
                                                       "'tgw-rtb-2', 'Routes': [" ROUTE( \
                                                           "10.1.0.0/16", "static",      \
                                                           "active",                     \
                                                           ATTACHED("tgw-attach-1",      \
                                                                    "peering")) "]}],"

static void assert_peering(const struct loading *loading)
{
    uint32_t a =
        loading_find(loading, VW_OBJECT_TRANSIT_ATTACHMENT, "tgw-attach-1@tgw-1");
    uint32_t b =
        loading_find(loading, VW_OBJECT_TRANSIT_ATTACHMENT, "tgw-attach-1@tgw-2");
    const struct vw_transit_attachment *one =
        vw_world_transit_attachment(loading->world, a);
    uint32_t ignored;

    assert_false(vw_world_find(loading->world, VW_OBJECT_TRANSIT_ATTACHMENT,
                               "tgw-attach-1", &ignored));
    assert_true(one->object.exported);
    assert_string_equal(one->object.id, "tgw-attach-1");
    assert_int_equal(one->attachment_kind, VW_ATTACHMENT_PEERING);
    assert_int_equal(one->peer, b);
    assert_int_equal(one->peer_gateway,
                     loading_find(loading, VW_OBJECT_TRANSIT_GATEWAY, "tgw-2"));
    one = vw_world_transit_attachment(loading->world, b);
    assert_string_equal(one->object.id, "tgw-attach-1");
    assert_int_equal(one->peer, a);
    assert_int_equal(table(loading, "tgw-rtb-1")->routes[0].attachments[0], a);
    assert_int_equal(table(loading, "tgw-rtb-2")->routes[0].attachments[0], b);
}

static void peering_seen_from_both_sides(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC PEERING "'TransitGatewayAttachments': [" ATTACHMENT(
            "tgw-attach-1", "tgw-1", "peering", "tgw-2",
            ASSOCIATED("tgw-rtb-1")) "," ATTACHMENT("tgw-attach-1", "tgw-2", "peering",
                                                    "tgw-1",
                                                    ASSOCIATED("tgw-rtb-2")) "]}");
    loading_is_quiet(&loading);
    assert_peering(&loading);
    assert_int_equal(vw_world_count(loading.world, VW_OBJECT_TRANSIT_ATTACHMENT), 2);
    loading_close(&loading);
}

static void peering_told_at_once(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC PEERING "'TransitGatewayPeeringAttachments':"
        " [{'TransitGatewayAttachmentId': 'tgw-attach-1', 'State': 'available',"
        " 'RequesterTgwInfo': {'TransitGatewayId': 'tgw-1', 'OwnerId':"
        " '111111111111', 'Region': 'eu-west-1'}, 'AccepterTgwInfo':"
        " {'TransitGatewayId': 'tgw-2', 'OwnerId': '111111111111', 'Region':"
        " 'eu-west-2'}}], 'TransitGatewayAttachments': [" ATTACHMENT(
            "tgw-attach-1", "tgw-1", "peering", "tgw-2", ASSOCIATED("tgw-rtb-1")) "]}");
    loading_is_quiet(&loading);
    assert_peering(&loading);
    assert_string_equal(attachment(&loading, "tgw-attach-1@tgw-1")->object.account,
                        "111111111111");
    assert_true(attachment(&loading, "tgw-attach-1@tgw-1")->association_known);
    assert_false(attachment(&loading, "tgw-attach-1@tgw-2")->association_known);
    loading_close(&loading);
}

/* ---- other accounts' ---- */

static void networks_of_other_accounts_are_no_gap(void **state)
{
    const struct vw_transit_table *one;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'SecurityGroups': [{'GroupId': 'sg-1', 'OwnerId': '111111111111'}]," BASE ","
        "'TransitGatewayRouteTableId': 'tgw-rtb-1', "
        "'TransitGatewayRouteTablePropagations'"
        ": [" ATTACHED(
            "tgw-attach-7",
            "vpc") "]}"
                   "{'TransitGatewayAttachments': [" ATTACHMENT(
                       "tgw-attach-7", "tgw-1", "vpc", "vpc-7",
                       ", 'ResourceOwnerId':"
                       " '222222222222'") ","
                                          "{'TransitGatewayAttachmentId': "
                                          "'tgw-attach-8', 'TransitGatewayId': 'tgw-8',"
                                          " 'ResourceType': 'vpc', 'ResourceId': "
                                          "'vpc-8', 'State': 'deleted'}],"
                                          "'TransitGatewayVpcAttachments': "
                                          "[{'TransitGatewayAttachmentId': "
                                          "'tgw-attach-7',"
                                          " 'VpcId': 'vpc-7', 'VpcOwnerId': "
                                          "'222222222222', 'SubnetIds': ['subnet-7'],"
                                          " 'State': 'available'}]}");
    loading_is_quiet(&loading);
    one = table(&loading, "tgw-rtb-1");
    assert_int_equal(one->route_count, 0);
    assert_true(one->has_unknown_propagation);
    assert_string_equal(attachment(&loading, "tgw-attach-7")->object.account,
                        "222222222222");
    loading_close(&loading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attachments_of_three_calls),
        cmocka_unit_test(association_that_nobody_told),
        cmocka_unit_test(routes_in_wrappers),
        cmocka_unit_test(routes_by_file_name),
        cmocka_unit_test(propagated_routes_that_are_listed),
        cmocka_unit_test(routes_of_no_table),
        cmocka_unit_test(peering_seen_from_both_sides),
        cmocka_unit_test(peering_told_at_once),
        cmocka_unit_test(networks_of_other_accounts_are_no_gap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
