/* The tables of fields, one a kind of element: see schema.h and records.h. */
#include "load/field_rows.h"
#include "load/records.h"

static const char *const route_states[] = {"active", "blackhole", "filtered", NULL};
static const char *const route_origins[] = {"CreateRouteTable", "CreateRoute",
                                            "EnableVgwRoutePropagation", "Advertisement",
                                            NULL};
static const char *const rule_actions[] = {"allow", "deny", NULL};
static const char *const block_modes[] = {"off", "block-ingress", "block-bidirectional",
                                          NULL};

static const char *const exclusion_modes[] = {"allow-bidirectional", "allow-egress",
                                              NULL};

static bool is_known(const struct vw_prefix *prefix)
{
    return prefix->address.family != VW_FAMILY_NONE;
}

/* ---- nested lists ---- */

CIDR_SCHEMA(cidr_block_schema, "CIDR association",
            ROW(vw_cidr_record, "CidrBlock", PREFIX, prefix, REQUIRED),
            ROW(vw_cidr_record, "CidrBlockState.State", TEXT, state, OPTIONAL));
CIDR_SCHEMA(ipv6_cidr_block_schema, "IPv6 CIDR association",
            ROW(vw_cidr_record, "Ipv6CidrBlock", PREFIX, prefix, REQUIRED),
            ROW(vw_cidr_record, "Ipv6CidrBlockState.State", TEXT, state, OPTIONAL));
CIDR_SCHEMA(ip_range_schema, "IP range",
            ROW(vw_cidr_record, "CidrIp", PREFIX, prefix, REQUIRED));
CIDR_SCHEMA(ipv6_range_schema, "IPv6 range",
            ROW(vw_cidr_record, "CidrIpv6", PREFIX, prefix, REQUIRED));
CIDR_SCHEMA(ipv6_address_schema, "IPv6 address",
            ROW(vw_cidr_record, "Ipv6Address", PREFIX, prefix, REQUIRED));
CIDR_SCHEMA(ipv4_prefix_schema, "IPv4 prefix",
            ROW(vw_cidr_record, "Ipv4Prefix", PREFIX, prefix, REQUIRED));
CIDR_SCHEMA(ipv6_prefix_schema, "IPv6 prefix",
            ROW(vw_cidr_record, "Ipv6Prefix", PREFIX, prefix, REQUIRED));
CIDR_SCHEMA(entry_cidr_schema, "prefix list entry",
            ROW(vw_cidr_record, "Cidr", PREFIX, prefix, REQUIRED));
CIDR_SCHEMA(cidr_text_schema, "CIDR", ROW(vw_cidr_record, "", PREFIX, prefix, REQUIRED));

ID_SCHEMA(group_id_schema, "group", "GroupId");
ID_SCHEMA(prefix_list_id_schema, "prefix list", "PrefixListId");

static const struct vw_field acl_association_fields[] = {
    ROW(vw_id_record, "SubnetId", TEXT, id, REQUIRED),
    ROW(vw_id_record, "NetworkAclAssociationId", TEXT, association, MINOR),
};
static const struct vw_schema acl_association_schema =
    SCHEMA("association", vw_id_record, acl_association_fields, NULL);

static const struct vw_field attachment_fields[] = {
    ROW(vw_id_record, "VpcId", TEXT, id, OPTIONAL),
    ROW(vw_id_record, "State", TEXT, state, OPTIONAL),
};
static const struct vw_schema attachment_schema =
    SCHEMA("attachment", vw_id_record, attachment_fields, NULL);

/* ---- VPCs and subnets ---- */

#define BLOCK_MODE "BlockPublicAccessStates.InternetGatewayBlockMode"

