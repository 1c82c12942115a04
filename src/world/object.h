/*
 * The kinds of AWS object that the walk knows, and what all of them have in common. One
 * row of VW_OBJECT_LIST a kind: the enum, the table that holds it, its accessors and what
 * a message calls it all come from there.
 */
#ifndef VW_WORLD_OBJECT_H
#define VW_WORLD_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

/* enum suffix, struct and accessor, noun, key in the export, command that prints it */
#define VW_OBJECT_LIST(X)                                                                \
    X(VPC, vpc, "VPC", "Vpcs", "aws ec2 describe-vpcs")                                  \
    X(SUBNET, subnet, "subnet", "Subnets", "aws ec2 describe-subnets")                   \
    X(ROUTE_TABLE, route_table, "route table", "RouteTables",                            \
      "aws ec2 describe-route-tables")                                                   \
    X(SECURITY_GROUP, security_group, "security group", "SecurityGroups",                \
      "aws ec2 describe-security-groups")                                                \
    X(NETWORK_ACL, network_acl, "network ACL", "NetworkAcls",                            \
      "aws ec2 describe-network-acls")                                                   \
    X(INTERFACE, interface, "network interface", "NetworkInterfaces",                    \
      "aws ec2 describe-network-interfaces")                                             \
    X(INSTANCE, instance, "instance", "Reservations", "aws ec2 describe-instances")      \
    X(PEERING, peering, "VPC peering connection", "VpcPeeringConnections",               \
      "aws ec2 describe-vpc-peering-connections")                                        \
    X(INTERNET_GATEWAY, internet_gateway, "internet gateway", "InternetGateways",        \
      "aws ec2 describe-internet-gateways")                                              \
    X(EGRESS_ONLY_GATEWAY, egress_only_gateway, "egress-only internet gateway",          \
      "EgressOnlyInternetGateways", "aws ec2 describe-egress-only-internet-gateways")    \
    X(ELASTIC_ADDRESS, elastic_address, "Elastic IP address", "Addresses",               \
      "aws ec2 describe-addresses")                                                      \
    X(PREFIX_LIST, prefix_list, "prefix list", "PrefixLists",                            \
      "aws ec2 get-managed-prefix-list-entries")                                         \
    X(FLOW_LOG, flow_log, "flow log", "FlowLogs", "aws ec2 describe-flow-logs")          \
    X(NAT_GATEWAY, nat_gateway, "NAT gateway", "NatGateways",                            \
      "aws ec2 describe-nat-gateways")                                                   \
    X(TRANSIT_GATEWAY, transit_gateway, "transit gateway", "TransitGateways",            \
      "aws ec2 describe-transit-gateways")                                               \
    X(TRANSIT_ATTACHMENT, transit_attachment, "transit gateway attachment",              \
      "TransitGatewayAttachments", "aws ec2 describe-transit-gateway-attachments")       \
    X(TRANSIT_TABLE, transit_table, "transit gateway route table",                       \
      "TransitGatewayRouteTables", "aws ec2 describe-transit-gateway-route-tables")      \
    X(VPC_ENDPOINT, vpc_endpoint, "VPC endpoint", "VpcEndpoints",                        \
      "aws ec2 describe-vpc-endpoints")                                                  \
    X(LOAD_BALANCER, load_balancer, "load balancer", "LoadBalancers",                    \
      "aws elbv2 describe-load-balancers")                                               \
    X(LISTENER, listener, "listener", "Listeners", "aws elbv2 describe-listeners")       \
    X(TARGET_GROUP, target_group, "target group", "TargetGroups",                        \
      "aws elbv2 describe-target-groups")                                                \
    X(VPN_GATEWAY, vpn_gateway, "virtual private gateway", "VpnGateways",                \
      "aws ec2 describe-vpn-gateways")                                                   \
    X(VPN_CONNECTION, vpn_connection, "VPN connection", "VpnConnections",                \
      "aws ec2 describe-vpn-connections")                                                \
    X(DIRECT_CONNECT_GATEWAY, direct_connect_gateway, "Direct Connect gateway",          \
      "directConnectGateways", "aws directconnect describe-direct-connect-gateways")     \
    X(FIREWALL, firewall, "network firewall", "Firewall",                                \
      "aws network-firewall describe-firewall")                                          \
    X(FIREWALL_POLICY, firewall_policy, "firewall policy", "FirewallPolicy",             \
      "aws network-firewall describe-firewall-policy")                                   \
    X(RULE_GROUP, rule_group, "firewall rule group", "RuleGroup",                        \
      "aws network-firewall describe-rule-group")

enum vw_object_kind {
#define VW_X(suffix, name, noun, key, command) VW_OBJECT_##suffix,
    VW_OBJECT_LIST(VW_X)
#undef VW_X
};
enum { VW_OBJECT_KINDS = VW_OBJECT_RULE_GROUP + 1 };

const char *vw_object_noun(enum vw_object_kind kind);
const char *vw_object_key(enum vw_object_kind kind);
const char *vw_object_command(enum vw_object_kind kind);

/* No such object: in place of an index into a table. */
#define VW_NONE UINT32_MAX

/* Where an object or a rule stands in the export. Both NULL where it stands in none. */
struct vw_source {
    const char *file;
    const char *pointer; /* JSON pointer, RFC 6901 */
};

/*
 * The head of every object. References between objects are indexes into the tables of one
 * world, so that a changed copy of the world can share everything that did not change. An
 * object that is only named by others is there too, with `exported` false: the walk that
 * meets it answers "unknown" and names the export that is missing.
 */
struct vw_object {
    const char *id;      /* never NULL */
    const char *name;    /* Name tag, or NULL */
    const char *account; /* OwnerId, or NULL */
    const char *region;  /* or NULL */
    struct vw_source source;
    enum vw_object_kind kind;
    bool exported;
};

#endif
