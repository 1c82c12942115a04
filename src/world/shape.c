/* The shapes of VPCs and what stands in them, and of the world's settings. */
#include "world/shape.h"

#include <stddef.h>

#define COMPARED VW_MEMBER_COMPARED
#define KEY VW_MEMBER_KEY
#define QUIET VW_MEMBER_QUIET
#define FOLLOWS VW_MEMBER_FOLLOWS
#define OBJECT(fields, type) VW_ELEMENTS(fields, struct type, VW_ELEMENT_PLAIN)

/* ---- lists of one value ---- */

static const struct vw_member prefix_fields[] = {
    {"prefix", VW_MEMBER_PREFIX, KEY, 0, 0, 0, NULL, VW_OBJECT_VPC}};
static const struct vw_member text_fields[] = {
    {"value", VW_MEMBER_TEXT, KEY, 0, 0, 0, NULL, VW_OBJECT_VPC}};
static const struct vw_member group_fields[] = {{"security group", VW_MEMBER_REFERENCE,
                                                 KEY, 0, 0, 0, NULL,
                                                 VW_OBJECT_SECURITY_GROUP}};
static const struct vw_member subnet_of_list[] = {
    {"subnet", VW_MEMBER_REFERENCE, KEY, 0, 0, 0, NULL, VW_OBJECT_SUBNET}};
static const struct vw_member interface_of_list[] = {
    {"network interface", VW_MEMBER_REFERENCE, KEY, 0, 0, 0, NULL, VW_OBJECT_INTERFACE}};

const struct vw_shape vw_list_prefixes =
    VW_ELEMENTS(prefix_fields, struct vw_prefix, VW_ELEMENT_PLAIN);
const struct vw_shape vw_list_texts =
    VW_ELEMENTS(text_fields, const char *, VW_ELEMENT_PLAIN);
const struct vw_shape vw_list_groups =
    VW_ELEMENTS(group_fields, uint32_t, VW_ELEMENT_PLAIN);
const struct vw_shape vw_list_subnets =
    VW_ELEMENTS(subnet_of_list, uint32_t, VW_ELEMENT_PLAIN);
const struct vw_shape vw_list_interfaces =
    VW_ELEMENTS(interface_of_list, uint32_t, VW_ELEMENT_PLAIN);

/* ---- VPCs and subnets ---- */

static const struct vw_member vpc_fields[] = {
    VW_LIST(vw_vpc, cidrs, cidr_count, "CIDR", COMPARED, &vw_list_prefixes),
    VW_NUMBER(vw_vpc, block_public_access, "Block Public Access mode", COMPARED),
    VW_NUMBER(vw_vpc, interfaces_exported, "exported interfaces", QUIET),
    VW_NUMBER(vw_vpc, gateways_missing, "missing gateways", QUIET),
    VW_DERIVED(vw_vpc, main_route_table),
    VW_DERIVED(vw_vpc, internet_gateway),
    VW_DERIVED(vw_vpc, egress_only_gateway),
};
const struct vw_shape vw_shape_vpc = OBJECT(vpc_fields, vw_vpc);

static const struct vw_member subnet_fields[] = {
    VW_REFERENCE(vw_subnet, vpc, "VPC", COMPARED, VPC),
    VW_LIST(vw_subnet, cidrs, cidr_count, "CIDR", COMPARED, &vw_list_prefixes),
    VW_PLAIN(vw_subnet, zone, "Availability Zone", COMPARED, VW_MEMBER_TEXT),
    VW_NUMBER(vw_subnet, block_public_access, "Block Public Access mode", COMPARED),
    VW_REFERENCE(vw_subnet, route_table, "associated route table", COMPARED, ROUTE_TABLE),
    VW_REFERENCE(vw_subnet, network_acl, "associated network ACL", COMPARED, NETWORK_ACL),
};
const struct vw_shape vw_shape_subnet = OBJECT(subnet_fields, vw_subnet);

/* ---- route tables ---- */

