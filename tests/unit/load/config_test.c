/* AWS Config's items: each form, which of several counts, and what is said of bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"
#include "load/loading.h"
#include "world/index.h"

static bool is_there(const struct loading *loading, enum vw_object_kind kind,
                     const char *id)
{
    uint32_t index;

    assert_non_null(loading->world);
    return vw_world_find(loading->world, kind, id, &index) &&
           vw_world_object(loading->world, kind, index)->exported;
}

static void assert_prefix(struct vw_prefix prefix, const char *text)
{
    char buffer[VW_PREFIX_TEXT];

    assert_string_equal(vw_prefix_format(prefix, buffer), text);
}

/* type, id, what else the item says, its configuration */
#define ITEM(type, id, more, configuration)                                              \
    "{'resourceType': 'AWS::" type "', 'resourceId': '" id "', 'awsAccountId':"          \
    " '123456789012', 'awsRegion': 'eu-west-1', " more "'configuration': " configuration \
    "}"
#define SNAPSHOT(items)                                                                  \
    "{'fileVersion': '1.0', 'configSnapshotId': '1', 'configurationItems': [" items "]}"
#define AT(time) "'configurationItemCaptureTime': '2025-01-17T" time "', "
#define GONE "'configurationItemStatus': 'ResourceDeleted', "
#define VPC(cidr) "{'vpcId': 'vpc-1', 'cidrBlock': '" cidr "'}"

static void keys_begin_small(void **state)
{
    const struct vw_security_group *group;
    const struct vw_network_acl *acl;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        SNAPSHOT(ITEM(
            "EC2::VPC", "vpc-1", "'tags': {'Name': 'one'}, ",
            "{'vpcId': 'vpc-1', 'cidrBlock': '10.0.0.0/16', 'state':"
            " {'value': 'available'}}") "," ITEM("EC2::NetworkAcl", "acl-1", "",
                                                 "{'networkAclId': 'acl-1', 'vpcId': "
                                                 "'vpc-1', 'tags': [{'key':"
                                                 " 'Name', 'value': 'two'}], 'entries': "
                                                 "[{'ruleNumber': 100,"
                                                 " 'protocol': '1', 'ruleAction': "
                                                 "'allow', 'egress': false,"
                                                 " 'cidrBlock': '10.0.0.0/8', "
                                                 "'icmpTypeCode': {'type': 8, 'code':"
                                                 " -1}}]}") "," ITEM("EC2::SecurityGroup",
                                                                     "sg-1", "",
                                                                     "{'groupId': "
                                                                     "'sg-1', 'ownerId': "
                                                                     "'210987654321', "
                                                                     "'vpcId': 'vpc-1',"
                                                                     " 'ipPermissions': "
                                                                     "[{'ipProtocol': "
                                                                     "'tcp', 'fromPort': "
                                                                     "22, 'toPort':"
                                                                     " 22, 'ipRanges': "
                                                                     "['192.0.2.0/24'], "
                                                                     "'ipv4Ranges': "
                                                                     "[{'cidrIp':"
                                                                     " '192.0.2.0/"
                                                                     "24'}]}]}")));
    assert_int_equal(loading_count(&loading, "bad-value"), 0);
    assert_int_equal(loading_count(&loading, "unknown-key"), 0);
    assert_string_equal(
        vw_world_vpc(loading.world, loading_find(&loading, VW_OBJECT_VPC, "vpc-1"))
            ->object.name,
        "one");
    acl = vw_world_network_acl(loading.world,
                               loading_find(&loading, VW_OBJECT_NETWORK_ACL, "acl-1"));
    assert_string_equal(acl->object.name, "two");
    assert_int_equal(acl->ingress.count, 1);
    assert_true(acl->object.exported);
    group = vw_world_security_group(
        loading.world, loading_find(&loading, VW_OBJECT_SECURITY_GROUP, "sg-1"));
    assert_true(group->object.exported);
    assert_int_equal(group->ingress.count, 1);
    assert_string_equal(group->object.account, "210987654321");
    loading_close(&loading);
}

