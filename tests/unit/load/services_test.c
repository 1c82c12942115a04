/* NAT gateways, endpoints and load balancers: every call, wrapper and file name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"
#include "load/loading.h"
#include "world/index.h"

static void assert_address(struct vw_address address, const char *text)
{
    char buffer[VW_ADDRESS_TEXT];

    assert_int_not_equal(address.family, VW_FAMILY_NONE);
    assert_string_equal(vw_address_format(address, buffer), text);
}

#define VPC                                                                              \
    "'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/16'}],"                          \
    "'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'CidrBlock': '10.0.1.0/24'," \
    " 'AvailabilityZone': 'us-east-1a', 'AvailabilityZoneId': 'use1-az4'}],"

/* ---- NAT gateways ---- */

#define NAT(id, state, more)                                                             \
    "{'NatGatewayId': '" id "', 'VpcId': 'vpc-1', 'SubnetId': 'subnet-1', 'State':"      \
    " '" state "', " more "}"

static void nat_gateway_brings_its_interface(void **state)
{
    const struct vw_interface *interface;
    const struct vw_nat_gateway *nat;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'NatGateways': [" NAT(
            "nat-1", "available",
            "'ConnectivityType': 'public', 'NatGatewayAddresses': ["
            "{'NetworkInterfaceId': 'eni-1', 'PrivateIp': '10.0.1.9', 'PublicIp':"
            " '203.0.113.9', 'IsPrimary': false, 'Status': 'failed'},"
            "{'NetworkInterfaceId': 'eni-1', 'PrivateIp': '10.0.1.8', 'PublicIp':"
            " '203.0.113.8', 'IsPrimary': true, 'Status': 'succeeded'}]") "]}");
    loading_is_quiet(&loading);
    nat = vw_world_nat_gateway(loading.world,
                               loading_find(&loading, VW_OBJECT_NAT_GATEWAY, "nat-1"));
    assert_true(nat->object.exported);
    assert_string_equal(nat->object.region, "us-east-1");
    assert_false(nat->is_private || nat->is_regional);
    assert_int_equal(nat->address_count, 2);
    assert_address(nat->addresses[0].private_address, "10.0.1.8");
    assert_true(nat->addresses[0].usable);
    assert_false(nat->addresses[1].usable);
    interface = vw_world_interface(loading.world,
                                   loading_find(&loading, VW_OBJECT_INTERFACE, "eni-1"));
    assert_true(interface->object.exported);
    assert_int_equal(interface->role, VW_ROLE_NAT_GATEWAY);
    assert_int_equal(interface->service, 0);
    assert_int_equal(interface->subnet, nat->subnet);
    assert_int_equal(interface->address_count, 2);
    assert_address(interface->addresses[0].prefix.address, "10.0.1.8");
    assert_address(interface->addresses[0].public_address, "203.0.113.8");
    assert_int_equal(loading.world->service_count, 0);
    assert_int_equal(loading.world->by_public.count, 2);
    loading_close(&loading);
}

/* The interface as describe-network-interfaces prints it counts. */
static void nat_interface_that_is_exported(void **state)
{
    const struct vw_interface *interface;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1',"
        " 'SubnetId': 'subnet-1', 'Description': 'Interface for NAT Gateway nat-1',"
        " 'InterfaceType': 'interface', 'Status': 'in-use', 'SourceDestCheck': false,"
        " 'PrivateIpAddress': '10.0.1.8', 'Association': {'PublicIp': '203.0.113.8'}}],"
        "'NatGateways': [" NAT(
            "nat-1", "available",
            "'NatGatewayAddresses': [{'NetworkInterfaceId': 'eni-1',"
            " 'PrivateIp': '10.0.1.8', 'PublicIp': '203.0.113.8'}]") "]}");
    loading_is_quiet(&loading);
    assert_int_equal(vw_world_count(loading.world, VW_OBJECT_INTERFACE), 1);
    interface = vw_world_interface(loading.world, 0);
    assert_string_equal(interface->status, "in-use");
    assert_false(interface->source_dest_check);
    assert_int_equal(interface->role, VW_ROLE_NAT_GATEWAY);
    assert_int_equal(interface->service, 0);
    loading_close(&loading);
}

