/* From what the AWS CLI prints to the world, a case a rule; faults that cost something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <vpcwhy/error.h>

#include "base/address.h"
#include "load/loading.h"

static void assert_prefix(struct vw_prefix prefix, const char *text)
{
    char buffer[VW_PREFIX_TEXT];

    assert_string_equal(vw_prefix_format(prefix, buffer), text);
}

/* ---- VPCs and subnets ---- */

static void cidrs_of_a_vpc(void **state)
{
    struct loading loading;
    const struct vw_vpc *vpc;

    (void)state;
    loading_text(
        &loading,
        "{'Vpcs': [{'VpcId': 'vpc-1', 'OwnerId': '123456789012', 'CidrBlock':"
        " '10.0.0.0/16', 'Tags': [{'Key': 'Env', 'Value': 'x'},"
        " {'Key': 'Name', 'Value': 'one'}], 'CidrBlockAssociationSet': ["
        " {'CidrBlock': '10.0.0.0/16', 'CidrBlockState': {'State': 'associated'}},"
        " {'CidrBlock': '10.1.0.0/16', 'CidrBlockState': {'State': 'disassociated'}},"
        " {'CidrBlock': '10.2.0.0/16', 'CidrBlockState': {'State': 'associated'}}],"
        " 'Ipv6CidrBlockAssociationSet': [{'Ipv6CidrBlock': '2001:db8::/56',"
        " 'Ipv6CidrBlockState': {'State': 'associated'}}],"
        " 'BlockPublicAccessStates': {'InternetGatewayBlockMode': 'block-ingress'}},"
        " {'VpcId': 'vpc-2', 'CidrBlock': '10.9.0.0/16', 'Tags': null,"
        " 'CidrBlockAssociationSet': null, 'Ipv6CidrBlockAssociationSet': []}]}");
    loading_is_quiet(&loading);
    vpc = vw_world_vpc(loading.world, loading_find(&loading, VW_OBJECT_VPC, "vpc-1"));
    assert_int_equal(vpc->cidr_count, 3);
    assert_prefix(vpc->cidrs[1], "10.2.0.0/16");
    assert_prefix(vpc->cidrs[2], "2001:db8::/56");
    assert_string_equal(vpc->object.name, "one");
    assert_string_equal(vpc->object.account, "123456789012");
    assert_string_equal(vpc->object.source.pointer, "/Vpcs/0");
    assert_int_equal(vpc->block_public_access, VW_BLOCK_INGRESS);
    vpc = vw_world_vpc(loading.world, loading_find(&loading, VW_OBJECT_VPC, "vpc-2"));
    assert_int_equal(vpc->cidr_count, 1);
    assert_null(vpc->object.name);
    assert_int_equal(vpc->block_public_access, VW_BLOCK_UNSET);
    loading_close(&loading);
}

static void host_bits_are_cleared_and_said(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading, "{'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.0.3.1/16'}]}");
    loading_says(&loading, "host-bits", "/Vpcs/0/CidrBlock", "read as \"10.0.0.0/16\"");
    assert_prefix(vw_world_vpc(loading.world, 0)->cidrs[0], "10.0.0.0/16");
    loading_close(&loading);
}

/* ---- route tables ---- */