/* Some words stand alone or wrapped, in one place this way and in another that. */
static void words_may_be_wrapped(void **state)
{
    static const char *const statuses[] = {"{'code': 'active', 'message': 'Active'}",
                                           "'active'"};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        const struct vw_peering *peering;
        struct loading loading;
        char text[1200];

        snprintf(
            text, sizeof text,
            SNAPSHOT(ITEM(
                "EC2::VPCPeeringConnection", "pcx-1", "",
                "{'vpcPeeringConnectionId': 'pcx-1', 'status': %s,"
                " 'requesterVpcInfo': {'vpcId': 'vpc-1'},"
                " 'accepterVpcInfo': {'vpcId': 'vpc-2'}}") "," ITEM("EC2::NatGateway",
                                                                    "nat-1", "",
                                                                    "{'natGatewayId': "
                                                                    "'nat-1', 'vpcId': "
                                                                    "'vpc-1', 'state':"
                                                                    " {'value': "
                                                                    "'available'}}")),
            statuses[i]);
        loading_text(&loading, text);
        assert_int_equal(loading_count(&loading, "wrong-type"), 0);
        peering = vw_world_peering(loading.world,
                                   loading_find(&loading, VW_OBJECT_PEERING, "pcx-1"));
        assert_string_equal(peering->state, "active");
        assert_true(is_there(&loading, VW_OBJECT_NAT_GATEWAY, "nat-1"));
        loading_close(&loading);
    }
}

/* Items before 2017 have no ipv4Ranges. */
static void ranges_may_be_bare(void **state)
{
    const struct vw_security_group *group;
    struct loading loading;

    (void)state;
    loading_text(&loading,
                 SNAPSHOT(ITEM("EC2::SecurityGroup", "sg-1", "",
                               "{'groupId': 'sg-1', 'vpcId': 'vpc-1', 'ipPermissions':"
                               " [{'ipProtocol': '-1', 'ipRanges': ['192.0.2.0/24',"
                               " '198.51.100.0/24']}]}")));
    assert_int_equal(loading_count(&loading, "wrong-type"), 0);
    group = vw_world_security_group(
        loading.world, loading_find(&loading, VW_OBJECT_SECURITY_GROUP, "sg-1"));
    assert_true(group->object.exported);
    assert_int_equal(group->ingress.count, 2); /* one each */
    assert_prefix(group->ingress.items[1].prefix, "198.51.100.0/24");
    loading_close(&loading);
}

static void account_and_region_are_the_items(void **state)
{
    struct loading loading;
    const struct vw_object *object;

    (void)state;
    loading_open(&loading);
    loading_file(&loading, "us-east-1/a.json",
                 SNAPSHOT(ITEM("EC2::Instance", "i-1", "",
                               "{'instanceId': 'i-1', 'state': {'code': 16, 'name':"
                               " 'running'}}") "," ITEM("EC2::VPC", "vpc-1", "",
                                                        VPC("10.0.0.0/16"))));
    loading_load(&loading);
    object = &vw_world_instance(loading.world,
                                loading_find(&loading, VW_OBJECT_INSTANCE, "i-1"))
                  ->object;
    assert_string_equal(object->account, "123456789012");
    assert_string_equal(object->region, "eu-west-1");
    object = &vw_world_vpc(loading.world, loading_find(&loading, VW_OBJECT_VPC, "vpc-1"))
                  ->object;
    assert_string_equal(object->region, "eu-west-1");
    loading_close(&loading);
}

/* Whatever the order, and across files; times as both versions of the CLI print them. */
static void the_newest_counts(void **state)
{
    static const char *const orders[][2] = {{"a.json", "b.json"}, {"b.json", "a.json"}};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        const struct vw_vpc *vpc;
        struct loading loading;

        loading_open(&loading);
        loading_file(
            &loading, orders[i][0],
            SNAPSHOT(ITEM(
                "EC2::VPC", "vpc-1", AT("10:00:00.000Z"),
                VPC("10.1.0.0/16")) "," ITEM("EC2::VPC", "vpc-2", AT("10:00:00.000Z"),
                                             "{'vpcId': 'vpc-2', 'cidrBlock': "
                                             "'10.9.0.0/16'}") "," ITEM("EC2::VPC",
                                                                        "vpc-1",
                                                                        AT("09:00:00."
                                                                           "000Z"),
                                                                        VPC("10.2.0.0/"
                                                                            "16"))));
        loading_file(
            &loading, orders[i][1],
            SNAPSHOT(ITEM(
                "EC2::VPC", "vpc-1", "'configurationItemCaptureTime': 1737115200.5, ",
                VPC("10.3.0.0/16")) "," ITEM("EC2::VPC", "vpc-2",
                                             AT("12:00:00.071000+00:00") GONE,
                                             "null") "," ITEM("EC2::VPC", "vpc-1", "",
                                                              VPC("10.4.0.0/16"))));
        loading_load(&loading);
        assert_int_equal(loading_count(&loading, "duplicate-object"), 0);
        vpc = vw_world_vpc(loading.world, loading_find(&loading, VW_OBJECT_VPC, "vpc-1"));
        assert_int_equal(vpc->cidr_count, 1);
        assert_prefix(vpc->cidrs[0], "10.3.0.0/16");
        assert_false(is_there(&loading, VW_OBJECT_VPC, "vpc-2"));
        loading_close(&loading);
    }
}

