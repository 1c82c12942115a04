/* Several files: copies of one object, accounts and Regions, what is missing, what else
 * was exported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <vpcwhy/error.h>

#include "load/loading.h"

#define VPC(id, owner)                                                                   \
    "{'VpcId': '" id "', 'OwnerId': '" owner "', 'CidrBlock': '10.0.0.0/16'}"
#define ENI(id, owner, vpc)                                                              \
    "{'NetworkInterfaceId': '" id "', 'OwnerId': '" owner "', 'VpcId': '" vpc "'}"
#define ONE "111111111111"
#define TWO "222222222222"

static const struct vw_vpc *vpc_of(const struct loading *loading, const char *id)
{
    uint32_t index;

    assert_non_null(loading->world);
    assert_true(vw_world_find(loading->world, VW_OBJECT_VPC, id, &index));
    return vw_world_vpc(loading->world, index);
}

/* ---- copies ---- */

static void equal_copies_are_one(void **state)
{
    struct loading loading;

    (void)state;
    loading_open(&loading);
    loading_file(&loading, "a.json", "{'Vpcs': [" VPC("vpc-1", ONE) "]}");
    loading_file(&loading, "b.json",
                 "{'Vpcs': [" VPC("vpc-1", ONE) ", " VPC("vpc-2", ONE) "]}");
    loading_load(&loading);
    loading_is_quiet(&loading);
    assert_int_equal(vw_world_count(loading.world, VW_OBJECT_VPC), 2);
    loading_close(&loading);
}

/* A shared subnet: its owner's copy decides, wherever it stands, and is filled up. */
static void the_owners_copy_wins(void **state)
{
    const struct vw_subnet *subnet;
    struct loading loading;

    (void)state;
    loading_open(&loading);
    loading_file(&loading, TWO "/s.json",
                 "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'OwnerId':"
                 " '" ONE "', 'CidrBlock': '10.0.2.0/24', 'AvailabilityZone':"
                 " 'eu-west-1b'}]}");
    loading_file(&loading, TWO "x/" ONE "/s.json",
                 "{'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'OwnerId':"
                 " '" ONE "', 'CidrBlock': '10.0.1.0/24', 'Tags': [{'Key': 'Name',"
                 " 'Value': 'mine'}]}]}");
    loading_load(&loading);
    subnet = vw_world_subnet(loading.world, 0);
    assert_int_equal(subnet->cidrs[0].address.low, 0x0a000100);
    assert_string_equal(subnet->object.name, "mine");
    assert_string_equal(subnet->zone, "eu-west-1b");
    assert_non_null(strstr(subnet->object.source.file, ONE));
    loading_says(&loading, "duplicate-object", "/Subnets/0",
                 "subnet \"subnet-1\" has another CidrBlock than in ");
    loading_close(&loading);
}

/* No folder is named after an account: most of a folder's objects say whose it is. */
static void folders_are_known_by_their_content(void **state)
{
    struct loading loading;
    static const char shared[] =
        "{'Vpcs': [{'VpcId': 'vpc-1', 'OwnerId': '" TWO "', 'CidrBlock': '%s'}],"
        "'SecurityGroups': [{'GroupId': 'sg-%s', 'OwnerId': '%s'}]}";
    char text[300];

    (void)state;
    loading_open(&loading);
    snprintf(text, sizeof text, shared, "10.1.0.0/16", "1", ONE);
    loading_file(&loading, "a/x.json", text);
    snprintf(text, sizeof text, shared, "10.2.0.0/16", "2", TWO);
    loading_file(&loading, "b/x.json", text);
    loading_load(&loading);
    assert_int_equal(vpc_of(&loading, "vpc-1")->cidrs[0].address.low, 0x0a020000);
    loading_close(&loading);
}

static void peerings_seen_from_both_sides(void **state)
{
    struct loading loading;

    (void)state;
    loading_open(&loading);
    loading_file(&loading, "a.json",
                 "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-1',"
                 " 'Status': {'Code': 'active'}, 'Tags': [{'Key': 'Name', 'Value': 'a'}],"
                 " 'RequesterVpcInfo': {'VpcId': 'vpc-1', 'PeeringOptions': {}}}]}");
    loading_file(
        &loading, "b.json",
        "{'VpcPeeringConnections': [{'VpcPeeringConnectionId': 'pcx-1',"
        " 'Status': {'Code': 'active'}, 'Tags': [{'Key': 'Name', 'Value': 'b'}],"
        " 'RequesterVpcInfo': {'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/16'}}]}");
    loading_load(&loading);
    loading_is_quiet(&loading);
    assert_int_equal(vw_world_peering(loading.world, 0)->requester.cidr_count, 1);
    loading_close(&loading);
}

/* ---- scopes ---- */