static const struct vw_member route_fields[] = {
    VW_PLAIN(vw_route, destination, "destination", KEY, VW_MEMBER_PREFIX),
    VW_REFERENCE(vw_route, prefix_list, "prefix list", KEY, PREFIX_LIST),
    VW_NUMBER(vw_route, origin, "origin", KEY),
    VW_PLAIN(vw_route, target_id, "target", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_route, target, "target", QUIET, VW_MEMBER_TARGET),
    VW_NUMBER(vw_route, state, "state", FOLLOWS),
};
static const struct vw_shape routes =
    VW_ELEMENTS_OF_EXPORT(route_fields, vw_route, VW_ELEMENT_ROUTE);

static const struct vw_member route_table_fields[] = {
    VW_REFERENCE(vw_route_table, vpc, "VPC", COMPARED, VPC),
    VW_LIST(vw_route_table, routes, route_count, "route", COMPARED, &routes),
    VW_NUMBER(vw_route_table, main, "main table of its VPC", COMPARED),
    VW_PLAIN(vw_route_table, gateway_id, "associated gateway", COMPARED, VW_MEMBER_TEXT),
};
const struct vw_shape vw_shape_route_table = OBJECT(route_table_fields, vw_route_table);

static const struct vw_member prefix_list_fields[] = {
    VW_LIST(vw_prefix_list, prefixes, prefix_count, "entry", COMPARED, &vw_list_prefixes),
    VW_NUMBER(vw_prefix_list, entries_known, "known entries", QUIET),
};
const struct vw_shape vw_shape_prefix_list = OBJECT(prefix_list_fields, vw_prefix_list);

/* ---- security groups and network ACLs ---- */

static const struct vw_member group_rule_fields[] = {
    VW_NUMBER(vw_group_rule, protocol, "protocol", KEY),
    VW_NUMBER(vw_group_rule, from, "first port", KEY),
    VW_NUMBER(vw_group_rule, to, "last port", KEY),
    VW_NUMBER(vw_group_rule, peer_kind, "kind of peer", KEY),
    VW_PLAIN(vw_group_rule, prefix, "prefix", KEY, VW_MEMBER_PREFIX),
    VW_REFERENCE(vw_group_rule, prefix_list, "prefix list", KEY, PREFIX_LIST),
    VW_REFERENCE(vw_group_rule, group, "security group", KEY, SECURITY_GROUP),
    VW_PLAIN(vw_group_rule, peering_id, "peering", KEY, VW_MEMBER_TEXT),
    VW_PLAIN(vw_group_rule, peering_status, "peering status", FOLLOWS, VW_MEMBER_TEXT),
};
static const struct vw_shape group_rules =
    VW_ELEMENTS_OF_EXPORT(group_rule_fields, vw_group_rule, VW_ELEMENT_GROUP_RULE);

static const struct vw_member security_group_fields[] = {
    VW_REFERENCE(vw_security_group, vpc, "VPC", COMPARED, VPC),
    VW_LIST(vw_security_group, ingress.items, ingress.count, "inbound rule", COMPARED,
            &group_rules),
    VW_LIST(vw_security_group, egress.items, egress.count, "outbound rule", COMPARED,
            &group_rules),
    VW_DERIVED(vw_security_group, ingress_keys),
    VW_DERIVED(vw_security_group, egress_keys),
};
const struct vw_shape vw_shape_security_group =
    OBJECT(security_group_fields, vw_security_group);

static const struct vw_member acl_entry_fields[] = {
    VW_NUMBER(vw_acl_entry, number, "rule number", KEY),
    VW_NUMBER(vw_acl_entry, allow, "action", COMPARED),
    VW_NUMBER(vw_acl_entry, protocol, "protocol", COMPARED),
    VW_NUMBER(vw_acl_entry, from, "first port", COMPARED),
    VW_NUMBER(vw_acl_entry, to, "last port", COMPARED),
    VW_PLAIN(vw_acl_entry, prefix, "prefix", COMPARED, VW_MEMBER_PREFIX),
};
static const struct vw_shape acl_entries =
    VW_ELEMENTS_OF_EXPORT(acl_entry_fields, vw_acl_entry, VW_ELEMENT_ACL_ENTRY);

