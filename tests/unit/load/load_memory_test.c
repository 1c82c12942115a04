/*
 * Every allocation fails once, then every one from there on: loading says so, or does
 * without (a diagnostic that is lost is counted), and nothing leaks.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include <vpcwhy/error.h>

#include "failing_memory.h"
#include "load/loader.h"
#include "temporary.h"

/* jansson's allocations count too. */
static void *json_allocate(size_t size)
{
    void *block = vw_calloc(1, size);

    if (!block)
        errno = ENOMEM;
    return block;
}

static const char text[] =
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.0.0/16\"}],"
    "\"Subnets\": [{\"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\","
    "  \"CidrBlock\": \"10.0.1.0/24\", \"AvailabilityZone\": \"eu-west-1a\"}],"
    "\"RouteTables\": [{\"RouteTableId\": \"rtb-1\", \"VpcId\": \"vpc-1\","
    "  \"Associations\": [{\"Main\": true}], \"Routes\": ["
    "  {\"DestinationCidrBlock\": \"10.0.0.0/16\", \"GatewayId\": \"local\"},"
    "  {\"DestinationPrefixListId\": \"pl-1\", \"GatewayId\": \"igw-1\"}]}],"
    "\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"OwnerId\": \"123456789012\","
    "  \"IpPermissions\": [{\"IpProtocol\": \"tcp\", \"FromPort\": 22, \"ToPort\": 22,"
    "  \"IpRanges\": [{\"CidrIp\": \"0.0.0.0/0\"}],"
    "  \"UserIdGroupPairs\": [{\"GroupId\": \"sg-2\"}]}]}],"
    "\"SecurityGroupRules\": [{\"SecurityGroupRuleId\": \"sgr-1\", \"GroupId\": \"sg-3\","
    "  \"IsEgress\": true, \"IpProtocol\": \"-1\", \"CidrIpv6\": \"::/0\"}],"
    "\"NetworkAcls\": [{\"NetworkAclId\": \"acl-1\", \"VpcId\": \"vpc-1\","
    "  \"Associations\": [{\"SubnetId\": \"subnet-1\"}], \"Entries\": ["
    "  {\"RuleNumber\": 100, \"Egress\": false, \"RuleAction\": \"allow\","
    "   \"Protocol\": \"-1\", \"CidrBlock\": \"0.0.0.0/0\"}]}],"
    "\"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-1\", \"OwnerId\":"
    "  \"123456789012\", \"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\", \"Groups\":"
    "  [{\"GroupId\": \"sg-1\"}], \"PrivateIpAddress\": \"10.0.1.5\"}],"
    "\"Reservations\": [{\"OwnerId\": \"123456789012\", \"Instances\": [{\"InstanceId\":"
    "  \"i-1\", \"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-2\","
    "  \"PrivateIpAddress\": \"10.0.1.6\"}]}]}],"
    "\"Addresses\": [{\"PublicIp\": \"203.0.113.5\", \"InstanceId\": \"i-1\"}],"
    "\"VpcBlockPublicAccessOptions\": {\"InternetGatewayBlockMode\": \"off\"},"
    "\"VpcEndpoints\": [{}], \"Nonsense\": 1}"
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.1.0.0/16\"}]}";

/* Strings in which the parser's buffer has to grow behind a backslash, or before it. */
#define ESCAPES "\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\""
#define ESCAPED(start)                                                                   \
    "{\"Vpcs\": [{\"VpcId\": \"" start ESCAPES ESCAPES ESCAPES ESCAPES "\"}]}"