/* What a gateway left behind belongs to nobody, and nothing of it is missed. */
static void nat_gateways_that_are_gone_or_regional(void **state)
{
    const struct vw_nat_gateway *nat;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'NatGateways': ["
        "{'NatGatewayId': 'nat-1', 'VpcId': 'vpc-0', 'SubnetId': 'subnet-0', 'State':"
        " 'deleted', 'NatGatewayAddresses': [{'NetworkInterfaceId': 'eni-0', 'PrivateIp':"
        " '10.0.1.8', 'PublicIp': '203.0.113.8'}]},"
        "{'NatGatewayId': 'nat-2', 'VpcId': 'vpc-1', 'State': 'available',"
        " 'AvailabilityMode': 'regional', 'ConnectivityType': 'public',"
        " 'NatGatewayAddresses': [{'PublicIp': '203.0.113.9', 'AvailabilityZone':"
        " 'us-east-1a', 'AvailabilityZoneId': 'use1-az4', 'Status': 'succeeded'}]},"
        "{'NatGatewayId': 'nat-3', 'VpcId': 'vpc-1', 'State': 'available',"
        " 'ConnectivityType': 'private'}]}");
    loading_is_quiet(&loading);
    assert_int_equal(loading.world->service_count, 2);
    assert_address(loading.world->services[0].address, "203.0.113.8");
    assert_string_equal(loading.world->services[0].id, "nat-1");
    assert_address(loading.world->services[1].address, "203.0.113.9");
    nat = vw_world_nat_gateway(loading.world,
                               loading_find(&loading, VW_OBJECT_NAT_GATEWAY, "nat-2"));
    assert_true(nat->is_regional);
    assert_int_equal(nat->subnet, VW_NONE);
    assert_int_equal(nat->addresses[0].interface, VW_NONE);
    assert_string_equal(nat->addresses[0].zone_id, "use1-az4");
    nat = vw_world_nat_gateway(loading.world,
                               loading_find(&loading, VW_OBJECT_NAT_GATEWAY, "nat-3"));
    assert_true(nat->is_private);
    assert_false(vw_world_interface(loading.world,
                                    loading_find(&loading, VW_OBJECT_INTERFACE, "eni-0"))
                     ->object.exported);
    loading_close(&loading);
}

/* ---- endpoints ---- */

static void endpoints_by_type(void **state)
{
    static const enum vw_endpoint_type types[] = {
        VW_ENDPOINT_GATEWAY, VW_ENDPOINT_INTERFACE, VW_ENDPOINT_GATEWAY_LOAD_BALANCER,
        VW_ENDPOINT_OTHER, VW_ENDPOINT_GATEWAY};
    const struct vw_vpc_endpoint *endpoint;
    const struct vw_interface *interface;
    struct loading loading;
    uint32_t i;

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'SubnetId':"
        " 'subnet-1', 'PrivateIpAddress': '10.0.1.7', 'InterfaceType': 'vpc_endpoint'}],"
        "'VpcEndpoints': ["
        "{'VpcEndpointId': 'vpce-0', 'VpcEndpointType': 'Gateway', 'State': 'available',"
        " 'ServiceName': 'com.amazonaws.us-east-1.s3', 'VpcId': 'vpc-1'},"
        "{'VpcEndpointId': 'vpce-1', 'VpcEndpointType': 'Interface', 'State':"
        " 'Available', 'VpcId': 'vpc-1', 'SubnetIds': ['subnet-1'], 'OwnerId':"
        " '123456789012', 'NetworkInterfaceIds': ['eni-1']},"
        "{'VpcEndpointId': 'vpce-2', 'VpcEndpointType': 'GatewayLoadBalancer'},"
        "{'VpcEndpointId': 'vpce-3', 'VpcEndpointType': 'Resource', 'State': 'deleted',"
        " 'NetworkInterfaceIds': ['eni-9']}, {'VpcEndpointId': 'vpce-4'}]}");
    loading_is_quiet(&loading);
    for (i = 0; i < 5; i++)
        assert_int_equal(vw_world_vpc_endpoint(loading.world, i)->type, types[i]);
    endpoint = vw_world_vpc_endpoint(loading.world, 1);
    assert_string_equal(endpoint->state, "available");
    assert_string_equal(endpoint->object.account, "123456789012");
    assert_int_equal(endpoint->subnet_count, 1);
    assert_int_equal(endpoint->subnets[0], 0);
    assert_int_equal(endpoint->interface_count, 1);
    assert_int_equal(endpoint->firewall, VW_NONE);
    interface = vw_world_interface(loading.world, endpoint->interfaces[0]);
    assert_int_equal(interface->role, VW_ROLE_VPC_ENDPOINT);
    assert_int_equal(interface->service, 1);
    loading_close(&loading);
}

