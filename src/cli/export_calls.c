/*
 * What an export holds, call by call, in the order in which the script makes them. Every
 * operation describes, gets, lists or searches; the CLI fetches all pages by itself unless
 * it is told a number of results, so no row has one.
 *
 * Some calls do not print what they are about: their file is named by it, in the way that
 * the loader looks for. Two calls print secrets (pre-shared keys of VPN connections, BGP
 * keys of virtual interfaces): of them only what says where traffic goes is asked for.
 */
#include "cli/export_calls.h"

#define SAVE(service, operation)                                                         \
    {                                                                                    \
        CLI_EXPORT_SAVE, service, operation, NULL, NULL                                  \
    }
#define LIST(service, operation, query)                                                  \
    {                                                                                    \
        CLI_EXPORT_LIST, service, operation, "--query \"" query "\"", NULL               \
    }
#define FOLLOW(service, operation, query, option)                                        \
    {                                                                                    \
        CLI_EXPORT_FOLLOW, service, operation, "--query \"" query "\" " option, NULL     \
    }
#define EACH(service, operation, option)                                                 \
    {                                                                                    \
        CLI_EXPORT_EACH, service, operation, option, NULL                                \
    }

#define NAMES(part)                                                                      \
    {                                                                                    \
        CLI_EXPORT_NAMES, NULL, NULL, part, NULL                                         \
    }

#define VPN_CONNECTIONS                                                                  \
    "--query \"{VpnConnections: VpnConnections[].{VpnConnectionId: VpnConnectionId, "    \
    "State: State, Type: Type, Tags: Tags, VpnGatewayId: VpnGatewayId, "                 \
    "TransitGatewayId: TransitGatewayId, CustomerGatewayId: CustomerGatewayId, "         \
    "Options: Options.{StaticRoutesOnly: StaticRoutesOnly}, Routes: Routes, "            \
    "VgwTelemetry: VgwTelemetry}}\""

#define VIRTUAL_INTERFACES                                                               \
    "--query \"{virtualInterfaces: virtualInterfaces[].{"                                \
    "virtualInterfaceId: virtualInterfaceId, ownerAccount: ownerAccount, "               \
    "virtualInterfaceType: virtualInterfaceType, "                                       \
    "virtualInterfaceState: virtualInterfaceState, "                                     \
    "virtualGatewayId: virtualGatewayId, "                                               \
    "directConnectGatewayId: directConnectGatewayId, "                                   \
    "routeFilterPrefixes: routeFilterPrefixes}}\""

/* The call demands a filter; every route is in one of these states. */
#define ALL_ROUTES                                                                       \
    "--filters Name=state,Values=active,blackhole --transit-gateway-route-table-id"

#define RULE_GROUPS                                                                      \
    "FirewallPolicy.[StatelessRuleGroupReferences, "                                     \
    "StatefulRuleGroupReferences][].ResourceArn"