static const struct vw_field vpc_fields[] = {
    ROW(vw_vpc_record, "VpcId", TEXT, id, REQUIRED),
    ROW(vw_vpc_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_vpc_record, "Tags", NAME, name, MINOR),
    ROW(vw_vpc_record, "CidrBlock", PREFIX, cidr, OPTIONAL),
    ROW(vw_vpc_record, "CidrBlockAssociationSet", LIST, ipv4, OF(cidr_block_schema)),
    ROW(vw_vpc_record, "Ipv6CidrBlockAssociationSet", LIST, ipv6,
        OF(ipv6_cidr_block_schema)),
    ROW(vw_vpc_record, BLOCK_MODE, WORD, block_mode, ONE_OF(block_modes)),
};
const struct vw_schema vw_vpc_schema = SCHEMA("VPC", vw_vpc_record, vpc_fields, NULL);

static const struct vw_field subnet_fields[] = {
    ROW(vw_subnet_record, "SubnetId", TEXT, id, REQUIRED),
    ROW(vw_subnet_record, "VpcId", TEXT, vpc, REQUIRED),
    ROW(vw_subnet_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_subnet_record, "Tags", NAME, name, MINOR),
    ROW(vw_subnet_record, "CidrBlock", PREFIX, cidr, OPTIONAL),
    ROW(vw_subnet_record, "Ipv6CidrBlockAssociationSet", LIST, ipv6,
        OF(ipv6_cidr_block_schema)),
    ROW(vw_subnet_record, "AvailabilityZone", TEXT, zone, MINOR),
    ROW(vw_subnet_record, "AvailabilityZoneId", TEXT, zone_id, MINOR),
    ROW(vw_subnet_record, "SubnetArn", TEXT, arn, MINOR),
    ROW(vw_subnet_record, BLOCK_MODE, WORD, block_mode, ONE_OF(block_modes)),
};
const struct vw_schema vw_subnet_schema =
    SCHEMA("subnet", vw_subnet_record, subnet_fields, NULL);

static const struct vw_field block_fields[] = {
    ROW(vw_block_record, "InternetGatewayBlockMode", WORD, mode,
        MUST_BE_ONE_OF(block_modes)),
    ROW(vw_block_record, "AwsAccountId", TEXT, account, OPTIONAL),
    ROW(vw_block_record, "AwsRegion", TEXT, region, OPTIONAL),
};
const struct vw_schema vw_block_schema =
    SCHEMA("options of VPC Block Public Access", vw_block_record, block_fields, NULL);

static const struct vw_field exclusion_fields[] = {
    ROW(vw_exclusion_record, "ExclusionId", TEXT, id, REQUIRED),
    ROW(vw_exclusion_record, "ResourceArn", TEXT, arn, REQUIRED),
    ROW(vw_exclusion_record, "InternetGatewayExclusionMode", WORD, mode,
        MUST_BE_ONE_OF(exclusion_modes)),
    ROW(vw_exclusion_record, "State", TEXT, state, OPTIONAL),
};
const struct vw_schema vw_exclusion_schema =
    SCHEMA("exclusion from VPC Block Public Access", vw_exclusion_record,
           exclusion_fields, NULL);

/* ---- route tables ---- */

static const char *route_complaint(const void *record)
{
    const struct vw_route_record *route = record;
    int destinations =
        is_known(&route->ipv4) + is_known(&route->ipv6) + (route->prefix_list != NULL);

    return destinations == 1 ? NULL
                             : "expected one of DestinationCidrBlock, "
                               "DestinationIpv6CidrBlock and DestinationPrefixListId";
}