static void routes_and_their_targets(void **state)
{
    static const struct {
        enum vw_target_kind kind;
        const char *id;
        enum vw_route_origin origin;
        enum vw_route_state state;
    } expected[] = {
        {VW_TARGET_LOCAL, "local", VW_ORIGIN_LOCAL, VW_ROUTE_ACTIVE},
        {VW_TARGET_INTERNET_GATEWAY, "igw-1", VW_ORIGIN_STATIC, VW_ROUTE_BLACKHOLE},
        {VW_TARGET_INTERFACE, "eni-1", VW_ORIGIN_STATIC, VW_ROUTE_ACTIVE},
        {VW_TARGET_INSTANCE, "i-2", VW_ORIGIN_STATIC, VW_ROUTE_ACTIVE},
        {VW_TARGET_VPN_GATEWAY, "vgw-1", VW_ORIGIN_PROPAGATED, VW_ROUTE_FILTERED},
        {VW_TARGET_ENDPOINT, "vpce-1", VW_ORIGIN_PREFIX_LIST, VW_ROUTE_ACTIVE},
        {VW_TARGET_CORE_NETWORK, "arn:aws:networkmanager::1:core-network/c",
         VW_ORIGIN_STATIC, VW_ROUTE_ACTIVE},
        {VW_TARGET_OTHER, "arn:aws:odb:x", VW_ORIGIN_STATIC, VW_ROUTE_ACTIVE},
        {VW_TARGET_EGRESS_ONLY_GATEWAY, "eigw-1", VW_ORIGIN_STATIC, VW_ROUTE_ACTIVE},
    };
    const struct vw_route_table *table;
    struct loading loading;
    size_t i;

    (void)state;
    loading_text(
        &loading,
        "{'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1', 'Associations': ["
        " {'Main': true, 'AssociationState': {'State': 'associated'}},"
        " {'Main': false, 'SubnetId': 'subnet-1', 'AssociationState': {'State':"
        " 'associated'}}, {'Main': false, 'SubnetId': 'subnet-2', 'AssociationState':"
        " {'State': 'disassociated'}}, {'GatewayId': 'igw-9'}], 'Routes': ["
        "{'DestinationCidrBlock': '10.0.0.0/16', 'GatewayId': 'local', 'Origin':"
        " 'CreateRouteTable', 'State': 'active'},"
        "{'DestinationCidrBlock': '0.0.0.0/0', 'GatewayId': 'igw-1', 'Origin':"
        " 'CreateRoute', 'State': 'blackhole'},"
        "{'DestinationCidrBlock': '10.1.0.0/16', 'InstanceId': 'i-1',"
        " 'NetworkInterfaceId': 'eni-1', 'Origin': 'CreateRoute', 'State': 'active'},"
        "{'DestinationCidrBlock': '10.2.0.0/16', 'InstanceId': 'i-2'},"
        "{'DestinationCidrBlock': '10.3.0.0/16', 'GatewayId': 'vgw-1', 'Origin':"
        " 'EnableVgwRoutePropagation', 'State': 'filtered'},"
        "{'DestinationPrefixListId': 'pl-1', 'GatewayId': 'vpce-1', 'Origin':"
        " 'CreateRoute', 'State': 'active'},"
        "{'DestinationCidrBlock': '10.4.0.0/16', 'CoreNetworkArn':"
        " 'arn:aws:networkmanager::1:core-network/c'},"
        "{'DestinationCidrBlock': '10.5.0.0/16', 'OdbNetworkArn': 'arn:aws:odb:x'},"
        "{'DestinationIpv6CidrBlock': '::/0', 'EgressOnlyInternetGatewayId': 'eigw-1'}"
        "]}]}");
    table = vw_world_route_table(loading.world, 0);
    assert_true(table->main);
    assert_string_equal(table->gateway_id, "igw-9");
    assert_string_equal(table->main_source.pointer, "/RouteTables/0/Associations/0");
    assert_int_equal(vw_world_subnet(loading.world,
                                     loading_find(&loading, VW_OBJECT_SUBNET, "subnet-1"))
                         ->route_table,
                     0);
    assert_false(
        vw_world_find(loading.world, VW_OBJECT_SUBNET, "subnet-2", &(uint32_t){0}));
    assert_int_equal(table->route_count, sizeof expected / sizeof *expected);
    for (i = 0; i < table->route_count; i++) {
        assert_int_equal(table->routes[i].target_kind, expected[i].kind);
        assert_string_equal(table->routes[i].target_id, expected[i].id);
        assert_int_equal(table->routes[i].origin, expected[i].origin);
        assert_int_equal(table->routes[i].state, expected[i].state);
    }
    assert_string_equal(table->routes[4].source.pointer, "/RouteTables/0/Routes/4");
    assert_int_equal(table->routes[5].destination.address.family, VW_FAMILY_NONE);
    assert_int_equal(table->routes[5].prefix_list,
                     loading_find(&loading, VW_OBJECT_PREFIX_LIST, "pl-1"));
    assert_prefix(table->routes[8].destination, "::/0");
    loading_close(&loading);
}