static const struct vw_member network_acl_fields[] = {
    VW_REFERENCE(vw_network_acl, vpc, "VPC", COMPARED, VPC),
    VW_NUMBER(vw_network_acl, is_default, "default of its VPC", COMPARED),
    VW_LIST(vw_network_acl, ingress.items, ingress.count, "inbound entry", COMPARED,
            &acl_entries),
    VW_LIST(vw_network_acl, egress.items, egress.count, "outbound entry", COMPARED,
            &acl_entries),
};
const struct vw_shape vw_shape_network_acl = OBJECT(network_acl_fields, vw_network_acl);

/* ---- interfaces and instances ---- */

static const struct vw_member interface_address_fields[] = {
    VW_PLAIN(vw_interface_address, prefix, "address", KEY, VW_MEMBER_PREFIX),
    VW_PLAIN(vw_interface_address, public_address, "public address", COMPARED,
             VW_MEMBER_ADDRESS),
    VW_NUMBER(vw_interface_address, primary, "primary", COMPARED),
};
static const struct vw_shape interface_addresses =
    VW_ELEMENTS(interface_address_fields, struct vw_interface_address, VW_ELEMENT_PLAIN);

static const struct vw_member interface_fields[] = {
    VW_REFERENCE(vw_interface, vpc, "VPC", COMPARED, VPC),
    VW_REFERENCE(vw_interface, subnet, "subnet", COMPARED, SUBNET),
    VW_REFERENCE(vw_interface, instance, "instance", COMPARED, INSTANCE),
    VW_LIST(vw_interface, groups, group_count, "security group", COMPARED,
            &vw_list_groups),
    VW_LIST(vw_interface, addresses, address_count, "address", COMPARED,
            &interface_addresses),
    VW_PLAIN(vw_interface, status, "status", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_interface, attachment, "attachment", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_interface, type, "type", COMPARED, VW_MEMBER_TEXT),
    VW_NUMBER(vw_interface, device_index, "device index", COMPARED),
    VW_NUMBER(vw_interface, source_dest_check, "source/destination check", COMPARED),
    VW_DERIVED(vw_interface, role),
    VW_DERIVED(vw_interface, service),
};
const struct vw_shape vw_shape_interface = OBJECT(interface_fields, vw_interface);