static const struct vw_field route_fields[] = {
    ROW(vw_route_record, "DestinationCidrBlock", PREFIX, ipv4, OPTIONAL),
    ROW(vw_route_record, "DestinationIpv6CidrBlock", PREFIX, ipv6, OPTIONAL),
    ROW(vw_route_record, "DestinationPrefixListId", TEXT, prefix_list, OPTIONAL),
    ROW(vw_route_record, "GatewayId", TEXT, gateway, OPTIONAL),
    ROW(vw_route_record, "EgressOnlyInternetGatewayId", TEXT, egress_only, OPTIONAL),
    ROW(vw_route_record, "VpcPeeringConnectionId", TEXT, peering, OPTIONAL),
    ROW(vw_route_record, "NetworkInterfaceId", TEXT, interface, OPTIONAL),
    ROW(vw_route_record, "InstanceId", TEXT, instance, OPTIONAL),
    ROW(vw_route_record, "NatGatewayId", TEXT, nat, OPTIONAL),
    ROW(vw_route_record, "TransitGatewayId", TEXT, transit, OPTIONAL),
    ROW(vw_route_record, "LocalGatewayId", TEXT, local, OPTIONAL),
    ROW(vw_route_record, "CarrierGatewayId", TEXT, carrier, OPTIONAL),
    ROW(vw_route_record, "CoreNetworkArn", TEXT, core_network, OPTIONAL),
    ROW(vw_route_record, "OdbNetworkArn", TEXT, odb_network, OPTIONAL),
    ROW(vw_route_record, "State", WORD, state, ONE_OF(route_states)),
    ROW(vw_route_record, "Origin", WORD, origin, ONE_OF(route_origins)),
};
static const struct vw_schema route_schema =
    SCHEMA("route", vw_route_record, route_fields, route_complaint);

static const struct vw_field association_fields[] = {
    ROW(vw_association_record, "RouteTableAssociationId", TEXT, id, MINOR),
    ROW(vw_association_record, "Main", FLAG, main, OPTIONAL),
    ROW(vw_association_record, "SubnetId", TEXT, subnet, OPTIONAL),
    ROW(vw_association_record, "GatewayId", TEXT, gateway, OPTIONAL),
    ROW(vw_association_record, "AssociationState.State", TEXT, state, OPTIONAL),
};
static const struct vw_schema association_schema =
    SCHEMA("association", vw_association_record, association_fields, NULL);

static const struct vw_field route_table_fields[] = {
    ROW(vw_route_table_record, "RouteTableId", TEXT, id, REQUIRED),
    ROW(vw_route_table_record, "VpcId", TEXT, vpc, REQUIRED),
    ROW(vw_route_table_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_route_table_record, "Tags", NAME, name, MINOR),
    ROW(vw_route_table_record, "Associations", LIST, associations,
        OF(association_schema)),
    ROW(vw_route_table_record, "Routes", LIST, routes, OF(route_schema)),
};
const struct vw_schema vw_route_table_schema =
    SCHEMA("route table", vw_route_table_record, route_table_fields, NULL);

/* ---- security groups ---- */

enum { ICMP = 1, TCP = 6, UDP = 17, ICMPV6 = 58 };

static const char *range_complaint(const struct vw_number *protocol,
                                   const struct vw_number *from,
                                   const struct vw_number *to)
{
    int64_t first = from->is_known ? from->value : -1;
    int64_t last = to->is_known ? to->value : -1;

    if (protocol->value == TCP || protocol->value == UDP) {
        if (first > last)
            return "FromPort lies above ToPort";
        if (first < 0 && last >= 0)
            return "ToPort without FromPort";
    } else if (protocol->value == ICMP || protocol->value == ICMPV6) {
        if (first > 255 || last > 255)
            return "an ICMP type (FromPort) or code (ToPort) above 255";
    }
    return NULL;
}

static const char *permission_complaint(const void *record)
{
    const struct vw_permission_record *permission = record;

    return range_complaint(&permission->protocol, &permission->from, &permission->to);
}

static const struct vw_field pair_fields[] = {
    ROW(vw_pair_record, "GroupId", TEXT, group, REQUIRED),
    ROW(vw_pair_record, "UserId", TEXT, account, OPTIONAL),
    ROW(vw_pair_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_pair_record, "VpcPeeringConnectionId", TEXT, peering, OPTIONAL),
    ROW(vw_pair_record, "PeeringStatus", TEXT, peering_status, OPTIONAL),
};
static const struct vw_schema pair_schema =
    SCHEMA("group pair", vw_pair_record, pair_fields, NULL);