/* A state that is not known might be any: the table must not decide. */
static void an_unknown_word_costs_the_table(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading,
                 "{'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1', 'Routes':"
                 " [{'DestinationCidrBlock': '0.0.0.0/0', 'GatewayId': 'igw-1', 'State':"
                 " 'quarantined'}]}, {'RouteTableId': 'rtb-2', 'VpcId': 'vpc-1'}]}");
    loading_says(&loading, "bad-value", "/RouteTables/0/Routes/0/State",
                 "expected \"active\", \"blackhole\" or \"filtered\", found "
                 "\"quarantined\"; route table \"rtb-1\" counts as not exported");
    assert_false(vw_world_route_table(loading.world, 0)->object.exported);
    assert_true(vw_world_route_table(loading.world, 1)->object.exported);
    loading_close(&loading);
}

/* A subnet whose table is not known must not fall back to the main one. */
static void a_lost_association_puts_the_main_table_in_doubt(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1',"
        " 'Associations': [{'SubnetId': {}}]}, {'RouteTableId': 'rtb-2', 'VpcId':"
        " 'vpc-1', 'Associations': [{'Main': true}]}], 'Vpcs': [{'VpcId':"
        " 'vpc-1', 'CidrBlock': '10.0.0.0/16'}]}");
    loading_says(&loading, "wrong-type", "/RouteTables/0/Associations/0/SubnetId",
                 "found an object");
    assert_false(vw_world_route_table(loading.world, 0)->object.exported);
    assert_false(vw_world_route_table(loading.world, 1)->object.exported);
    loading_close(&loading);
}

/* ---- security groups and network ACLs ---- */