/* ---- load balancers ---- */

#define ARN "arn:aws:elasticloadbalancing:us-east-1:123456789012:"
#define NLB ARN "loadbalancer/net/web/00aa"
#define ALB ARN "loadbalancer/app/shop/00bb"
#define LISTENER ARN "listener/net/web/00aa/00cc"
#define GROUP ARN "targetgroup/one/00dd"
#define OTHER_GROUP ARN "targetgroup/two/00ee"

#define BALANCERS                                                                        \
    "'LoadBalancers': [{'LoadBalancerArn': '" NLB "', 'LoadBalancerName': 'web',"        \
    " 'Type': 'network', 'Scheme': 'internet-facing', 'State': {'Code': 'active'},"      \
    " 'VpcId': 'vpc-1', 'AvailabilityZones': [{'ZoneName': 'us-east-1a', 'SubnetId':"    \
    " 'subnet-1', 'LoadBalancerAddresses': []}], 'SecurityGroups': ['sg-1']},"           \
    "{'LoadBalancerArn': '" ALB "', 'Type': 'application', 'Scheme': 'internal'}],"      \
    "'SecurityGroups': [{'GroupId': 'sg-1'}],"
#define LISTENERS                                                                        \
    "[{'ListenerArn': '" LISTENER "', 'LoadBalancerArn': '" NLB "', 'Port': 443,"        \
    " 'Protocol': 'TCP', 'DefaultActions': [{'Type': 'forward', 'TargetGroupArn':"       \
    " '" GROUP "', 'ForwardConfig': {'TargetGroups': [{'TargetGroupArn':"                \
    " '" GROUP "'}]}}]}]"
#define GROUPS                                                                           \
    "'TargetGroups': [{'TargetGroupArn': '" GROUP "', 'TargetGroupName': 'one',"         \
    " 'TargetType': 'instance', 'Protocol': 'TCP', 'Port': 443, 'VpcId': 'vpc-1'},"      \
    "{'TargetGroupArn': '" OTHER_GROUP "', 'TargetType': 'ip'}],"                        \
    "'Reservations': [{'Instances': [{'InstanceId': 'i-1', 'MetadataOptions':"           \
    " {'HttpEndpoint': 'disabled'}}]}],"
#define HEALTH                                                                           \
    "[{'Target': {'Id': 'i-1', 'Port': 8443}, 'TargetHealth': {'State': 'healthy'}},"    \
    " {'Target': {'Id': 'i-9'}, 'TargetHealth': {'State': 'unused'}}]"
#define OTHER_HEALTH "[{'Target': {'Id': '10.9.9.9', 'AvailabilityZone': 'all'}}]"
#define CROSS_ZONE(value)                                                                \
    "[{'Key': 'load_balancing.cross_zone.enabled', 'Value': '" value "'},"               \
    " {'Key': 'preserve_client_ip.enabled', 'Value': 'false'}]"