static void configurations_may_be_texts(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading, "{'configurationItems': [" ITEM(
                               "EC2::VPC", "vpc-1", "",
                               "'{\\'vpcId\\': \\'vpc-1\\', \\'cidrBlock\\': "
                               "\\'10.0.0.0/99\\'}'") "]}{'baseConfigurationItems': "
                                                      "[{'resourceType': "
                                                      "'AWS::EC2::Subnet',"
                                                      " 'resourceId': 'subnet-1', "
                                                      "'accountId': '1', 'configuration':"
                                                      " '{\\'subnetId\\': "
                                                      "\\'subnet-1\\', \\'vpcId\\': "
                                                      "\\'vpc-1\\'}'}],"
                                                      " 'unprocessedResourceKeys': []}");
    loading_says(&loading, "bad-value", "/configurationItems/0/configuration/cidrBlock",
                 "VPC \"vpc-1\" counts as not exported");
    assert_true(is_there(&loading, VW_OBJECT_SUBNET, "subnet-1"));
    assert_int_equal(loading_count(&loading, "unknown-key"), 0);
    loading_close(&loading);
}

/* What such a call prints are some resources; a snapshot holds all. */
static void only_a_snapshot_is_whole(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading, "{'configurationItems': [" ITEM("EC2::VPC", "vpc-1", "",
                                                           VPC("10.0.0.0/16")) "]}");
    assert_true(is_there(&loading, VW_OBJECT_VPC, "vpc-1"));
    assert_false(loading.world->kind_exported[VW_OBJECT_VPC]);
    loading_close(&loading);
    loading_text(&loading,
                 SNAPSHOT(ITEM("EC2::VPC", "vpc-1", "", VPC("10.0.0.0/16")) "," ITEM(
                     "EC2::VPCPeeringConnection", "pcx-1", GONE, "null")));
    assert_true(loading.world->kind_exported[VW_OBJECT_VPC]);
    assert_true(loading.world->kind_exported[VW_OBJECT_PEERING]);
    assert_false(loading.world->kind_exported[VW_OBJECT_NAT_GATEWAY]);
    assert_false(is_there(&loading, VW_OBJECT_PEERING, "pcx-1"));
    loading_close(&loading);
}

#define NETWORK                                                                          \
    ITEM("EC2::VPC", "vpc-1", "", VPC("10.0.0.0/16"))                                    \
    "," ITEM("EC2::RouteTable", "rtb-1", "",                                             \
             "{'routeTableId': 'rtb-1', 'vpcId': 'vpc-1', 'associations': [{'main': "    \
             "true}]}") "," ITEM("EC2::NetworkInterface", "eni-1", "",                   \
                                 "{'networkInterfaceId': 'eni-1', 'vpcId': 'vpc-1'}")

/* Whether no other interface and no other route table can be in vpc-1. */
static void assert_whole(const struct loading *loading, bool is_whole)
{
    uint32_t vpc = loading_find(loading, VW_OBJECT_VPC, "vpc-1");

    assert_int_equal(vw_world_vpc(loading->world, vpc)->interfaces_exported, is_whole);
    assert_int_equal(is_there(loading, VW_OBJECT_ROUTE_TABLE, "rtb-1"), is_whole);
}

/* A subnet's own table, the owner of an address: what is not there may have been left out
 * of what was asked for. */
static void picked_items_leave_doubts(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading, SNAPSHOT(NETWORK));
    assert_whole(&loading, true);
    loading_close(&loading);
    loading_text(&loading, SNAPSHOT(NETWORK) "{'configurationItems': [" NETWORK "]}");
    assert_whole(&loading, true);
    loading_close(&loading);
    loading_text(&loading, "{'baseConfigurationItems': [" NETWORK "]}");
    assert_whole(&loading, false);
    loading_close(&loading);
    loading_open(&loading);
    loading_file(&loading,
                 "123456789012_Config_eu-west-1_ConfigHistory_AWS::EC2::VPC_1.json",
                 SNAPSHOT(NETWORK));
    loading_load(&loading);
    assert_whole(&loading, false);
    loading_close(&loading);
}