static void permissions_become_rules(void **state)
{
    const struct vw_security_group *group;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'SecurityGroups': [{'GroupId': 'sg-1', 'GroupName': 'web', 'VpcId': 'vpc-1',"
        " 'OwnerId': '123456789012', 'IpPermissions': ["
        "{'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 23, 'IpRanges': [{'CidrIp':"
        " '10.0.0.0/8'}, {'CidrIp': '192.0.2.0/24'}], 'Ipv6Ranges': [{'CidrIpv6': "
        "'::/0'}], 'PrefixListIds': [{'PrefixListId': 'pl-1'}], 'UserIdGroupPairs': ["
        "{'GroupId': 'sg-2', 'UserId': '210987654321', 'VpcPeeringConnectionId': 'pcx-1',"
        " 'PeeringStatus': 'active'}]},"
        "{'IpProtocol': '-1', 'FromPort': 5, 'ToPort': 6, 'IpRanges': [{'CidrIp':"
        " '10.1.0.0/16'}]},"
        "{'IpProtocol': 'icmp', 'FromPort': 8, 'ToPort': -1, 'IpRanges': [{'CidrIp':"
        " '10.2.0.0/16'}]},"
        "{'IpProtocol': '58', 'IpRanges': null, 'Ipv6Ranges': [{'CidrIpv6': '::/0'}]},"
        "{'IpProtocol': '50', 'FromPort': 7, 'ToPort': 7, 'IpRanges': [{'CidrIp':"
        " '10.3.0.0/16'}]},"
        "{'IpProtocol': 'udp', 'FromPort': 53, 'ToPort': 53, 'IpRanges': []}],"
        " 'IpPermissionsEgress': []}]}");
    group = vw_world_security_group(loading.world, 0);
    assert_int_equal(group->ingress.count, 9);
    assert_int_equal(group->egress.count, 0);
    assert_prefix(group->ingress.items[1].prefix, "192.0.2.0/24");
    assert_int_equal(group->ingress.items[1].to, 23);
    assert_string_equal(group->ingress.items[1].source.pointer,
                        "/SecurityGroups/0/IpPermissions/0/IpRanges/1");
    assert_int_equal(group->ingress.items[3].peer_kind, VW_PEER_PREFIX_LIST);
    assert_int_equal(group->ingress.items[4].peer_kind, VW_PEER_GROUP);
    assert_string_equal(group->ingress.items[4].peering_id, "pcx-1");
    assert_string_equal(group->ingress.items[4].peering_status, "active");
    assert_int_equal(group->ingress.items[5].protocol, -1);
    assert_int_equal(group->ingress.items[5].from, -1);
    assert_int_equal(group->ingress.items[6].from, 8);
    assert_int_equal(group->ingress.items[6].to, -1);
    assert_int_equal(group->ingress.items[7].protocol, 58);
    assert_int_equal(group->ingress.items[7].from, -1);
    assert_int_equal(group->ingress.items[8].protocol, 50);
    assert_int_equal(group->ingress.items[8].from, -1);
    /* A group of a peer and one of another account are not missed; the list and the VPC
     * are. */
    assert_int_equal(loading_count(&loading, "dangling-reference"), 2);
    loading_says(&loading, "dangling-reference",
                 "/SecurityGroups/0/IpPermissions/0/PrefixListIds/0",
                 "get-managed-prefix-list-entries --prefix-list-id pl-1");
    loading_close(&loading);
}

#define RULE(id, group, egress, cidr)                                                    \
    "{'SecurityGroupRuleId': '" id "', 'GroupId': '" group "', 'IsEgress': " egress      \
    ", 'IpProtocol': '-1', 'FromPort': -1, 'ToPort': -1, 'CidrIpv4': '" cidr "'}"

static void rules_stand_in_for_permissions(void **state)
{
    const struct vw_security_group *group;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'SecurityGroups': [{'GroupId': 'sg-1', 'IpPermissions': [{'IpProtocol':"
        " '-1', 'IpRanges': [{'CidrIp': '10.0.0.0/8'}]}]}],"
        "'SecurityGroupRules': [" RULE("sgr-1", "sg-1", "false", "10.0.0.0/8") "," RULE(
            "sgr-2", "sg-1", "true",
            "0.0.0.0/0") "," RULE("sgr-3", "sg-2", "true",
                                  "192.0.2.0/24") "," RULE("sgr-4", "sg-2", "true",
                                                           "198.51.100.0/24") "]}");
    group = vw_world_security_group(
        loading.world, loading_find(&loading, VW_OBJECT_SECURITY_GROUP, "sg-1"));
    assert_int_equal(group->ingress.count, 1);
    assert_null(group->ingress.items[0].rule_id);
    assert_int_equal(group->egress.count, 1);
    assert_string_equal(group->egress.items[0].rule_id, "sgr-2");
    group = vw_world_security_group(
        loading.world, loading_find(&loading, VW_OBJECT_SECURITY_GROUP, "sg-2"));
    assert_true(group->object.exported);
    assert_int_equal(group->ingress.count, 0);
    assert_int_equal(group->egress.count, 2);
    assert_prefix(group->egress.items[1].prefix, "198.51.100.0/24");
    loading_says(&loading, "rules-only", "/SecurityGroupRules/2", "sg-2");
    loading_close(&loading);
}

static void entries_are_sorted_and_typed(void **state)
{
    const struct vw_network_acl *acl;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'NetworkAcls': [{'NetworkAclId': 'acl-1', 'VpcId': 'vpc-1', 'IsDefault': true,"
        " 'Associations': [{'SubnetId': 'subnet-1'}], 'Entries': ["
        "{'RuleNumber': 32767, 'Egress': false, 'RuleAction': 'deny', 'Protocol': '-1',"
        " 'CidrBlock': '0.0.0.0/0'},"
        "{'RuleNumber': 200, 'Egress': false, 'RuleAction': 'allow', 'Protocol': '1',"
        " 'IcmpTypeCode': {'Type': 8, 'Code': -1}, 'CidrBlock': '10.0.0.0/8'},"
        "{'RuleNumber': 100, 'Egress': false, 'RuleAction': 'allow', 'Protocol': '6',"
        " 'PortRange': {'From': 22, 'To': 22}, 'CidrBlock': '10.0.0.0/8'},"
        "{'RuleNumber': 100, 'Egress': true, 'RuleAction': 'allow', 'Protocol': '17',"
        " 'Ipv6CidrBlock': '::/0'}]}]}");
    acl = vw_world_network_acl(loading.world, 0);
    assert_true(acl->is_default);
    assert_int_equal(acl->ingress.count, 3);
    assert_int_equal(acl->ingress.items[0].from, 22);
    assert_true(acl->ingress.items[0].allow);
    assert_int_equal(acl->ingress.items[1].from, 8);
    assert_int_equal(acl->ingress.items[1].to, -1);
    assert_int_equal(acl->ingress.items[2].number, 32767);
    assert_false(acl->ingress.items[2].allow);
    assert_string_equal(acl->ingress.items[2].source.pointer, "/NetworkAcls/0/Entries/0");
    assert_int_equal(acl->egress.count, 1);
    assert_int_equal(acl->egress.items[0].from, -1);
    assert_int_equal(vw_world_subnet(loading.world,
                                     loading_find(&loading, VW_OBJECT_SUBNET, "subnet-1"))
                         ->network_acl,
                     0);
    loading_close(&loading);
}

/* A deny that cannot be read must not be passed over. */
static void a_faulty_entry_costs_the_acl(void **state)
{
    static const struct {
        const char *entry, *code, *part;
    } faults[] = {
        {"'RuleNumber': 1, 'Egress': false, 'RuleAction': 'drop', 'Protocol': '-1',"
         " 'CidrBlock': '0.0.0.0/0'",
         "bad-value", "expected \"allow\" or \"deny\", found \"drop\""},
        {"'RuleNumber': 1, 'Egress': false, 'RuleAction': 'deny', 'Protocol': 'sctq',"
         " 'CidrBlock': '0.0.0.0/0'",
         "bad-value", "expected a protocol"},
        {"'RuleNumber': 1, 'Egress': false, 'RuleAction': 'deny', 'Protocol': '256',"
         " 'CidrBlock': '0.0.0.0/0'",
         "bad-value", "expected a protocol"},
        {"'RuleNumber': 1, 'Egress': false, 'RuleAction': 'deny', 'Protocol': '6',"
         " 'PortRange': {'From': 1, 'To': 65536}, 'CidrBlock': '0.0.0.0/0'",
         "bad-value", "expected a number from -1 to 65535, found 65536"},
        {"'RuleNumber': 1, 'Egress': false, 'RuleAction': 'deny', 'Protocol': '6',"
         " 'PortRange': {'From': 30, 'To': 20}, 'CidrBlock': '0.0.0.0/0'",
         "bad-value", "FromPort lies above ToPort"},
        {"'RuleNumber': 1, 'Egress': false, 'RuleAction': 'deny', 'Protocol': '-1'",
         "bad-value", "expected one of CidrBlock and Ipv6CidrBlock"},
        {"'Egress': false, 'RuleAction': 'deny', 'Protocol': '-1', 'CidrBlock':"
         " '0.0.0.0/0'",
         "missing-field", "entry without RuleNumber"},
        {"'RuleNumber': 1, 'Egress': 'maybe', 'RuleAction': 'deny', 'Protocol': '-1',"
         " 'CidrBlock': '0.0.0.0/0'",
         "bad-value", "expected true or false"},
        {"'RuleNumber': 1, 'Egress': false, 'RuleAction': 'deny', 'Protocol': '-1',"
         " 'CidrBlock': '0.0.0.0/0', 'PortRange': 5",
         "bad-value", "expected an object, found 5"},
        {"'RuleNumber': 100, 'Egress': false, 'RuleAction': 'deny', 'Protocol': '-1',"
         " 'CidrBlock': '0.0.0.0/0'",
         "bad-value", "rule number 100 stands twice"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct loading loading;
        char text[600];

        snprintf(text, sizeof text,
                 "{'NetworkAcls': [{'NetworkAclId': 'acl-1', 'Entries': [{'RuleNumber':"
                 " 100, 'Egress': false, 'RuleAction': 'allow', 'Protocol': '-1',"
                 " 'CidrBlock': '0.0.0.0/0'}, {%s}]}, {'NetworkAclId': 'acl-2'}]}",
                 faults[i].entry);
        loading_text(&loading, text);
        loading_says(&loading, i == 8 ? "wrong-type" : faults[i].code, NULL,
                     faults[i].part);
        assert_false(vw_world_network_acl(loading.world, 0)->object.exported);
        assert_true(vw_world_network_acl(loading.world, 1)->object.exported);
        loading_close(&loading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cidrs_of_a_vpc),
        cmocka_unit_test(host_bits_are_cleared_and_said),
        cmocka_unit_test(routes_and_their_targets),
        cmocka_unit_test(an_unknown_word_costs_the_table),
        cmocka_unit_test(a_lost_association_puts_the_main_table_in_doubt),
        cmocka_unit_test(permissions_become_rules),
        cmocka_unit_test(rules_stand_in_for_permissions),
        cmocka_unit_test(entries_are_sorted_and_typed),
        cmocka_unit_test(a_faulty_entry_costs_the_acl),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