const struct cli_export_call cli_export_calls[] = {
    SAVE("ec2", "describe-vpcs"),
    SAVE("ec2", "describe-subnets"),
    SAVE("ec2", "describe-route-tables"),
    SAVE("ec2", "describe-security-groups"),
    SAVE("ec2", "describe-network-acls"),
    SAVE("ec2", "describe-network-interfaces"),
    SAVE("ec2", "describe-instances"),
    SAVE("ec2", "describe-internet-gateways"),
    SAVE("ec2", "describe-egress-only-internet-gateways"),
    SAVE("ec2", "describe-vpc-peering-connections"),
    SAVE("ec2", "describe-addresses"),
    SAVE("ec2", "describe-nat-gateways"),
    SAVE("ec2", "describe-vpc-endpoints"),
    SAVE("ec2", "describe-vpc-block-public-access-options"),
    SAVE("ec2", "describe-vpc-block-public-access-exclusions"),
    SAVE("ec2", "describe-flow-logs"),
    SAVE("ec2", "describe-availability-zones"),
    SAVE("ec2", "describe-prefix-lists"),
    SAVE("ec2", "describe-managed-prefix-lists"),
    LIST("ec2", "describe-managed-prefix-lists", "PrefixLists[].PrefixListId"),
    EACH("ec2", "get-managed-prefix-list-entries", "--prefix-list-id"),

    SAVE("ec2", "describe-vpn-gateways"),
    {CLI_EXPORT_SAVE, "ec2", "describe-vpn-connections", VPN_CONNECTIONS, NULL},
    SAVE("ec2", "describe-customer-gateways"),
    SAVE("ec2", "describe-transit-gateways"),
    SAVE("ec2", "describe-transit-gateway-attachments"),
    SAVE("ec2", "describe-transit-gateway-vpc-attachments"),
    SAVE("ec2", "describe-transit-gateway-peering-attachments"),
    SAVE("ec2", "describe-transit-gateway-route-tables"),
    LIST("ec2", "describe-transit-gateway-route-tables",
         "TransitGatewayRouteTables[].TransitGatewayRouteTableId"),
    EACH("ec2", "search-transit-gateway-routes", ALL_ROUTES),
    EACH("ec2", "get-transit-gateway-route-table-associations",
         "--transit-gateway-route-table-id"),
    EACH("ec2", "get-transit-gateway-route-table-propagations",
         "--transit-gateway-route-table-id"),
    EACH("ec2", "get-transit-gateway-prefix-list-references",
         "--transit-gateway-route-table-id"),

    {CLI_EXPORT_SAVE, "elb", "describe-load-balancers", NULL, "classic-load-balancers"},
    SAVE("elbv2", "describe-load-balancers"),
    SAVE("elbv2", "describe-target-groups"),
    LIST("elbv2", "describe-load-balancers", "LoadBalancers[].LoadBalancerArn"),
    EACH("elbv2", "describe-load-balancer-attributes", "--load-balancer-arn"),
    EACH("elbv2", "describe-listeners", "--load-balancer-arn"),
    LIST("elbv2", "describe-load-balancers",
         "LoadBalancers[?Type=='application'].LoadBalancerArn"),
    FOLLOW("elbv2", "describe-listeners", "Listeners[].ListenerArn",
           "--load-balancer-arn"),
    EACH("elbv2", "describe-rules", "--listener-arn"),
    LIST("elbv2", "describe-target-groups", "TargetGroups[].TargetGroupArn"),
    EACH("elbv2", "describe-target-group-attributes", "--target-group-arn"),
    EACH("elbv2", "describe-target-health", "--target-group-arn"),

    SAVE("directconnect", "describe-direct-connect-gateways"),
    {CLI_EXPORT_SAVE, "directconnect", "describe-virtual-interfaces", VIRTUAL_INTERFACES,
     NULL},
    LIST("directconnect", "describe-direct-connect-gateways",
         "directConnectGateways[].directConnectGatewayId"),
    EACH("directconnect", "describe-direct-connect-gateway-associations",
         "--direct-connect-gateway-id"),

    SAVE("network-firewall", "list-firewalls"),
    LIST("network-firewall", "list-firewalls", "Firewalls[].FirewallArn"),
    EACH("network-firewall", "describe-firewall", "--firewall-arn"),
    FOLLOW("network-firewall", "describe-firewall", "Firewall.FirewallPolicyArn",
           "--firewall-arn"),
    EACH("network-firewall", "describe-firewall-policy", "--firewall-policy-arn"),
    FOLLOW("network-firewall", "describe-firewall-policy", RULE_GROUPS,
           "--firewall-policy-arn"),
    EACH("network-firewall", "describe-rule-group", "--rule-group-arn"),

    /* Who delivers flow logs, and into which buckets. */
    LIST("ec2", "describe-flow-logs", "FlowLogs[].DeliverLogsPermissionArn"),
    NAMES("role"),
    EACH("iam", "get-role", "--role-name"),
    EACH("iam", "list-role-policies", "--role-name"),
    {CLI_EXPORT_INLINE, "iam", "get-role-policy", NULL, NULL},
    EACH("iam", "list-attached-role-policies", "--role-name"),
    FOLLOW("iam", "list-attached-role-policies", "AttachedPolicies[].PolicyArn",
           "--role-name"),
    {CLI_EXPORT_VERSION, "iam", "get-policy-version", NULL, NULL},
    LIST("ec2", "describe-flow-logs",
         "FlowLogs[?LogDestinationType=='s3'].LogDestination"),
    NAMES("bucket"),
    EACH("s3api", "get-bucket-policy", "--bucket"),
};

const size_t cli_export_call_count = sizeof cli_export_calls / sizeof *cli_export_calls;