static const struct vw_member instance_fields[] = {
    VW_PLAIN(vw_instance, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_NUMBER(vw_instance, metadata_disabled, "disabled metadata service", COMPARED),
    VW_NUMBER(vw_instance, metadata_ipv6, "metadata service over IPv6", COMPARED),
    VW_DERIVED(vw_instance, interfaces),
    VW_DERIVED(vw_instance, interface_count),
};
const struct vw_shape vw_shape_instance = OBJECT(instance_fields, vw_instance);

static const struct vw_member elastic_address_fields[] = {
    VW_PLAIN(vw_elastic_address, address, "address", COMPARED, VW_MEMBER_ADDRESS),
    VW_REFERENCE(vw_elastic_address, interface, "network interface", COMPARED, INTERFACE),
};
const struct vw_shape vw_shape_elastic_address =
    OBJECT(elastic_address_fields, vw_elastic_address);

/* ---- gateways and peerings ---- */

static const struct vw_member peering_fields[] = {
    VW_PLAIN(vw_peering, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_REFERENCE(vw_peering, requester.vpc, "requester VPC", COMPARED, VPC),
    VW_REFERENCE(vw_peering, accepter.vpc, "accepter VPC", COMPARED, VPC),
    VW_LIST(vw_peering, requester.cidrs, requester.cidr_count, "requester CIDR", COMPARED,
            &vw_list_prefixes),
    VW_LIST(vw_peering, accepter.cidrs, accepter.cidr_count, "accepter CIDR", COMPARED,
            &vw_list_prefixes),
};
const struct vw_shape vw_shape_peering = OBJECT(peering_fields, vw_peering);

static const struct vw_member internet_gateway_fields[] = {
    VW_REFERENCE(vw_internet_gateway, vpc, "attached VPC", COMPARED, VPC)};
const struct vw_shape vw_shape_internet_gateway =
    OBJECT(internet_gateway_fields, vw_internet_gateway);

static const struct vw_member egress_only_gateway_fields[] = {
    VW_REFERENCE(vw_egress_only_gateway, vpc, "attached VPC", COMPARED, VPC)};
const struct vw_shape vw_shape_egress_only_gateway =
    OBJECT(egress_only_gateway_fields, vw_egress_only_gateway);

static const struct vw_member flow_log_fields[] = {
    VW_PLAIN(vw_flow_log, resource_id, "resource", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_flow_log, traffic_type, "traffic type", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_flow_log, log_format, "format", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_flow_log, status, "status", COMPARED, VW_MEMBER_TEXT),
    VW_NUMBER(vw_flow_log, interval, "aggregation interval", COMPARED),
};
const struct vw_shape vw_shape_flow_log = OBJECT(flow_log_fields, vw_flow_log);

/* ---- settings of the world ---- */

static const struct vw_member block_options_fields[] = {
    VW_PLAIN(vw_block_options, account, "account", KEY, VW_MEMBER_TEXT),
    VW_PLAIN(vw_block_options, region, "Region", KEY, VW_MEMBER_TEXT),
    VW_NUMBER(vw_block_options, mode, "mode", COMPARED),
};
static const struct vw_shape block_options =
    VW_ELEMENTS_OF_EXPORT(block_options_fields, vw_block_options, VW_ELEMENT_PLAIN);

static const struct vw_member block_exclusion_fields[] = {
    VW_PLAIN(vw_block_exclusion, resource_id, "resource", KEY, VW_MEMBER_TEXT),
    VW_NUMBER(vw_block_exclusion, egress_only, "egress only", COMPARED),
    VW_NUMBER(vw_block_exclusion, is_settled, "in force", COMPARED),
};
static const struct vw_shape block_exclusions =
    VW_ELEMENTS_OF_EXPORT(block_exclusion_fields, vw_block_exclusion, VW_ELEMENT_PLAIN);

static const struct vw_member service_address_fields[] = {
    VW_PLAIN(vw_service_address, address, "address", KEY, VW_MEMBER_ADDRESS),
    VW_PLAIN(vw_service_address, id, "component", KEY, VW_MEMBER_TEXT),
};
static const struct vw_shape service_addresses =
    VW_ELEMENTS(service_address_fields, struct vw_service_address, VW_ELEMENT_PLAIN);

static const struct vw_member world_fields[] = {
    VW_LIST(vw_world, block_options, block_options_count, "Block Public Access option",
            COMPARED, &block_options),
    VW_LIST(vw_world, block_exclusions, block_exclusion_count,
            "Block Public Access exclusion", COMPARED, &block_exclusions),
    VW_NUMBER(vw_world, block_exclusions_exported, "exported exclusions", QUIET),
    VW_LIST(vw_world, services, service_count, "address of a component", FOLLOWS,
            &service_addresses),
};
static const struct vw_shape world_shape = OBJECT(world_fields, vw_world);

static const struct vw_shape *const shapes[VW_OBJECT_KINDS + 1] = {
#define VW_X(suffix, name, noun, key, command) &vw_shape_##name,
    VW_OBJECT_LIST(VW_X)
#undef VW_X
        & world_shape,
};

const struct vw_shape *vw_shape_of(int kind)
{
    return shapes[kind];
}

size_t vw_member_size(const struct vw_member *field)
{
    switch (field->type) {
    case VW_MEMBER_NUMBER:
    case VW_MEMBER_DERIVED:
        return field->size;
    case VW_MEMBER_TEXT:
        return sizeof(const char *);
    case VW_MEMBER_ADDRESS:
        return sizeof(struct vw_address);
    case VW_MEMBER_PREFIX:
        return sizeof(struct vw_prefix);
    case VW_MEMBER_REFERENCE:
    case VW_MEMBER_TARGET:
        return sizeof(uint32_t);
    case VW_MEMBER_LIST:
        return 0;
    }
    return 0;
}
