/* The shapes of the components that AWS runs inside a VPC. */
#include "world/shape.h"

#include <stddef.h>

#define COMPARED VW_MEMBER_COMPARED
#define KEY VW_MEMBER_KEY
#define QUIET VW_MEMBER_QUIET
#define OBJECT(fields, type) VW_ELEMENTS(fields, struct type, VW_ELEMENT_PLAIN)

/* ---- NAT gateways and endpoints ---- */

static const struct vw_member nat_address_fields[] = {
    VW_PLAIN(vw_nat_address, private_address, "private address", KEY, VW_MEMBER_ADDRESS),
    VW_PLAIN(vw_nat_address, public_address, "public address", KEY, VW_MEMBER_ADDRESS),
    VW_REFERENCE(vw_nat_address, interface, "network interface", COMPARED, INTERFACE),
    VW_NUMBER(vw_nat_address, usable, "usable", COMPARED),
};
static const struct vw_shape nat_addresses =
    VW_ELEMENTS(nat_address_fields, struct vw_nat_address, VW_ELEMENT_PLAIN);

static const struct vw_member nat_gateway_fields[] = {
    VW_PLAIN(vw_nat_gateway, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_REFERENCE(vw_nat_gateway, vpc, "VPC", COMPARED, VPC),
    VW_REFERENCE(vw_nat_gateway, subnet, "subnet", COMPARED, SUBNET),
    VW_REFERENCE(vw_nat_gateway, route_table, "route table", COMPARED, ROUTE_TABLE),
    VW_NUMBER(vw_nat_gateway, is_private, "private connectivity", COMPARED),
    VW_NUMBER(vw_nat_gateway, is_regional, "regional availability", COMPARED),
    VW_LIST(vw_nat_gateway, addresses, address_count, "address", COMPARED,
            &nat_addresses),
};
const struct vw_shape vw_shape_nat_gateway = OBJECT(nat_gateway_fields, vw_nat_gateway);

static const struct vw_member vpc_endpoint_fields[] = {
    VW_PLAIN(vw_vpc_endpoint, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_vpc_endpoint, service_name, "service", COMPARED, VW_MEMBER_TEXT),
    VW_REFERENCE(vw_vpc_endpoint, vpc, "VPC", COMPARED, VPC),
    VW_LIST(vw_vpc_endpoint, subnets, subnet_count, "subnet", COMPARED, &vw_list_subnets),
    VW_LIST(vw_vpc_endpoint, interfaces, interface_count, "network interface", COMPARED,
            &vw_list_interfaces),
    VW_DERIVED(vw_vpc_endpoint, firewall),
};
const struct vw_shape vw_shape_vpc_endpoint =
    OBJECT(vpc_endpoint_fields, vw_vpc_endpoint);

/* ---- load balancers ---- */

static const struct vw_member zone_fields[] = {
    VW_PLAIN(vw_balancer_zone, zone, "zone", KEY, VW_MEMBER_TEXT),
    VW_REFERENCE(vw_balancer_zone, subnet, "subnet", COMPARED, SUBNET),
};
static const struct vw_shape zones =
    VW_ELEMENTS(zone_fields, struct vw_balancer_zone, VW_ELEMENT_PLAIN);

static const struct vw_member load_balancer_fields[] = {
    VW_PLAIN(vw_load_balancer, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_NUMBER(vw_load_balancer, internet_facing, "internet-facing scheme", COMPARED),
    VW_REFERENCE(vw_load_balancer, vpc, "VPC", COMPARED, VPC),
    VW_LIST(vw_load_balancer, zones, zone_count, "zone", COMPARED, &zones),
    VW_LIST(vw_load_balancer, groups, group_count, "security group", COMPARED,
            &vw_list_groups),
    VW_NUMBER(vw_load_balancer, cross_zone, "cross-zone load balancing", COMPARED),
    VW_NUMBER(vw_load_balancer, listeners_exported, "exported listeners", QUIET),
    VW_DERIVED(vw_load_balancer, listeners),
    VW_DERIVED(vw_load_balancer, listener_count),
};
const struct vw_shape vw_shape_load_balancer =
    OBJECT(load_balancer_fields, vw_load_balancer);

static const struct vw_member target_group_of_list[] = {
    {"target group", VW_MEMBER_REFERENCE, KEY, 0, 0, 0, NULL, VW_OBJECT_TARGET_GROUP}};
static const struct vw_shape target_groups =
    VW_ELEMENTS(target_group_of_list, uint32_t, VW_ELEMENT_PLAIN);

static const struct vw_member listener_fields[] = {
    VW_REFERENCE(vw_listener, load_balancer, "load balancer", COMPARED, LOAD_BALANCER),
    VW_NUMBER(vw_listener, port, "port", COMPARED),
    VW_PLAIN(vw_listener, protocol, "protocol", COMPARED, VW_MEMBER_TEXT),
    VW_LIST(vw_listener, target_groups, target_group_count, "target group", COMPARED,
            &target_groups),
    VW_NUMBER(vw_listener, answers_itself, "own answer", COMPARED),
};
const struct vw_shape vw_shape_listener = OBJECT(listener_fields, vw_listener);

static const struct vw_member target_fields[] = {
    VW_PLAIN(vw_target, id, "target", KEY, VW_MEMBER_TEXT),
    VW_NUMBER(vw_target, port, "port", KEY),
    VW_REFERENCE(vw_target, instance, "instance", QUIET, INSTANCE),
    VW_REFERENCE(vw_target, load_balancer, "load balancer", QUIET, LOAD_BALANCER),
    VW_PLAIN(vw_target, zone, "zone", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_target, health, "health", COMPARED, VW_MEMBER_TEXT),
};
static const struct vw_shape target_list =
    VW_ELEMENTS_OF_EXPORT(target_fields, vw_target, VW_ELEMENT_PLAIN);

static const struct vw_member target_group_fields[] = {
    VW_PLAIN(vw_target_group, protocol, "protocol", COMPARED, VW_MEMBER_TEXT),
    VW_NUMBER(vw_target_group, port, "port", COMPARED),
    VW_REFERENCE(vw_target_group, vpc, "VPC", COMPARED, VPC),
    VW_NUMBER(vw_target_group, targets_exported, "exported targets", QUIET),
    VW_LIST(vw_target_group, targets, target_count, "target", COMPARED, &target_list),
    VW_NUMBER(vw_target_group, preserve_client_ip, "client IP preservation", COMPARED),
    VW_NUMBER(vw_target_group, cross_zone, "cross-zone load balancing", COMPARED),
};
const struct vw_shape vw_shape_target_group =
    OBJECT(target_group_fields, vw_target_group);

/* ---- Network Firewall ---- */

static const struct vw_member firewall_fields[] = {
    VW_REFERENCE(vw_firewall, vpc, "VPC", COMPARED, VPC),
    VW_REFERENCE(vw_firewall, policy, "policy", COMPARED, FIREWALL_POLICY),
    VW_LIST(vw_firewall, endpoints, endpoint_count, "endpoint", COMPARED, &vw_list_texts),
};
const struct vw_shape vw_shape_firewall = OBJECT(firewall_fields, vw_firewall);

static const struct vw_member reference_fields[] = {
    VW_REFERENCE(vw_firewall_reference, rule_group, "rule group", KEY, RULE_GROUP),
    VW_NUMBER(vw_firewall_reference, priority, "priority", COMPARED),
};
static const struct vw_shape stateless_groups =
    VW_ELEMENTS(reference_fields, struct vw_firewall_reference, VW_ELEMENT_PLAIN);

static const struct vw_member firewall_policy_fields[] = {
    VW_LIST(vw_firewall_policy, stateless, stateless_count, "stateless rule group",
            COMPARED, &stateless_groups),
    VW_NUMBER(vw_firewall_policy, has_stateful, "stateful rules", COMPARED),
    VW_NUMBER(vw_firewall_policy, default_action, "default action", COMPARED),
};
const struct vw_shape vw_shape_firewall_policy =
    OBJECT(firewall_policy_fields, vw_firewall_policy);

static const struct vw_member port_fields[] = {
    VW_NUMBER(vw_port_range, first, "first port", KEY),
    VW_NUMBER(vw_port_range, last, "last port", KEY),
};
static const struct vw_shape ports =
    VW_ELEMENTS(port_fields, struct vw_port_range, VW_ELEMENT_PLAIN);

static const struct vw_member protocol_fields[] = {
    {"protocol", VW_MEMBER_NUMBER, KEY, 0, sizeof(int), 0, NULL, VW_OBJECT_VPC}};
static const struct vw_shape protocols =
    VW_ELEMENTS(protocol_fields, int, VW_ELEMENT_PLAIN);

static const struct vw_member firewall_rule_fields[] = {
    VW_NUMBER(vw_firewall_rule, priority, "priority", KEY),
    VW_NUMBER(vw_firewall_rule, action, "action", COMPARED),
    VW_LIST(vw_firewall_rule, sources, source_count, "sources", COMPARED,
            &vw_list_prefixes),
    VW_LIST(vw_firewall_rule, destinations, destination_count, "destinations", COMPARED,
            &vw_list_prefixes),
    VW_LIST(vw_firewall_rule, source_ports, source_port_count, "source ports", COMPARED,
            &ports),
    VW_LIST(vw_firewall_rule, ports, port_count, "ports", COMPARED, &ports),
    VW_LIST(vw_firewall_rule, protocols, protocol_count, "protocols", COMPARED,
            &protocols),
    VW_NUMBER(vw_firewall_rule, has_tcp_flags, "TCP flags", COMPARED),
};
static const struct vw_shape firewall_rules =
    VW_ELEMENTS_OF_EXPORT(firewall_rule_fields, vw_firewall_rule, VW_ELEMENT_PLAIN);

static const struct vw_member rule_group_fields[] = {
    VW_NUMBER(vw_rule_group, is_stateless, "stateless", COMPARED),
    VW_LIST(vw_rule_group, rules, rule_count, "rule", COMPARED, &firewall_rules),
};
const struct vw_shape vw_shape_rule_group = OBJECT(rule_group_fields, vw_rule_group);