static const struct vw_field permission_fields[] = {
    ROW(vw_permission_record, "IpProtocol", PROTOCOL, protocol, REQUIRED),
    ROW(vw_permission_record, "FromPort", NUMBER, from, BETWEEN(-1, 65535)),
    ROW(vw_permission_record, "ToPort", NUMBER, to, BETWEEN(-1, 65535)),
    ROW(vw_permission_record, "IpRanges", LIST, ipv4, OF(ip_range_schema)),
    ROW(vw_permission_record, "Ipv6Ranges", LIST, ipv6, OF(ipv6_range_schema)),
    ROW(vw_permission_record, "PrefixListIds", LIST, prefix_lists,
        OF(prefix_list_id_schema)),
    ROW(vw_permission_record, "UserIdGroupPairs", LIST, pairs, OF(pair_schema)),
};
static const struct vw_schema permission_schema =
    SCHEMA("permission", vw_permission_record, permission_fields, permission_complaint);

static const struct vw_field group_fields[] = {
    ROW(vw_group_record, "GroupId", TEXT, id, REQUIRED),
    ROW(vw_group_record, "GroupName", TEXT, group_name, MINOR),
    ROW(vw_group_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_group_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_group_record, "Tags", NAME, name, MINOR),
    ROW(vw_group_record, "IpPermissions", LIST, ingress, OF(permission_schema)),
    ROW(vw_group_record, "IpPermissionsEgress", LIST, egress, OF(permission_schema)),
};
const struct vw_schema vw_group_schema =
    SCHEMA("security group", vw_group_record, group_fields, NULL);

static const char *group_rule_complaint(const void *record)
{
    const struct vw_group_rule_record *rule = record;
    int peers = is_known(&rule->ipv4) + is_known(&rule->ipv6) +
                (rule->prefix_list != NULL) + (rule->pair.group != NULL);

    if (peers != 1)
        return "expected one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupInfo";
    return range_complaint(&rule->protocol, &rule->from, &rule->to);
}

#define PAIR "ReferencedGroupInfo."

static const struct vw_field group_rule_fields[] = {
    ROW(vw_group_rule_record, "SecurityGroupRuleId", TEXT, id, REQUIRED),
    ROW(vw_group_rule_record, "GroupId", TEXT, group, REQUIRED),
    ROW(vw_group_rule_record, "GroupOwnerId", TEXT, account, OPTIONAL),
    ROW(vw_group_rule_record, "IsEgress", FLAG, egress, REQUIRED),
    ROW(vw_group_rule_record, "IpProtocol", PROTOCOL, protocol, REQUIRED),
    ROW(vw_group_rule_record, "FromPort", NUMBER, from, BETWEEN(-1, 65535)),
    ROW(vw_group_rule_record, "ToPort", NUMBER, to, BETWEEN(-1, 65535)),
    ROW(vw_group_rule_record, "CidrIpv4", PREFIX, ipv4, OPTIONAL),
    ROW(vw_group_rule_record, "CidrIpv6", PREFIX, ipv6, OPTIONAL),
    ROW(vw_group_rule_record, "PrefixListId", TEXT, prefix_list, OPTIONAL),
    ROW(vw_group_rule_record, PAIR "GroupId", TEXT, pair.group, OPTIONAL),
    ROW(vw_group_rule_record, PAIR "UserId", TEXT, pair.account, OPTIONAL),
    ROW(vw_group_rule_record, PAIR "VpcId", TEXT, pair.vpc, OPTIONAL),
    ROW(vw_group_rule_record, PAIR "VpcPeeringConnectionId", TEXT, pair.peering,
        OPTIONAL),
    ROW(vw_group_rule_record, PAIR "PeeringStatus", TEXT, pair.peering_status, OPTIONAL),
};
const struct vw_schema vw_group_rule_schema = SCHEMA(
    "security group rule", vw_group_rule_record, group_rule_fields, group_rule_complaint);

