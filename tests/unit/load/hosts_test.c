/* Interfaces, instances, gateways, peerings and prefix lists, from what the AWS CLI prints. */
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

static void assert_address(struct vw_address address, const char *text)
{
    char buffer[VW_ADDRESS_TEXT];

    assert_int_not_equal(address.family, VW_FAMILY_NONE);
    assert_string_equal(vw_address_format(address, buffer), text);
}

/* ---- interfaces, instances, addresses ---- */

static const char interface_text[] =
    "{'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'SubnetId': 'subnet-1',"
    " 'VpcId': 'vpc-1', 'SourceDestCheck': false, 'Status': 'in-use', 'InterfaceType':"
    " 'interface', 'TagSet': [{'Key': 'Name', 'Value': 'front'}], 'Attachment':"
    " {'InstanceId': 'i-1', 'DeviceIndex': 1, 'Status': 'attached'}, 'Groups':"
    " [{'GroupId': 'sg-1'}, {'GroupId': 'sg-2'}], 'PrivateIpAddress': '10.0.0.5',"
    " 'Association': {'PublicIp': '203.0.113.5', 'CarrierIp': '203.0.113.77'},"
    " 'PrivateIpAddresses': [{'PrivateIpAddress': '10.0.0.9', 'Primary': false,"
    " 'Association': {'CarrierIp': '203.0.113.78'}},"
    " {'PrivateIpAddress': '10.0.0.5', 'Primary': true}],"
    " 'Ipv6Addresses': [{'Ipv6Address': '2001:db8::5'}], 'Ipv4Prefixes': [{'Ipv4Prefix':"
    " '10.0.0.16/28'}], 'Ipv6Prefixes': [{'Ipv6Prefix': '2001:db8:1::/80'}]},"
    "{'NetworkInterfaceId': 'eni-2', 'PrivateIpAddress': '10.0.0.6'}],"
    "'Addresses': [{'PublicIp': '203.0.113.9', 'AllocationId': 'eipalloc-1',"
    " 'NetworkInterfaceId': 'eni-1', 'PrivateIpAddress': '10.0.0.9'},"
    "{'PublicIp': '203.0.113.10', 'NetworkInterfaceId': 'eni-1'},"
    "{'PublicIp': '203.0.113.11', 'InstanceId': 'i-9'}], 'Reservations': [{'OwnerId':"
    " '123456789012', 'Instances': [{'InstanceId': 'i-9', 'State': {'Name': 'running'},"
    " 'VpcId': null, 'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-9', 'Attachment':"
    " {'DeviceIndex': 0}, 'PrivateIpAddress': '10.0.0.90'}, {'NetworkInterfaceId':"
    " 'eni-2', 'PrivateIpAddress': '10.0.0.66'}]}, {'InstanceId': 'i-8', 'State':"
    " {'Name': 'terminated'}}]}]}";

static void addresses_of_interfaces(void **state)
{
    const struct vw_interface *interface;
    struct loading loading;

    (void)state;
    loading_text(&loading, interface_text);
    interface = vw_world_interface(loading.world,
                                   loading_find(&loading, VW_OBJECT_INTERFACE, "eni-1"));
    assert_int_equal(interface->address_count, 5);
    assert_prefix(interface->addresses[0].prefix, "10.0.0.5/32");
    assert_true(interface->addresses[0].primary);
    assert_address(interface->addresses[0].public_address, "203.0.113.5");
    assert_prefix(interface->addresses[1].prefix, "10.0.0.9/32");
    /* Known from describe-addresses only. */
    assert_address(interface->addresses[1].public_address, "203.0.113.9");
    assert_prefix(interface->addresses[2].prefix, "2001:db8::5/128");
    assert_prefix(interface->addresses[3].prefix, "10.0.0.16/28");
    assert_prefix(interface->addresses[4].prefix, "2001:db8:1::/80");
    assert_false(interface->source_dest_check);
    assert_int_equal(interface->device_index, 1);
    assert_int_equal(interface->group_count, 2);
    assert_string_equal(interface->object.name, "front");
    loading_says(&loading, "contradiction", "/Addresses/1", "203.0.113.10");
    interface = vw_world_interface(loading.world,
                                   loading_find(&loading, VW_OBJECT_INTERFACE, "eni-2"));
    assert_prefix(interface->addresses[0].prefix, "10.0.0.6/32");
    assert_true(interface->source_dest_check);
    assert_int_equal(interface->instance, VW_NONE);
    loading_close(&loading);
}

/* Interfaces inside instances count where they are printed nowhere else. */
static void interfaces_of_instances(void **state)
{
    const struct vw_interface *interface;
    const struct vw_instance *instance;
    struct loading loading;

    (void)state;
    loading_text(&loading, interface_text);
    instance = vw_world_instance(loading.world,
                                 loading_find(&loading, VW_OBJECT_INSTANCE, "i-9"));
    assert_int_equal(instance->interface_count, 1);
    assert_string_equal(instance->object.account, "123456789012");
    interface = vw_world_interface(loading.world, instance->interfaces[0]);
    assert_string_equal(interface->object.id, "eni-9");
    assert_string_equal(interface->object.source.pointer,
                        "/Reservations/0/Instances/0/NetworkInterfaces/0");
    assert_address(interface->addresses[0].public_address, "203.0.113.11");
    instance = vw_world_instance(loading.world,
                                 loading_find(&loading, VW_OBJECT_INSTANCE, "i-8"));
    assert_string_equal(instance->state, "terminated");
    loading_close(&loading);
}