static void regions(void **state)
{
    struct loading loading;

    (void)state;
    loading_open(&loading);
    loading_file(
        &loading, "us-east-1/a.json",
        "{'Vpcs': [" VPC("vpc-1", ONE) ", " VPC(
            "vpc-2", ONE) "], 'Subnets':"
                          " [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'SubnetArn':"
                          " 'arn:aws:ec2:ap-south-1:" ONE ":subnet/subnet-1'}]}");
    loading_file(&loading, "us-gov-west-1x/b.json", "{'Vpcs': [" VPC("vpc-3", ONE) "]}");
    loading_load(&loading);
    assert_string_equal(vpc_of(&loading, "vpc-1")->object.region, "ap-south-1");
    assert_string_equal(vpc_of(&loading, "vpc-2")->object.region, "us-east-1");
    assert_null(vpc_of(&loading, "vpc-3")->object.region);
    loading_close(&loading);
}

static void interfaces_cover_vpcs(void **state)
{
    struct loading loading;

    (void)state;
    /* (a) interfaces of the same account and Region; (b) an empty list in the folder. */
    loading_open(&loading);
    loading_file(&loading, "us-east-1/a.json", "{'Vpcs': [" VPC("vpc-1", ONE) "]}");
    loading_file(&loading, "us-east-1/n/b.json",
                 "{'NetworkInterfaces': [" ENI("eni-1", ONE, "vpc-1") "]}");
    loading_file(&loading, "us-east-2/a.json",
                 "{'Vpcs': [" VPC("vpc-2", ONE) "], 'NetworkInterfaces': []}");
    loading_file(&loading, "us-west-1/a.json", "{'Vpcs': [" VPC("vpc-3", ONE) "]}");
    loading_load(&loading);
    assert_true(vpc_of(&loading, "vpc-1")->interfaces_exported);
    assert_true(vpc_of(&loading, "vpc-2")->interfaces_exported);
    assert_false(vpc_of(&loading, "vpc-3")->interfaces_exported);
    loading_close(&loading);
    /* (c) one scope in all. */
    loading_open(&loading);
    loading_file(&loading, "a/v.json", "{'Vpcs': [" VPC("vpc-1", ONE) "]}");
    loading_file(&loading, "b/n.json", "{'NetworkInterfaces': null}");
    loading_load(&loading);
    assert_true(vpc_of(&loading, "vpc-1")->interfaces_exported);
    loading_close(&loading);
    /* Interfaces of instances cover nothing, and one that cannot be read is a hole. */
    loading_text(
        &loading,
        "{'Vpcs': [" VPC(
            "vpc-1",
            ONE) "], 'Reservations': [{'Instances':"
                 " [{'InstanceId': 'i-1', 'NetworkInterfaces': [{'NetworkInterfaceId':"
                 " 'eni-1'}]}]}]}");
    assert_false(vpc_of(&loading, "vpc-1")->interfaces_exported);
    loading_close(&loading);
    loading_text(
        &loading,
        "{'Vpcs': [" VPC("vpc-1", ONE) ", " VPC(
            "vpc-2", ONE) "], 'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1',"
                          " 'VpcId': 'vpc-1', 'PrivateIpAddress': '10.0.0'}]}");
    assert_false(vpc_of(&loading, "vpc-1")->interfaces_exported);
    assert_true(vpc_of(&loading, "vpc-2")->interfaces_exported);
    loading_close(&loading);
}

static void a_list_that_goes_on(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading, "{'Vpcs': [" VPC("vpc-1", ONE) "]}{'NetworkInterfaces': [" ENI(
                               "eni-1", ONE, "vpc-1") "], 'NextToken': 'x'}");
    loading_says(&loading, "missing-page", NULL, "\"NetworkInterfaces\"");
    assert_false(vpc_of(&loading, "vpc-1")->interfaces_exported);
    loading_close(&loading);
    loading_text(&loading, "{'Vpcs': [" VPC(
                               "vpc-1", ONE) "], 'NextToken': 'x'}"
                                             "{'Vpcs': [" VPC(
                                                 "vpc-2", ONE) "], 'NextToken': null}");
    assert_int_equal(loading_count(&loading, "missing-page"), 0);
    loading_close(&loading);
}

/* ---- what is missing ---- */

static void each_missing_object_is_said_once(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1', 'Associations':"
        " [{'Main': true}], 'Routes': ["
        "{'DestinationCidrBlock': '10.1.0.0/16', 'VpcPeeringConnectionId': 'pcx-1'},"
        "{'DestinationCidrBlock': '10.2.0.0/16', 'VpcPeeringConnectionId': 'pcx-9'},"
        "{'DestinationCidrBlock': '10.3.0.0/16', 'VpcPeeringConnectionId': 'pcx-9'},"
        "{'DestinationCidrBlock': '10.4.0.0/16', 'VpcPeeringConnectionId': 'pcx-8',"
        " 'State': 'blackhole'},"
        "{'DestinationCidrBlock': '10.5.0.0/16', 'NatGatewayId': 'nat-1'},"
        "{'DestinationCidrBlock': '0.0.0.0/0', 'GatewayId': 'igw-1'},"
        "{'DestinationIpv6CidrBlock': '::/0', 'GatewayId': 'igw-2'}]}],"
        "'Vpcs': [" VPC("vpc-1", ONE) "], 'VpcPeeringConnections':"
                                      " [{'VpcPeeringConnectionId': 'pcx-1'}]}");
    assert_int_equal(loading_count(&loading, "dangling-reference"), 2);
    loading_says(&loading, "dangling-reference", "/RouteTables/0/Routes/4",
                 "target \"nat-1\" is not in the export (add aws ec2 "
                 "describe-nat-gateways)");
    loading_says(&loading, "dangling-reference", "/RouteTables/0/Routes/1",
                 "target \"pcx-9\" is not in the export (add aws ec2 "
                 "describe-vpc-peering-connections)");
    /* Of internet gateways nothing was exported: one warning for both. */
    loading_says(&loading, "missing-export", "/RouteTables/0/Routes/5",
                 "no internet gateway is in the export, and 2 are named, first here (add "
                 "aws ec2 describe-internet-gateways)");
    loading_close(&loading);
}

