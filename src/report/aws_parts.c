/*
 * Pieces of describe-network-insights-analyses; see aws_parts.h.
 *
 * What AWS says: the shapes PathComponent, Explanation and Analysis... of the EC2 service
 * model. A member that does not apply is absent, never null.
 * What we do: the facts of a step, which quote the rule in the export's words, go to the
 * members that AWS has for them; what AWS has no member for (ICMP types, a rule that
 * names a group) is left out here and stands in --format json.
 */
#include "report/aws_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/address.h"

/* The member of an explanation, or of a route, for an object whose id begins so. */
struct aws_member {
    const char *prefix;
    const char *member;
};

static const struct aws_member object_members[] = {
    {"acl-", "Acl"},
    {"arn:aws", "LoadBalancerArn"},
    {"cgw-", "CustomerGateway"},
    {"eni-", "NetworkInterface"},
    {"igw-", "InternetGateway"},
    {"nat-", "NatGateway"},
    {"pcx-", "VpcPeeringConnection"},
    {"pl-", "PrefixList"},
    {"rtb-", "RouteTable"},
    {"sg-", "SecurityGroup"},
    {"tgw-attach-", "TransitGatewayAttachment"},
    {"tgw-rtb-", "TransitGatewayRouteTable"},
    {"tgw-", "TransitGateway"},
    {"vgw-", "VpnGateway"},
    {"vpce-", "VpcEndpoint"},
    {"vpn-", "VpnConnection"},
};

static const struct aws_member target_members[] = {
    {"local", "GatewayId"},
    {"igw-", "GatewayId"},
    {"vgw-", "GatewayId"},
    {"vpce-", "GatewayId"},
    {"eigw-", "EgressOnlyInternetGatewayId"},
    {"eni-", "NetworkInterfaceId"},
    {"i-", "InstanceId"},
    {"nat-", "NatGatewayId"},
    {"pcx-", "VpcPeeringConnectionId"},
    {"tgw-", "TransitGatewayId"},
    {"cagw-", "CarrierGatewayId"},
    {"lgw-", "LocalGatewayId"},
    {"arn:aws", "CoreNetworkArn"},
};