static void assert_balancers(const struct loading *loading)
{
    const struct vw_world *world = loading->world;
    const struct vw_load_balancer *balancer = vw_world_load_balancer(
        world, loading_find(loading, VW_OBJECT_LOAD_BALANCER, NLB));
    const struct vw_target_group *group;
    const struct vw_listener *listener;

    assert_int_equal(balancer->type, VW_BALANCER_NETWORK);
    assert_true(balancer->internet_facing);
    assert_string_equal(balancer->object.name, "web");
    assert_string_equal(balancer->object.account, "123456789012");
    assert_string_equal(balancer->object.region, "us-east-1");
    assert_string_equal(balancer->state, "active");
    assert_int_equal(balancer->zone_count, 1);
    assert_string_equal(balancer->zones[0].zone, "us-east-1a");
    assert_int_equal(balancer->zones[0].subnet, 0);
    assert_int_equal(balancer->group_count, 1);
    assert_int_equal(balancer->cross_zone, VW_SETTING_ON);
    assert_true(balancer->listeners_exported);
    assert_int_equal(balancer->listener_count, 1);
    listener = vw_world_listener(world, balancer->listeners[0]);
    assert_string_equal(listener->object.id, LISTENER);
    assert_int_equal(listener->port, 443);
    assert_string_equal(listener->protocol, "TCP");
    assert_int_equal(listener->target_group_count, 1);
    group = vw_world_target_group(world, listener->target_groups[0]);
    assert_string_equal(group->object.name, "one");
    assert_int_equal(group->type, VW_TARGETS_INSTANCE);
    assert_int_equal(group->port, 443);
    assert_true(group->targets_exported);
    assert_int_equal(group->target_count, 2);
    assert_int_equal(group->targets[0].instance, 0);
    assert_int_equal(group->targets[0].port, 8443);
    assert_string_equal(group->targets[0].health, "healthy");
    assert_int_equal(group->cross_zone, VW_SETTING_UNKNOWN);
    assert_int_equal(group->preserve_client_ip, VW_SETTING_OFF);
    group = vw_world_target_group(
        world, loading_find(loading, VW_OBJECT_TARGET_GROUP, OTHER_GROUP));
    assert_int_equal(group->type, VW_TARGETS_IP);
    assert_int_equal(group->target_count, 1);
    assert_address(group->targets[0].address, "10.9.9.9");
    assert_string_equal(group->targets[0].zone, "all");
    assert_int_equal(group->preserve_client_ip, VW_SETTING_UNKNOWN);
    balancer = vw_world_load_balancer(
        world, loading_find(loading, VW_OBJECT_LOAD_BALANCER, ALB));
    assert_int_equal(balancer->type, VW_BALANCER_APPLICATION);
    assert_false(balancer->listeners_exported || balancer->internet_facing);
    assert_int_equal(balancer->cross_zone, VW_SETTING_UNKNOWN);
    assert_true(vw_world_instance(world, 0)->metadata_disabled);
}

/* A tool writes the ARN beside each output. */
static void load_balancers_in_wrappers(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC BALANCERS GROUPS "'LoadBalancerListeners': [{'LoadBalancerArn': '" NLB
        "', 'Listeners':"
        " " LISTENERS "}],"
        "'LoadBalancerAttributes': [{'LoadBalancerArn': '" NLB "', 'Attributes':"
        " " CROSS_ZONE(
            "true") "}],"
                    "'LoadBalancerTargetHealth': [{'TargetGroupArn': '" GROUP "',"
                    " 'TargetHealthDescriptions': " HEALTH "}, {'TargetGroupArn':"
                    " '" OTHER_GROUP "', 'TargetHealthDescriptions': " OTHER_HEALTH "}]}"
                    "{'TargetGroupArn': '" GROUP "', 'Attributes':"
                    " " CROSS_ZONE("use_load_balancer_configuration") "}");
    loading_is_quiet(&loading);
    assert_balancers(&loading);
    assert_int_equal(loading.world->other_count, 0);
    loading_close(&loading);
}