static void halves_of_an_export(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'Vpcs': [" VPC(
            "vpc-1",
            ONE) "], 'Subnets': [{'SubnetId': 'subnet-1',"
                 " 'VpcId': 'vpc-1'}], 'NetworkAcls': [{'NetworkAclId': 'acl-1'}],"
                 " 'RouteTables': [{'RouteTableId': 'rtb-1', 'VpcId': 'vpc-1'}]}");
    loading_says(&loading, "missing-export", "/Subnets/0",
                 "no network ACL of the export");
    loading_says(&loading, "missing-export", "/Vpcs/0", "no route table of the export");
    loading_says(&loading, "missing-export", NULL,
                 "no \"SecurityGroups\" in the export (add aws ec2 "
                 "describe-security-groups)");
    loading_close(&loading);
}

/* ---- other keys, other files ---- */

static void other_keys_are_counted(void **state)
{
    struct loading loading;
    size_t i, found = 0;

    (void)state;
    loading_text(&loading, "{'Vpcs': [" VPC(
                               "vpc-1", ONE) "], 'CustomerGateways': [{}, {}],"
                                             " 'NotOfAws': [], 'ResponseMetadata': {}}"
                                             "{'CustomerGateways': [{}], 'NotOfAws': 1}");
    for (i = 0; i < loading.world->other_count; i++) {
        if (strcmp(loading.world->others[i].key, "CustomerGateways") == 0) {
            assert_int_equal(loading.world->others[i].count, 3);
            assert_string_equal(loading.world->others[i].command,
                                "aws ec2 describe-customer-gateways");
            found++;
        }
    }
    assert_int_equal(found, 1);
    assert_int_equal(loading.world->other_count, 1);
    assert_int_equal(loading_count(&loading, "unknown-key"), 1);
    loading_says(&loading, "unknown-key", "/NotOfAws", "no command of the AWS CLI");
    loading_close(&loading);
}

static void files_are_named_with_their_sums(void **state)
{
    struct loading loading;

    (void)state;
    loading_open(&loading);
    temporary_text(&loading.temporary, "a.json", "{\"Vpcs\": [{\"VpcId\": \"vpc-1\"}]}");
    temporary_gzip(&loading.temporary, "b.json.gz", "{\"Vpcs\": []}", 0);
    temporary_text(&loading.temporary, "notes.txt", "call Bob");
    temporary_text(&loading.temporary, "broken.json", "call Bob");
    loading_load(&loading);
    assert_int_equal(loading.world->file_count, 2);
    assert_string_equal(
        loading.world->files[0].sha256,
        "5ab04f5008755e8acd03917c95de7d24c1a8fd8c9b41956ac8a9fa57bf87e6e1");
    assert_int_equal(strlen(loading.world->files[1].sha256), 64);
    loading_says(&loading, "passed-over", NULL, "it is no JSON");
    loading_says(&loading, "not-json", NULL, "is not JSON");
    loading_close(&loading);
}

static void nothing_usable(void **state)
{
    static const char *const texts[] = {
        "{}", "{'Vpcs': []}", "{'NatGateways': [{}]}",
        "[]", "{'Vpcs': 5}",  "{'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': 'x'}]}"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct loading loading;

        loading_text(&loading, texts[i]);
        assert_int_equal(loading.error, VW_ERROR_INPUT);
        loading_says(&loading, "no-data", NULL, "no VPC data found");
        loading_close(&loading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_copies_are_one),
        cmocka_unit_test(the_owners_copy_wins),
        cmocka_unit_test(folders_are_known_by_their_content),
        cmocka_unit_test(peerings_seen_from_both_sides),
        cmocka_unit_test(regions),
        cmocka_unit_test(interfaces_cover_vpcs),
        cmocka_unit_test(a_list_that_goes_on),
        cmocka_unit_test(each_missing_object_is_said_once),
        cmocka_unit_test(halves_of_an_export),
        cmocka_unit_test(other_keys_are_counted),
        cmocka_unit_test(files_are_named_with_their_sums),
        cmocka_unit_test(nothing_usable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