/* ---- gateways, peerings, prefix lists ---- */

static void gateways_and_peerings(void **state)
{
    const struct vw_peering *peering;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{'InternetGateways': [{'InternetGatewayId': 'igw-1', 'Attachments': [{'State':"
        " 'available', 'VpcId': 'vpc-1'}]}, {'InternetGatewayId': 'igw-2', 'Attachments':"
        " [{'State': 'detaching', 'VpcId': 'vpc-1'}]}], 'EgressOnlyInternetGateways':"
        " [{'EgressOnlyInternetGatewayId': 'eigw-1', 'Attachments': [{'State':"
        " 'attached', 'VpcId': 'vpc-1'}]}], 'VpcPeeringConnections': ["
        "{'VpcPeeringConnectionId': 'pcx-1', 'Status': {'Code': 'active'},"
        " 'RequesterVpcInfo': {'VpcId': 'vpc-1', 'OwnerId': '123456789012', 'Region':"
        " 'eu-west-1', 'CidrBlock': '10.0.0.0/16', 'CidrBlockSet': [{'CidrBlock':"
        " '10.0.0.0/16'}, {'CidrBlock': '10.9.0.0/16'}]}, 'AccepterVpcInfo': {'VpcId':"
        " 'vpc-2', 'Region': 'eu-west-2', 'CidrBlock': '10.2.0.0/16', 'Ipv6CidrBlockSet':"
        " [{'Ipv6CidrBlock': '2001:db8::/56'}]}}], 'Vpcs': [{'VpcId': 'vpc-1',"
        " 'CidrBlock': '10.0.0.0/16'}]}");
    loading_is_quiet(&loading);
    assert_int_equal(vw_world_vpc(loading.world, 0)->internet_gateway, 0);
    assert_int_equal(vw_world_vpc(loading.world, 0)->egress_only_gateway, 0);
    assert_int_equal(vw_world_internet_gateway(loading.world, 1)->vpc, VW_NONE);
    assert_string_equal(vw_world_vpc(loading.world, 0)->object.region, "eu-west-1");
    peering = vw_world_peering(loading.world, 0);
    assert_string_equal(peering->state, "active");
    assert_int_equal(peering->requester.cidr_count, 2);
    assert_prefix(peering->requester.cidrs[1], "10.9.0.0/16");
    assert_int_equal(peering->accepter.cidr_count, 2);
    assert_prefix(peering->accepter.cidrs[1], "2001:db8::/56");
    loading_close(&loading);
}

static const struct vw_prefix_list *list_of(const struct loading *loading, const char *id)
{
    return vw_world_prefix_list(loading->world,
                                loading_find(loading, VW_OBJECT_PREFIX_LIST, id));
}

static void prefix_lists_in_every_shape(void **state)
{
    struct loading loading;

    (void)state;
    loading_open(&loading);
    loading_file(
        &loading, "a.json",
        "{'PrefixLists': [{'PrefixListId': 'pl-1', 'PrefixListName': 's3',"
        " 'Cidrs': ['3.5.0.0/20', '52.216.0.0/15']}, {'PrefixListId': 'pl-2',"
        " 'PrefixListArn': 'arn:aws:ec2:eu-west-1:123456789012:prefix-list/x'}]}");
    loading_file(&loading, "entries.pl-0a.json", "{'Entries': [{'Cidr': '10.0.0.0/8'}]}");
    loading_file(&loading, "b.json",
                 "{'PrefixListId': 'pl-2', 'Entries': [{'Cidr': '10.1.0.0/16'}]}");
    loading_file(
        &loading, "c.json",
        "{'ManagedPrefixListEntries': [{'PrefixListId': 'pl-3', 'Entries': []}]}");
    loading_file(&loading, "d.json", "{'Entries': [{'Cidr': '10.0.0.0/8'}]}");
    loading_load(&loading);
    assert_int_equal(list_of(&loading, "pl-1")->prefix_count, 2);
    assert_string_equal(list_of(&loading, "pl-1")->object.name, "s3");
    assert_true(list_of(&loading, "pl-2")->entries_known);
    assert_prefix(list_of(&loading, "pl-2")->prefixes[0], "10.1.0.0/16");
    assert_string_equal(list_of(&loading, "pl-2")->object.region, "eu-west-1");
    assert_true(list_of(&loading, "pl-3")->entries_known);
    assert_int_equal(list_of(&loading, "pl-3")->prefix_count, 0);
    assert_prefix(list_of(&loading, "pl-0a")->prefixes[0], "10.0.0.0/8");
    loading_says(&loading, "missing-field", "/Entries", "unknown prefix list");
    loading_close(&loading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_interfaces),
        cmocka_unit_test(interfaces_of_instances),
        cmocka_unit_test(gateways_and_peerings),
        cmocka_unit_test(prefix_lists_in_every_shape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