/* As the CLI prints it: what the output is of stands in the file's name. */
static void load_balancers_by_file_name(void **state)
{
    struct loading loading;

    (void)state;
    loading_open(&loading);
    loading_file(&loading, "all.json",
                 "{" VPC BALANCERS GROUPS "'Listeners': " LISTENERS "}");
    loading_file(&loading, "load-balancer-attributes.net.web.00aa.json",
                 "{'Attributes': " CROSS_ZONE("true") "}");
    loading_file(&loading, "target-group-attributes.one.00dd.json",
                 "{'Attributes': " CROSS_ZONE("use_load_balancer_configuration") "}");
    loading_file(&loading, "target-health.one.00dd.json",
                 "{'TargetHealthDescriptions': " HEALTH "}");
    loading_file(&loading, "x.target-health.two.00ee.json",
                 "{'TargetHealthDescriptions': " OTHER_HEALTH "}");
    loading_file(&loading, "attributes.json", "{'Attributes': [{'Key': 'a'}]}");
    loading_load(&loading);
    loading_is_quiet(&loading);
    assert_balancers(&loading);
    assert_int_equal(loading.world->other_count, 1);
    loading_close(&loading);
}

static void load_balancer_without_listeners(void **state)
{
    static const struct {
        const char *name, *text;
        bool known;
    } cases[] = {
        {"listeners.json", "{'Listeners': []}", false},
        {"listeners.app.shop.00bb.json", "{'Listeners': []}", true},
        {"x.json", "{'Listeners': [], 'LoadBalancerArn': '" ALB "'}", true},
        {"x.json", "{'LoadBalancerListeners': [{'LoadBalancerArn': '" ALB "'}]}", true},
        {"x.json", "{'LoadBalancerListeners': []}", false},
        {"x.json", "{'Listeners': [1], 'LoadBalancerArn': '" ALB "'}", false},
    };
    struct loading loading;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct vw_load_balancer *balancer;

        loading_open(&loading);
        loading_file(&loading, "all.json", "{" VPC BALANCERS "'Reservations': []}");
        loading_file(&loading, cases[i].name, cases[i].text);
        loading_load(&loading);
        balancer = vw_world_load_balancer(
            loading.world, loading_find(&loading, VW_OBJECT_LOAD_BALANCER, ALB));
        if (balancer->listeners_exported != cases[i].known)
            fail_msg("%s: %s", cases[i].name, cases[i].text);
        assert_int_equal(balancer->listener_count, 0);
        loading_close(&loading);
    }
}

static void attributes_of_nothing(void **state)
{
    struct loading loading;

    (void)state;
    loading_open(&loading);
    loading_file(&loading, "vpcs.json", "{" VPC "'Reservations': []}");
    loading_file(&loading, "load-balancer-attributes.json",
                 "{'Attributes': " CROSS_ZONE("true") "}");
    loading_load(&loading);
    loading_is_quiet(&loading);
    assert_int_equal(loading.world->other_count, 1);
    loading_close(&loading);
}

static void target_health_of_nothing(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(&loading, "{" VPC "'TargetHealthDescriptions': []}");
    loading_says(&loading, "missing-field", "/TargetHealthDescriptions",
                 "put the id into the file's name: target-health.NAME.HASH.json");
    loading_close(&loading);
}

static void rules_add_target_groups(void **state)
{
    const struct vw_listener *listener;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC GROUPS "'LoadBalancers': [{'LoadBalancerArn': '" ALB
        "', 'Type': 'application'}],"
        "'Listeners': [{'ListenerArn': '" ARN "listener/app/shop/00bb/00cc',"
        " 'LoadBalancerArn': '" ALB "', 'Port': 80, 'Protocol': 'HTTP',"
        " 'DefaultActions': [{'Type': 'forward', 'TargetGroupArn': '" GROUP "'}]}],"
        "'Rules': [{'RuleArn': '" ARN "listener-rule/app/shop/00bb/00cc/00ff',"
        " 'Actions': [{'Type': 'forward', 'ForwardConfig': {'TargetGroups':"
        " [{'TargetGroupArn': '" OTHER_GROUP "', 'Weight': 1}]}}]},"
        "{'RuleArn': '" ARN "listener-rule/app/shop/00bb/00cc/0011', 'Actions':"
        " [{'Type': 'fixed-response'}]},"
        "{'RuleArn': '" ARN "listener-rule/app/else/00bb/00cc/0011'}, {'RuleArn': 'x'}]}"
        "{'Rules': [{'Name': 'of another service'}]}");
    loading_is_quiet(&loading);
    listener = vw_world_listener(loading.world, 0);
    assert_int_equal(listener->target_group_count, 2);
    assert_int_equal(listener->target_groups[0],
                     loading_find(&loading, VW_OBJECT_TARGET_GROUP, GROUP));
    assert_int_equal(listener->target_groups[1],
                     loading_find(&loading, VW_OBJECT_TARGET_GROUP, OTHER_GROUP));
    assert_true(listener->answers_itself);
    assert_int_equal(loading.world->other_count, 1);
    loading_close(&loading);
}