/* All interfaces of one Region say nothing of those of another. */
static void picked_items_cover_no_region(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'configSnapshotId': '1', 'configurationItems': [{'resourceType': "
        "'AWS::EC2::VPC', 'resourceId': 'vpc-9', 'awsAccountId': "
        "'123456789012', 'awsRegion': 'us-east-1', 'configuration': {'vpcId': 'vpc-9'}}, "
        "{'resourceType': 'AWS::EC2::NetworkInterface', 'resourceId': 'eni-9', "
        "'awsAccountId': '123456789012', 'awsRegion': 'us-east-1', "
        "'configuration': {'networkInterfaceId': 'eni-9', 'vpcId': 'vpc-9'}}]}"
        "{'configurationItems': [" NETWORK "]}");
    assert_false(
        vw_world_vpc(loading.world, loading_find(&loading, VW_OBJECT_VPC, "vpc-1"))
            ->interfaces_exported);
    loading_close(&loading);
}

#define RESULTS(fields)                                                                  \
    "{'Results': ['{\\'resourceId\\': \\'vpc-1\\', \\'resourceType\\': "                 \
    "\\'AWS::EC2::VPC\\', \\'accountId\\': \\'1\\', \\'configuration\\': {"              \
    "\\'vpcId\\': \\'vpc-1\\', \\'cidrBlock\\': \\'10.0.0.0/99\\'}}', '{cut', 7], "      \
    "'QueryInfo': {'SelectFields': [{'Name': 'resourceId'}" fields "]}}"

static void results_may_be_items(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading,
                 RESULTS(", {'Name': 'configuration'}") "{'Vpcs': [{'VpcId': 'vpc-2'}]}");
    loading_says(&loading, "bad-value", "/Results/0/configuration/cidrBlock",
                 "VPC \"vpc-1\" counts as not exported");
    loading_says(&loading, "wrong-type", "/Results/1", "expected an object");
    loading_says(&loading, "wrong-type", "/Results/2", "expected an object");
    loading_find(&loading, VW_OBJECT_VPC, "vpc-1");
    loading_close(&loading);
    loading_text(
        &loading,
        RESULTS(", {'Name': 'configuration.vpcId'}") "{'Vpcs': [{'VpcId': 'vpc-2'}]}");
    loading_says(&loading, "missing-field", "/Results",
                 "results that are not whole configurations; passed over");
    assert_int_equal(vw_world_count(loading.world, VW_OBJECT_VPC), 1);
    loading_close(&loading);
}

static void other_types_are_counted(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading,
                 SNAPSHOT(ITEM("EC2::VPC", "vpc-1", "", VPC("10.0.0.0/16")) "," ITEM(
                     "EC2::Volume", "vol-1", "",
                     "{}") "," ITEM("EC2::Volume", "vol-2", "",
                                    "{}") "," ITEM("S3::Bucket", "b", GONE, "null")));
    assert_int_equal(loading.world->other_count, 1);
    assert_string_equal(loading.world->others[0].key, "AWS::EC2::Volume");
    assert_int_equal(loading.world->others[0].count, 2);
    loading_close(&loading);
}

static void bad_items_are_named(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading,
                 SNAPSHOT(ITEM("EC2::VPC", "vpc-1", "", VPC("10.0.0.0/16")) "," ITEM(
                     "EC2::VPC", "vpc-2", "",
                     "'{cut'") "," ITEM("EC2::VPC", "vpc-3", "",
                                        "null") ",1,{'resourceType':"
                                                " 'AWS::EC2::VPC'}," ITEM(
                                                    "EC2::VPC", "vpc-4",
                                                    "'configurationItemStatus': "
                                                    "'ResourceNotRecorded', ",
                                                    "null")));
    loading_says(&loading, "not-json", "/configurationItems/1/configuration",
                 "VPC \"vpc-2\" is passed over");
    loading_says(&loading, "wrong-type", "/configurationItems/2/configuration",
                 "VPC \"vpc-3\" counts as not exported");
    loading_says(&loading, "wrong-type", "/configurationItems/3",
                 "expected an object (configuration item), found 1");
    loading_says(&loading, "missing-field", "/configurationItems/4",
                 "configuration item without resourceId");
    assert_false(is_there(&loading, VW_OBJECT_VPC, "vpc-3"));
    loading_close(&loading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_begin_small),
        cmocka_unit_test(words_may_be_wrapped),
        cmocka_unit_test(ranges_may_be_bare),
        cmocka_unit_test(account_and_region_are_the_items),
        cmocka_unit_test(the_newest_counts),
        cmocka_unit_test(configurations_may_be_texts),
        cmocka_unit_test(only_a_snapshot_is_whole),
        cmocka_unit_test(picked_items_leave_doubts),
        cmocka_unit_test(picked_items_cover_no_region),
        cmocka_unit_test(results_may_be_items),
        cmocka_unit_test(other_types_are_counted),
        cmocka_unit_test(bad_items_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