/* What made a route, in the facts' word and in AWS's. */
static const struct aws_member origins[] = {
    {"local", "CreateRouteTable"},
    {"static", "CreateRoute"},
    {"prefix list", "CreateRoute"},
    {"propagated", "EnableVgwRoutePropagation"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* NULL where no row fits. */
static const char *member_of(const struct aws_member *rows, size_t count, const char *id)
{
    size_t i;

    for (i = 0; id && i < count; i++)
        if (strncmp(id, rows[i].prefix, strlen(rows[i].prefix)) == 0)
            return rows[i].member;
    return NULL;
}

static bool is_arn(const char *id)
{
    return strncmp(id, "arn:", 4) == 0;
}

void vw_aws_component(struct vw_json *json, const char *key, const char *id,
                      const char *name)
{
    if (!id)
        return;
    vw_write_object_begin(json, key);
    vw_write_string(json, "Id", id);
    if (is_arn(id))
        vw_write_string(json, "Arn", id);
    if (name)
        vw_write_string(json, "Name", name);
    vw_write_object_end(json);
}

static void aws_addresses(struct vw_json *json, const char *key,
                          struct vw_address_range range)
{
    char buffer[VW_PREFIX_TEXT];
    struct vw_prefix prefix;
    bool more;

    vw_write_array_begin(json, key);
    do {
        more = vw_range_take_prefix(&range, &prefix);
        vw_write_string(json, NULL, vw_prefix_format(prefix, buffer));
    } while (more);
    vw_write_array_end(json);
}

static void aws_port_range(struct vw_json *json, const char *key,
                           struct vw_port_range range)
{
    vw_write_object_begin(json, key);
    vw_write_unsigned(json, "From", range.first);
    vw_write_unsigned(json, "To", range.last);
    vw_write_object_end(json);
}

static void aws_port_ranges(struct vw_json *json, const char *key,
                            struct vw_port_range range)
{
    vw_write_array_begin(json, key);
    aws_port_range(json, NULL, range);
    vw_write_array_end(json);
}

void vw_aws_header(struct vw_json *json, const char *key, const struct vw_step *step)
{
    const struct vw_step_packet *packet = &step->packet;
    bool has_ports = packet->protocol == 6 || packet->protocol == 17;
    char protocol[12];

    if (packet->source.first.family == VW_FAMILY_NONE)
        return;
    snprintf(protocol, sizeof protocol, "%d", packet->protocol);
    vw_write_object_begin(json, key);
    aws_addresses(json, "DestinationAddresses", packet->destination);
    if (has_ports)
        aws_port_ranges(json, "DestinationPortRanges", packet->ports);
    vw_write_string(json, "Protocol", protocol);
    aws_addresses(json, "SourceAddresses", packet->source);
    if (has_ports)
        aws_port_ranges(json, "SourcePortRanges", packet->source_ports);
    vw_write_object_end(json);
}

static const char *fact_of(const struct vw_step *step, const char *key)
{
    size_t i;

    for (i = 0; i < step->fact_count; i++)
        if (strcmp(step->facts[i].key, key) == 0)
            return step->facts[i].value;
    return NULL;
}

/* Under `member` where there is such a fact. */
static void aws_fact(struct vw_json *json, const char *member, const char *value)
{
    if (member && value)
        vw_write_string(json, member, value);
}

static void aws_protocol_and_ports(struct vw_json *json, const struct vw_step *step)
{
    const char *protocol = fact_of(step, "protocol");
    const char *first = fact_of(step, "from_port"), *last = fact_of(step, "to_port");

    if (first && last) {
        vw_write_object_begin(json, "PortRange");
        vw_write_number(json, "From", first);
        vw_write_number(json, "To", last);
        vw_write_object_end(json);
    }
    if (protocol)
        vw_write_string(json, "Protocol", strcmp(protocol, "-1") == 0 ? "all" : protocol);
}

static const char *aws_side(enum vw_flow_direction side)
{
    switch (side) {
    case VW_FLOW_DIRECTION_UNKNOWN:
        return NULL;
    case VW_FLOW_DIRECTION_EGRESS:
        return "egress";
    case VW_FLOW_DIRECTION_INGRESS:
        return "ingress";
    }
    return NULL;
}

static void aws_acl_rule(struct vw_json *json, const struct vw_step *step)
{
    const char *number = fact_of(step, "rule_number");

    if (!number)
        return;
    vw_write_object_begin(json, "AclRule");
    aws_fact(json, "Cidr", fact_of(step, "cidr"));
    vw_write_boolean(json, "Egress", step->side == VW_FLOW_DIRECTION_EGRESS);
    aws_protocol_and_ports(json, step);
    aws_fact(json, "RuleAction", fact_of(step, "action"));
    vw_write_number(json, "RuleNumber", number);
    vw_write_object_end(json);
}

static void aws_group_rule(struct vw_json *json, const struct vw_step *step)
{
    const char *peer = fact_of(step, "peer");

    if (!peer)
        return;
    vw_write_object_begin(json, "SecurityGroupRule");
    if (strchr(peer, '/'))
        vw_write_string(json, "Cidr", peer);
    aws_fact(json, "Direction", aws_side(step->side));
    if (strncmp(step->component, "sg-", 3) == 0)
        vw_write_string(json, "SecurityGroupId", step->component);
    if (strncmp(peer, "pl-", 3) == 0)
        vw_write_string(json, "PrefixListId", peer);
    aws_protocol_and_ports(json, step);
    vw_write_object_end(json);
}

/* A destination is a CIDR or a prefix list. */
static void aws_destination(struct vw_json *json, const char *list_member,
                            const char *destination)
{
    bool is_list = strncmp(destination, "pl-", 3) == 0;

    vw_write_string(json, is_list ? list_member : "DestinationCidr", destination);
}

static void aws_route(struct vw_json *json, const struct vw_step *step)
{
    const char *destination = fact_of(step, "destination");
    const char *target = fact_of(step, "target"), *origin = fact_of(step, "origin");

    if (!destination)
        return;
    vw_write_object_begin(json, "RouteTableRoute");
    aws_destination(json, "DestinationPrefixListId", destination);
    aws_fact(json, member_of(target_members, COUNT(target_members), target), target);
    aws_fact(json, "Origin", member_of(origins, COUNT(origins), origin));
    aws_fact(json, "State", fact_of(step, "state"));
    vw_write_object_end(json);
}

static void aws_transit_route(struct vw_json *json, const struct vw_step *step)
{
    const char *destination = fact_of(step, "destination");
    const char *target = fact_of(step, "target");

    if (!destination)
        return;
    vw_write_object_begin(json, "TransitGatewayRouteTableRoute");
    aws_destination(json, "PrefixListId", destination);
    aws_fact(json, "State", fact_of(step, "state"));
    aws_fact(json, "RouteOrigin", fact_of(step, "origin"));
    if (target && strncmp(target, "tgw-attach-", 11) == 0)
        vw_write_string(json, "AttachmentId", target);
    vw_write_object_end(json);
}

void vw_aws_rule(struct vw_json *json, const struct vw_step *step)
{
    switch (step->kind) {
    case VW_STEP_NETWORK_ACL:
        aws_acl_rule(json, step);
        break;
    case VW_STEP_SECURITY_GROUP:
        aws_group_rule(json, step);
        break;
    case VW_STEP_ROUTE_TABLE:
        aws_route(json, step);
        break;
    case VW_STEP_TRANSIT_TABLE:
        aws_transit_route(json, step);
        break;
    case VW_STEP_INSTANCE:
    case VW_STEP_INTERFACE:
    case VW_STEP_HOST:
    case VW_STEP_INTERNET_GATEWAY:
    case VW_STEP_EGRESS_ONLY_GATEWAY:
    case VW_STEP_PEERING:
    case VW_STEP_NAT_GATEWAY:
    case VW_STEP_TRANSIT_GATEWAY:
    case VW_STEP_TRANSIT_ATTACHMENT:
    case VW_STEP_LOAD_BALANCER:
    case VW_STEP_MIDDLEBOX:
    case VW_STEP_SUBNET:
    case VW_STEP_VPC:
    case VW_STEP_INTERNET:
    case VW_STEP_VPC_ENDPOINT:
    case VW_STEP_FIREWALL:
    case VW_STEP_VPN_GATEWAY:
    case VW_STEP_VPN_CONNECTION:
    case VW_STEP_DIRECT_CONNECT_GATEWAY:
    case VW_STEP_CUSTOMER_NETWORK:
    case VW_STEP_AWS_SERVICE:
    case VW_STEP_OTHER:
        break;
    }
}

/* The member of its own that an explanation has for the component. */
static void aws_named(struct vw_json *json, const struct vw_step *step)
{
    const char *member =
        member_of(object_members, COUNT(object_members), step->component);

    if (!member)
        return;
    if (is_arn(step->component))
        vw_write_string(json, member, step->component);
    else
        vw_aws_component(json, member, step->component, step->component_name);
}

static void aws_groups(struct vw_json *json, const struct vw_step *step)
{
    size_t i;

    if (!step->group_count)
        return;
    vw_write_array_begin(json, "SecurityGroups");
    for (i = 0; i < step->group_count; i++)
        vw_aws_component(json, NULL, step->groups[i], NULL);
    vw_write_array_end(json);
}

void vw_aws_explanation(struct vw_json *json, const struct vw_step *step,
                        const char *missing)
{
    vw_write_object_begin(json, NULL);
    vw_aws_component(json, "Component", step->component, step->component_name);
    aws_fact(json, "Direction", aws_side(step->side));
    vw_write_string(json, "ExplanationCode", vw_reason_code(step->reason));
    aws_fact(json, "MissingComponent", missing);
    aws_named(json, step);
    vw_aws_rule(json, step);
    aws_groups(json, step);
    vw_aws_component(json, "Subnet", step->subnet, NULL);
    vw_aws_component(json, "Vpc", step->vpc, NULL);
    vw_write_object_end(json);
}