/* One of each kind of component beside hosts; what they name is partly missing. */
static const char *const components[] = {
    "{\"configSnapshotId\": \"1\", \"configurationItems\": [{\"resourceType\": "
    "\"AWS::EC2::VPC\", \"resourceId\": \"vpc-1\", \"awsRegion\": \"eu-west-1\", "
    "\"tags\": {\"Name\": \"one\"}, \"configuration\": {\"vpcId\": \"vpc-1\", "
    "\"cidrBlock\": \"10.0.0.0/16\"}}, {\"resourceType\": \"AWS::EC2::VPC\", "
    "\"resourceId\": \"vpc-1\", \"configurationItemCaptureTime\": 1, "
    "\"configuration\": \"{\\\"vpcId\\\": \\\"vpc-1\\\"}\"}, {\"resourceType\": "
    "\"AWS::EC2::Volume\", \"resourceId\": \"vol-1\"}, {\"resourceType\": "
    "\"AWS::EC2::Subnet\", \"resourceId\": \"subnet-9\", \"configuration\": \"{\"}]}"
    "{\"Results\": [\"{\\\"resourceType\\\": \\\"AWS::EC2::VPC\\\", "
    "\\\"resourceId\\\": \\\"vpc-8\\\", \\\"configuration\\\": {\\\"vpcId\\\": "
    "\\\"vpc-8\\\"}}\"], "
    "\"QueryInfo\": {\"SelectFields\": [{\"Name\": \"configuration\"}]}}" ESCAPED("")
        ESCAPED("x"),
    "{\"RouteTables\": [{\"RouteTableId\": \"rtb-1\", \"VpcId\": \"vpc-1\", "
    "\"Associations\": [{\"Main\": true}], \"Routes\": "
    "[{\"DestinationCidrBlock\": \"0.0.0.0/0\", \"NatGatewayId\": \"nat-1\"}]}], "
    "\"NatGateways\": [{\"NatGatewayId\": \"nat-1\", \"VpcId\": \"vpc-1\", "
    "\"SubnetId\": \"subnet-1\", \"State\": \"available\", \"ConnectivityType\": "
    "\"public\", \"NatGatewayAddresses\": [{\"NetworkInterfaceId\": \"eni-2\", "
    "\"PrivateIp\": \"10.0.2.6\", \"PublicIp\": \"203.0.113.6\", \"IsPrimary\": "
    "true, \"Status\": \"succeeded\"}]}], \"VpcEndpoints\": [{\"VpcEndpointId\": "
    "\"vpce-1\", \"VpcEndpointType\": \"Interface\", \"State\": \"Available\", "
    "\"VpcId\": \"vpc-1\", \"SubnetIds\": [\"subnet-1\"], "
    "\"NetworkInterfaceIds\": [\"eni-1\"]}], \"LoadBalancers\": "
    "[{\"LoadBalancerArn\": \"arn:aws:elasticloadbalancing:us-east-1:1234567890"
    "12:loadbalancer/net/web/00aa\", \"Type\": \"network\", \"Scheme\": "
    "\"internal\", \"State\": {\"Code\": \"active\"}, \"VpcId\": \"vpc-1\", "
    "\"AvailabilityZones\": [{\"ZoneName\": \"us-east-1a\", \"SubnetId\": "
    "\"subnet-1\"}], \"SecurityGroups\": [\"sg-1\"]}], "
    "\"LoadBalancerListeners\": [{\"LoadBalancerArn\": "
    "\"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/web"
    "/00aa\", \"Listeners\": [{\"ListenerArn\": "
    "\"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/web/00a"
    "a/00cc\", \"LoadBalancerArn\": \"arn:aws:elasticloadbalancing:us-east-1:12"
    "3456789012:loadbalancer/net/web/00aa\", \"Port\": 443, \"Protocol\": "
    "\"TCP\", \"DefaultActions\": [{\"Type\": \"forward\", \"ForwardConfig\": "
    "{\"TargetGroups\": [{\"TargetGroupArn\": "
    "\"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/one/00dd"
    "\"}]}}]}]}], \"Rules\": [{\"RuleArn\": "
    "\"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/net/we"
    "b/00aa/00cc/00ff\", \"Actions\": [{\"Type\": \"redirect\"}]}], "
    "\"TargetGroups\": [{\"TargetGroupArn\": "
    "\"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/one/00dd"
    "\", \"TargetType\": \"ip\", \"Protocol\": \"TCP\", \"Port\": 443, "
    "\"VpcId\": \"vpc-1\"}], \"LoadBalancerAttributes\": [{\"LoadBalancerArn\": "
    "\"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/web"
    "/00aa\", \"Attributes\": [{\"Key\": \"load_balancing.cross_zone.enabled\", "
    "\"Value\": \"true\"}]}], \"LoadBalancerTargetHealth\": "
    "[{\"TargetGroupArn\": \"arn:aws:elasticloadbalancing:us-east-1:12345678901"
    "2:targetgroup/one/00dd\", \"TargetHealthDescriptions\": [{\"Target\": "
    "{\"Id\": \"10.0.1.5\", \"Port\": 443}, \"TargetHealth\": {\"State\": "
    "\"healthy\"}}]}]}",
    "{\"RouteTables\": [{\"RouteTableId\": \"rtb-1\", \"VpcId\": \"vpc-1\", "
    "\"Associations\": [{\"Main\": true}], \"Routes\": "
    "[{\"DestinationCidrBlock\": \"0.0.0.0/0\", \"TransitGatewayId\": "
    "\"tgw-1\"}]}], \"TransitGateways\": [{\"TransitGatewayId\": \"tgw-1\", "
    "\"OwnerId\": \"123456789012\", \"State\": \"available\"}, "
    "{\"TransitGatewayId\": \"tgw-2\"}], \"TransitGatewayAttachments\": "
    "[{\"TransitGatewayAttachmentId\": \"tgw-attach-1\", \"TransitGatewayId\": "
    "\"tgw-1\", \"ResourceType\": \"vpc\", \"ResourceId\": \"vpc-1\", \"State\": "
    "\"available\", \"Association\": {\"TransitGatewayRouteTableId\": "
    "\"tgw-rtb-1\", \"State\": \"associated\"}}, "
    "{\"TransitGatewayAttachmentId\": \"tgw-attach-2\", \"TransitGatewayId\": "
    "\"tgw-1\", \"ResourceType\": \"peering\", \"ResourceId\": \"tgw-2\", "
    "\"State\": \"available\"}, {\"TransitGatewayAttachmentId\": "
    "\"tgw-attach-3\", \"TransitGatewayId\": \"tgw-1\", \"ResourceType\": "
    "\"vpn\", \"ResourceId\": \"vpn-1\", \"State\": \"available\"}], "
    "\"TransitGatewayVpcAttachments\": [{\"TransitGatewayAttachmentId\": "
    "\"tgw-attach-1\", \"TransitGatewayId\": \"tgw-1\", \"VpcId\": \"vpc-1\", "
    "\"State\": \"available\", \"SubnetIds\": [\"subnet-1\"], \"Options\": "
    "{\"ApplianceModeSupport\": \"enable\", \"Ipv6Support\": \"disable\"}}], "
    "\"TransitGatewayPeeringAttachments\": [{\"TransitGatewayAttachmentId\": "
    "\"tgw-attach-2\", \"State\": \"available\", \"RequesterTgwInfo\": "
    "{\"TransitGatewayId\": \"tgw-1\"}, \"AccepterTgwInfo\": "
    "{\"TransitGatewayId\": \"tgw-2\", \"Region\": \"us-west-2\"}}], "
    "\"TransitGatewayRouteTables\": [{\"TransitGatewayRouteTableId\": "
    "\"tgw-rtb-1\", \"TransitGatewayId\": \"tgw-1\", \"State\": \"available\"}], "
    "\"Routes\": [{\"DestinationCidrBlock\": \"10.1.0.0/16\", \"Type\": "
    "\"static\", \"State\": \"active\", \"TransitGatewayAttachments\": "
    "[{\"TransitGatewayAttachmentId\": \"tgw-attach-2\", \"ResourceType\": "
    "\"peering\", \"State\": \"enabled\"}]}], \"AdditionalRoutesAvailable\": "
    "false, \"TransitGatewayPropagations\": [{\"TransitGatewayRouteTableId\": "
    "\"tgw-rtb-1\", \"TransitGatewayRouteTablePropagations\": "
    "[{\"TransitGatewayAttachmentId\": \"tgw-attach-1\", \"ResourceType\": "
    "\"vpc\", \"State\": \"enabled\"}, {\"TransitGatewayAttachmentId\": "
    "\"tgw-attach-3\", \"ResourceType\": \"vpn\", \"State\": \"enabled\"}]}], "
    "\"Associations\": [{\"TransitGatewayAttachmentId\": \"tgw-attach-3\", "
    "\"ResourceType\": \"vpn\", \"State\": \"associated\"}], "
    "\"TransitGatewayPrefixListReferences\": [{\"TransitGatewayRouteTableId\": "
    "\"tgw-rtb-1\", \"PrefixListId\": \"pl-1\", \"State\": \"available\", "
    "\"Blackhole\": true}], \"VpnGateways\": [{\"VpnGatewayId\": \"vgw-1\", "
    "\"State\": \"available\", \"VpcAttachments\": [{\"VpcId\": \"vpc-2\", "
    "\"State\": \"attached\"}]}], \"VpnConnections\": [{\"VpnConnectionId\": "
    "\"vpn-1\", \"TransitGatewayId\": \"tgw-1\", \"State\": \"available\", "
    "\"Options\": {\"StaticRoutesOnly\": true}, \"Routes\": "
    "[{\"DestinationCidrBlock\": \"192.168.0.0/16\", \"State\": \"available\"}], "
    "\"VgwTelemetry\": [{\"OutsideIpAddress\": \"203.0.113.1\", \"Status\": "
    "\"UP\"}]}], \"directConnectGateways\": [{\"directConnectGatewayId\": "
    "\"dx-1\", \"directConnectGatewayState\": \"available\"}], "
    "\"directConnectGatewayAssociations\": [{\"directConnectGatewayId\": "
    "\"dx-1\", \"associationState\": \"associated\", \"associatedGateway\": "
    "{\"id\": \"tgw-1\"}, \"allowedPrefixesToDirectConnectGateway\": [{\"cidr\": "
    "\"10.0.0.0/8\"}]}]}",
    "{\"RouteTables\": [{\"RouteTableId\": \"rtb-1\", \"VpcId\": \"vpc-1\", "
    "\"Associations\": [{\"Main\": true}], \"Routes\": "
    "[{\"DestinationCidrBlock\": \"0.0.0.0/0\", \"GatewayId\": \"vpce-1\"}]}], "
    "\"VpcEndpoints\": [{\"VpcEndpointId\": \"vpce-1\", \"VpcEndpointType\": "
    "\"GatewayLoadBalancer\", \"State\": \"available\", \"VpcId\": \"vpc-1\", "
    "\"SubnetIds\": [\"subnet-1\"]}], \"Firewall\": {\"FirewallArn\": "
    "\"arn:aws:network-firewall:us-east-1:123456789012:firewall/f\", "
    "\"FirewallName\": \"f\", \"FirewallPolicyArn\": "
    "\"arn:aws:network-firewall:us-east-1:123456789012:firewall-policy/p\", "
    "\"VpcId\": \"vpc-1\"}, \"FirewallStatus\": {\"SyncStates\": "
    "{\"us-east-1a\": {\"Attachment\": {\"EndpointId\": \"vpce-1\", \"Status\": "
    "\"READY\"}}}}, \"FirewallPolicyResponse\": {\"FirewallPolicyArn\": "
    "\"arn:aws:network-firewall:us-east-1:123456789012:firewall-policy/p\"}, "
    "\"FirewallPolicy\": {\"StatelessRuleGroupReferences\": [{\"ResourceArn\": "
    "\"arn:aws:network-firewall:us-east-1:123456789012:stateless-rulegroup/a\", "
    "\"Priority\": 1}], \"StatelessDefaultActions\": [\"aws:drop\"], "
    "\"StatefulDefaultActions\": [\"aws:drop_strict\"]}, \"RuleGroupResponse\": "
    "{\"RuleGroupArn\": \"arn:aws:network-firewall:us-east-1:123456789012:state"
    "less-rulegroup/a\", \"Type\": \"STATELESS\"}, \"RuleGroup\": "
    "{\"RulesSource\": {\"StatelessRulesAndCustomActions\": {\"StatelessRules\": "
    "[{\"Priority\": 1, \"RuleDefinition\": {\"MatchAttributes\": {\"Sources\": "
    "[{\"AddressDefinition\": \"10.0.0.0/8\"}], \"DestinationPorts\": "
    "[{\"FromPort\": 22, \"ToPort\": 22}], \"Protocols\": [6], \"TCPFlags\": "
    "[{\"Flags\": [\"SYN\"]}]}, \"Actions\": [\"aws:pass\"]}}]}}}, "
    "\"VpcBlockPublicAccessExclusions\": [{\"ExclusionId\": \"x-1\", "
    "\"InternetGatewayExclusionMode\": \"allow-egress\", \"ResourceArn\": "
    "\"arn:aws:ec2:us-east-1:1:vpc/vpc-1\", \"State\": \"create-complete\"}]}",
};