/* ---- network ACLs ---- */

static const char *entry_complaint(const void *record)
{
    const struct vw_entry_record *entry = record;

    if (is_known(&entry->ipv4) + is_known(&entry->ipv6) != 1)
        return "expected one of CidrBlock and Ipv6CidrBlock";
    return range_complaint(&entry->protocol, &entry->from, &entry->to);
}

/* Rule 32767 is the last of IPv4, 32768 that of IPv6. */
static const struct vw_field entry_fields[] = {
    ROW(vw_entry_record, "RuleNumber", NUMBER, number, VW_NEED_REQUIRED, 1, 65535, NULL,
        NULL),
    ROW(vw_entry_record, "Egress", FLAG, egress, REQUIRED),
    ROW(vw_entry_record, "RuleAction", WORD, action, MUST_BE_ONE_OF(rule_actions)),
    ROW(vw_entry_record, "Protocol", PROTOCOL, protocol, REQUIRED),
    ROW(vw_entry_record, "CidrBlock", PREFIX, ipv4, OPTIONAL),
    ROW(vw_entry_record, "Ipv6CidrBlock", PREFIX, ipv6, OPTIONAL),
    ROW(vw_entry_record, "PortRange.From", NUMBER, from, BETWEEN(-1, 65535)),
    ROW(vw_entry_record, "PortRange.To", NUMBER, to, BETWEEN(-1, 65535)),
    ROW(vw_entry_record, "IcmpTypeCode.Type", NUMBER, icmp_type, BETWEEN(-1, 255)),
    ROW(vw_entry_record, "IcmpTypeCode.Code", NUMBER, icmp_code, BETWEEN(-1, 255)),
};
static const struct vw_schema entry_schema =
    SCHEMA("entry", vw_entry_record, entry_fields, entry_complaint);

static const struct vw_field acl_fields[] = {
    ROW(vw_acl_record, "NetworkAclId", TEXT, id, REQUIRED),
    ROW(vw_acl_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_acl_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_acl_record, "Tags", NAME, name, MINOR),
    ROW(vw_acl_record, "IsDefault", FLAG, is_default, OPTIONAL),
    ROW(vw_acl_record, "Associations", LIST, subnets, OF(acl_association_schema)),
    ROW(vw_acl_record, "Entries", LIST, entries, OF(entry_schema)),
};
const struct vw_schema vw_acl_schema =
    SCHEMA("network ACL", vw_acl_record, acl_fields, NULL);

/* ---- interfaces, instances, addresses ---- */

static const struct vw_field private_fields[] = {
    ROW(vw_private_record, "PrivateIpAddress", ADDRESS, address, REQUIRED),
    ROW(vw_private_record, "Primary", FLAG, primary, OPTIONAL),
    ROW(vw_private_record, "Association.PublicIp", ADDRESS, public_address, OPTIONAL),
};
static const struct vw_schema private_schema =
    SCHEMA("private address", vw_private_record, private_fields, NULL);