/* ---- roles ---- */

static void roles_of_interfaces(void **state)
{
    static const struct {
        const char *type, *description;
        enum vw_interface_role role;
        uint32_t service;
    } cases[] = {
        {"interface", "", VW_ROLE_HOST, VW_NONE},
        {"interface", "RDSNetworkInterface", VW_ROLE_HOST, VW_NONE},
        {"efa", "x", VW_ROLE_HOST, VW_NONE},
        {"network_load_balancer", "ELB net/web/00aa", VW_ROLE_LOAD_BALANCER, 0},
        {"interface", "ELB app/shop/00bb", VW_ROLE_LOAD_BALANCER, 1},
        {"interface", "ELB classic", VW_ROLE_LOAD_BALANCER, VW_NONE},
        {"interface", "ELB net/gone/00aa", VW_ROLE_LOAD_BALANCER, VW_NONE},
        {"gateway_load_balancer", "", VW_ROLE_LOAD_BALANCER, VW_NONE},
        {"gateway_load_balancer_endpoint", "", VW_ROLE_VPC_ENDPOINT, VW_NONE},
        {"interface", "VPC Endpoint Interface vpce-1", VW_ROLE_VPC_ENDPOINT, VW_NONE},
        {"interface", "Interface for NAT Gateway nat-1", VW_ROLE_NAT_GATEWAY, VW_NONE},
        {"transit_gateway",
         "Network Interface for Transit Gateway Attachment tgw-attach-1",
         VW_ROLE_TRANSIT_GATEWAY, 0},
        {"interface", "Network Interface for Transit Gateway Attachment tgw-attach-2",
         VW_ROLE_TRANSIT_GATEWAY, VW_NONE},
        {"lambda", "AWS Lambda VPC ENI-x", VW_ROLE_OUTBOUND_ONLY, VW_NONE},
        {"interface", "AWS Lambda VPC ENI-x", VW_ROLE_OUTBOUND_ONLY, VW_NONE},
        {"quicksight", "", VW_ROLE_OTHER, VW_NONE},
    };
    struct loading loading;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct vw_interface *interface;
        char text[2048];

        snprintf(text, sizeof text,
                 "{" VPC BALANCERS "'TransitGatewayAttachments':"
                 " [{'TransitGatewayAttachmentId': 'tgw-attach-1'}],"
                 "'NetworkInterfaces': [{'NetworkInterfaceId': 'eni-1', 'SubnetId':"
                 " 'subnet-1', 'PrivateIpAddress': '10.0.1.7', 'InterfaceType': '%s',"
                 " 'Description': '%s'}]}",
                 cases[i].type, cases[i].description);
        loading_text(&loading, text);
        interface = vw_world_interface(loading.world, 0);
        if (interface->role != cases[i].role || interface->service != cases[i].service)
            fail_msg("%s, %s: role %d, service %u", cases[i].type, cases[i].description,
                     (int)interface->role, interface->service);
        loading_close(&loading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nat_gateway_brings_its_interface),
        cmocka_unit_test(nat_interface_that_is_exported),
        cmocka_unit_test(nat_gateways_that_are_gone_or_regional),
        cmocka_unit_test(endpoints_by_type),
        cmocka_unit_test(load_balancers_in_wrappers),
        cmocka_unit_test(load_balancers_by_file_name),
        cmocka_unit_test(load_balancer_without_listeners),
        cmocka_unit_test(attributes_of_nothing),
        cmocka_unit_test(target_health_of_nothing),
        cmocka_unit_test(rules_add_target_groups),
        cmocka_unit_test(roles_of_interfaces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