/* Returns what loading returned; *ret_lost whether a diagnostic was lost. */
static int load(const char *path, const struct vw_load_plan *plan, bool *ret_lost)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_world *world = NULL;
    int error;

    if (!diagnostics)
        return VW_ERROR_NO_MEMORY;
    error = vw_load(&path, 1, plan, diagnostics, &world);
    *ret_lost = vw_diagnostics_left_out(diagnostics) > 0;
    assert_true((error == 0) == (world != NULL));
    vw_world_free(world);
    vw_diagnostics_free(diagnostics);
    return error;
}

static void every_allocation(const char *path, const struct vw_load_plan *plan,
                             bool for_good)
{
    size_t count, n;
    bool lost = false;

    failing_memory_start(0, false);
    assert_int_equal(load(path, plan, &lost), 0);
    assert_false(lost);
    count = failing_memory.count;
    assert_true(count > 100);
    for (n = 1; n <= count; n++) {
        int error;

        lost = false;
        failing_memory_start(n, for_good);
        error = load(path, plan, &lost);
        if (error == 0 && !lost)
            fail_msg("allocation %zu of %zu failed and nobody said so", n, count);
        if (error != 0 && error != VW_ERROR_NO_MEMORY)
            fail_msg("allocation %zu of %zu: error %d", n, count, error);
    }
    failing_memory_start(0, false);
}

/* As a whole, and in the smallest pieces, all by one thread. */
static void fail_all(const char *name, const char *export, bool for_good)
{
    static const struct vw_load_plan whole = {SIZE_MAX, 1, 0}, pieces = {0, 1, 0};
    struct temporary temporary;
    const char *path;

    temporary_open(&temporary);
    path = temporary_text(&temporary, name, export);
    every_allocation(path, &whole, for_good);
    every_allocation(path, &pieces, for_good);
    temporary_close(&temporary);
}

static void one_at_a_time(void **state)
{
    (void)state;
    fail_all("a.json", text, false);
}

static void all_from_there_on(void **state)
{
    (void)state;
    fail_all("a.json", text, true);
}

/* The id of the table stands in the file's name. */
static void one_at_a_time_of_components(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof components / sizeof *components; i++)
        fail_all("a.tgw-rtb-1.json", components[i], false);
}

static void all_from_there_on_of_components(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof components / sizeof *components; i++)
        fail_all("a.tgw-rtb-1.json", components[i], true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(all_from_there_on),
        cmocka_unit_test(one_at_a_time_of_components),
        cmocka_unit_test(all_from_there_on_of_components),
    };

    json_set_alloc_funcs(json_allocate, vw_free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