static const struct vw_field interface_fields[] = {
    ROW(vw_interface_record, "NetworkInterfaceId", TEXT, id, REQUIRED),
    ROW(vw_interface_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_interface_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_interface_record, "SubnetId", TEXT, subnet, OPTIONAL),
    ROW(vw_interface_record, "AvailabilityZone", TEXT, zone, MINOR),
    ROW(vw_interface_record, "TagSet", NAME, name, MINOR),
    ROW(vw_interface_record, "Status", TEXT, status, OPTIONAL),
    ROW(vw_interface_record, "InterfaceType", TEXT, type, OPTIONAL),
    ROW(vw_interface_record, "Description", TEXT, description, MINOR),
    ROW(vw_interface_record, "Attachment.InstanceId", TEXT, instance, OPTIONAL),
    ROW(vw_interface_record, "Attachment.InstanceOwnerId", TEXT, instance_account,
        OPTIONAL),
    ROW(vw_interface_record, "Attachment.Status", TEXT, attachment, OPTIONAL),
    ROW(vw_interface_record, "Attachment.DeviceIndex", NUMBER, device_index,
        BETWEEN(0, 65535)),
    ROW(vw_interface_record, "SourceDestCheck", FLAG, source_dest_check, OPTIONAL),
    ROW(vw_interface_record, "PrivateIpAddress", ADDRESS, address, OPTIONAL),
    ROW(vw_interface_record, "Association.PublicIp", ADDRESS, public_address, OPTIONAL),
    ROW(vw_interface_record, "Ipv6Address", ADDRESS, ipv6_address, OPTIONAL),
    ROW(vw_interface_record, "Groups", LIST, groups, OF(group_id_schema)),
    ROW(vw_interface_record, "PrivateIpAddresses", LIST, addresses, OF(private_schema)),
    ROW(vw_interface_record, "Ipv6Addresses", LIST, ipv6, OF(ipv6_address_schema)),
    ROW(vw_interface_record, "Ipv4Prefixes", LIST, ipv4_blocks, OF(ipv4_prefix_schema)),
    ROW(vw_interface_record, "Ipv6Prefixes", LIST, ipv6_blocks, OF(ipv6_prefix_schema)),
};
const struct vw_schema vw_interface_schema =
    SCHEMA("network interface", vw_interface_record, interface_fields, NULL);

static const struct vw_field instance_fields[] = {
    ROW(vw_instance_record, "InstanceId", TEXT, id, REQUIRED),
    ROW(vw_instance_record, "State.Name", TEXT, state, OPTIONAL),
    ROW(vw_instance_record, "MetadataOptions.HttpEndpoint", TEXT, metadata, OPTIONAL),
    ROW(vw_instance_record, "MetadataOptions.HttpProtocolIpv6", TEXT, metadata_ipv6,
        OPTIONAL),
    ROW(vw_instance_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_instance_record, "Placement.AvailabilityZone", TEXT, zone, MINOR),
    ROW(vw_instance_record, "Tags", NAME, name, MINOR),
};
const struct vw_schema vw_instance_schema =
    SCHEMA("instance", vw_instance_record, instance_fields, NULL);

static const struct vw_field elastic_fields[] = {
    ROW(vw_elastic_record, "AllocationId", TEXT, id, OPTIONAL),
    ROW(vw_elastic_record, "PublicIp", ADDRESS, address, OPTIONAL),
    ROW(vw_elastic_record, "Tags", NAME, name, MINOR),
    ROW(vw_elastic_record, "NetworkInterfaceId", TEXT, interface, OPTIONAL),
    ROW(vw_elastic_record, "NetworkInterfaceOwnerId", TEXT, account, OPTIONAL),
    ROW(vw_elastic_record, "InstanceId", TEXT, instance, OPTIONAL),
    ROW(vw_elastic_record, "PrivateIpAddress", ADDRESS, private_address, OPTIONAL),
};
const struct vw_schema vw_elastic_schema =
    SCHEMA("Elastic IP address", vw_elastic_record, elastic_fields, NULL);

/* ---- gateways, peerings and the rest ---- */

#define SIDE(member, key)                                                                \
    ROW(vw_peering_record, key ".VpcId", TEXT, member.vpc, OPTIONAL),                    \
        ROW(vw_peering_record, key ".OwnerId", TEXT, member.account, OPTIONAL),          \
        ROW(vw_peering_record, key ".Region", TEXT, member.region, OPTIONAL),            \
        ROW(vw_peering_record, key ".CidrBlock", PREFIX, member.cidr, OPTIONAL),         \
        ROW(vw_peering_record, key ".CidrBlockSet", LIST, member.ipv4,                   \
            OF(cidr_block_schema)),                                                      \
        ROW(vw_peering_record, key ".Ipv6CidrBlockSet", LIST, member.ipv6,               \
            OF(ipv6_cidr_block_schema))

static const struct vw_field peering_fields[] = {
    ROW(vw_peering_record, "VpcPeeringConnectionId", TEXT, id, REQUIRED),
    ROW(vw_peering_record, "Tags", NAME, name, MINOR),
    ROW(vw_peering_record, "Status.Code", TEXT, state, OPTIONAL),
    SIDE(requester, "RequesterVpcInfo"),
    SIDE(accepter, "AccepterVpcInfo"),
};
const struct vw_schema vw_peering_schema =
    SCHEMA("VPC peering connection", vw_peering_record, peering_fields, NULL);

static const struct vw_field internet_gateway_fields[] = {
    ROW(vw_gateway_record, "InternetGatewayId", TEXT, id, REQUIRED),
    ROW(vw_gateway_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_gateway_record, "Tags", NAME, name, MINOR),
    ROW(vw_gateway_record, "Attachments", LIST, attachments, OF(attachment_schema)),
};
const struct vw_schema vw_internet_gateway_schema =
    SCHEMA("internet gateway", vw_gateway_record, internet_gateway_fields, NULL);

static const struct vw_field egress_only_fields[] = {
    ROW(vw_gateway_record, "EgressOnlyInternetGatewayId", TEXT, id, REQUIRED),
    ROW(vw_gateway_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_gateway_record, "Tags", NAME, name, MINOR),
    ROW(vw_gateway_record, "Attachments", LIST, attachments, OF(attachment_schema)),
};
const struct vw_schema vw_egress_only_schema =
    SCHEMA("egress-only internet gateway", vw_gateway_record, egress_only_fields, NULL);

static const struct vw_field prefix_list_fields[] = {
    ROW(vw_prefix_list_record, "PrefixListId", TEXT, id, REQUIRED),
    ROW(vw_prefix_list_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_prefix_list_record, "Tags", NAME, name, MINOR),
    ROW(vw_prefix_list_record, "PrefixListName", TEXT, list_name, MINOR),
    ROW(vw_prefix_list_record, "PrefixListArn", TEXT, arn, MINOR),
    ROW(vw_prefix_list_record, "Cidrs", LIST, cidrs, OF(cidr_text_schema)),
    ROW(vw_prefix_list_record, "Entries", LIST, entries, OF(entry_cidr_schema)),
};
const struct vw_schema vw_prefix_list_schema =
    SCHEMA("prefix list", vw_prefix_list_record, prefix_list_fields, NULL);

static const struct vw_field entries_fields[] = {
    ROW(vw_prefix_list_record, "Entries", LIST, entries, OF(entry_cidr_schema)),
};
const struct vw_schema vw_entries_schema =
    SCHEMA("prefix list", vw_prefix_list_record, entries_fields, NULL);

static const struct vw_field flow_log_fields[] = {
    ROW(vw_flow_log_record, "FlowLogId", TEXT, id, REQUIRED),
    ROW(vw_flow_log_record, "Tags", NAME, name, MINOR),
    ROW(vw_flow_log_record, "ResourceId", TEXT, resource, OPTIONAL),
    ROW(vw_flow_log_record, "TrafficType", TEXT, traffic, OPTIONAL),
    ROW(vw_flow_log_record, "LogFormat", TEXT, format, OPTIONAL),
    ROW(vw_flow_log_record, "FlowLogStatus", TEXT, status, OPTIONAL),
    ROW(vw_flow_log_record, "MaxAggregationInterval", NUMBER, interval,
        BETWEEN(0, 86400)),
};
const struct vw_schema vw_flow_log_schema =
    SCHEMA("flow log", vw_flow_log_record, flow_log_fields, NULL);
