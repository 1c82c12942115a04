/* The tables of fields of transit gateways, VPN and Direct Connect. */
#include "load/records_transit.h"

#include "load/field_rows.h"

static const char *const switches[] = {"enable", "disable", NULL};
static const char *const route_types[] = {"static", "propagated", NULL};

/* ---- nested lists ---- */

ID_SCHEMA(subnet_text_schema, "subnet", "");

static const struct vw_field attached_fields[] = {
    ROW(vw_attached_record, "TransitGatewayAttachmentId", TEXT, id, OPTIONAL),
    ROW(vw_attached_record, "ResourceType", TEXT, resource_type, OPTIONAL),
    ROW(vw_attached_record, "ResourceId", TEXT, resource_id, OPTIONAL),
    ROW(vw_attached_record, "State", TEXT, state, OPTIONAL),
};
static const struct vw_schema attached_schema =
    SCHEMA("attachment", vw_attached_record, attached_fields, NULL);

static const char *route_complaint(const void *record)
{
    const struct vw_transit_route_record *route = record;

    return route->destination.address.family != VW_FAMILY_NONE || route->prefix_list
               ? NULL
               : "expected one of DestinationCidrBlock and PrefixListId";
}

static const struct vw_field route_fields[] = {
    ROW(vw_transit_route_record, "DestinationCidrBlock", PREFIX, destination, OPTIONAL),
    ROW(vw_transit_route_record, "PrefixListId", TEXT, prefix_list, OPTIONAL),
    ROW(vw_transit_route_record, "Type", WORD, type, MUST_BE_ONE_OF(route_types)),
    ROW(vw_transit_route_record, "State", TEXT, state, OPTIONAL),
    ROW(vw_transit_route_record, "TransitGatewayAttachments", LIST, attachments,
        OF(attached_schema)),
};
static const struct vw_schema route_schema =
    SCHEMA("route", vw_transit_route_record, route_fields, route_complaint);

/* ---- transit gateways ---- */

static const struct vw_field gateway_fields[] = {
    ROW(vw_transit_gateway_record, "TransitGatewayId", TEXT, id, REQUIRED),
    ROW(vw_transit_gateway_record, "OwnerId", TEXT, account, OPTIONAL),
    ROW(vw_transit_gateway_record, "Tags", NAME, name, MINOR),
    ROW(vw_transit_gateway_record, "State", TEXT, state, OPTIONAL),
    ROW(vw_transit_gateway_record, "TransitGatewayArn", TEXT, arn, MINOR),
    ROW(vw_transit_gateway_record, "Options.SecurityGroupReferencingSupport", WORD,
        referencing, ONE_OF(switches)),
};
const struct vw_schema vw_transit_gateway_schema =
    SCHEMA("transit gateway", vw_transit_gateway_record, gateway_fields, NULL);

#define SIDE(member, key)                                                                \
    ROW(vw_attachment_record, key ".TransitGatewayId", TEXT, member.gateway, OPTIONAL),  \
        ROW(vw_attachment_record, key ".OwnerId", TEXT, member.account, OPTIONAL),       \
        ROW(vw_attachment_record, key ".Region", TEXT, member.region, OPTIONAL)

static const struct vw_field attachment_fields[] = {
    ROW(vw_attachment_record, "TransitGatewayAttachmentId", TEXT, id, REQUIRED),
    ROW(vw_attachment_record, "Tags", NAME, name, MINOR),
    ROW(vw_attachment_record, "TransitGatewayId", TEXT, gateway, OPTIONAL),
    ROW(vw_attachment_record, "TransitGatewayOwnerId", TEXT, gateway_account, OPTIONAL),
    ROW(vw_attachment_record, "ResourceType", TEXT, resource_type, OPTIONAL),
    ROW(vw_attachment_record, "ResourceType", PRESENT, is_common, OPTIONAL),
    ROW(vw_attachment_record, "ResourceId", TEXT, resource_id, OPTIONAL),
    ROW(vw_attachment_record, "ResourceOwnerId", TEXT, resource_account, OPTIONAL),
    ROW(vw_attachment_record, "State", TEXT, state, OPTIONAL),
    ROW(vw_attachment_record, "Association.TransitGatewayRouteTableId", TEXT, table,
        OPTIONAL),
    ROW(vw_attachment_record, "Association.State", TEXT, association_state, OPTIONAL),
    ROW(vw_attachment_record, "VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_attachment_record, "VpcOwnerId", TEXT, vpc_account, OPTIONAL),
    ROW(vw_attachment_record, "SubnetIds", LIST, subnets, OF(subnet_text_schema)),
    ROW(vw_attachment_record, "SubnetIds", PRESENT, has_subnets, OPTIONAL),
    ROW(vw_attachment_record, "Options.ApplianceModeSupport", WORD, appliance_mode,
        ONE_OF(switches)),
    ROW(vw_attachment_record, "Options.Ipv6Support", WORD, ipv6, ONE_OF(switches)),
    ROW(vw_attachment_record, "Options.SecurityGroupReferencingSupport", WORD,
        referencing, ONE_OF(switches)),
    ROW(vw_attachment_record, "AccepterTransitGatewayAttachmentId", TEXT, accepter_id,
        OPTIONAL),
    SIDE(requester, "RequesterTgwInfo"),
    SIDE(accepter, "AccepterTgwInfo"),
};
const struct vw_schema vw_attachment_schema =
    SCHEMA("transit gateway attachment", vw_attachment_record, attachment_fields, NULL);

static const struct vw_field table_fields[] = {
    ROW(vw_transit_table_record, "TransitGatewayRouteTableId", TEXT, id, REQUIRED),
    ROW(vw_transit_table_record, "TransitGatewayId", TEXT, gateway, OPTIONAL),
    ROW(vw_transit_table_record, "Tags", NAME, name, MINOR),
    ROW(vw_transit_table_record, "State", TEXT, state, OPTIONAL),
};
const struct vw_schema vw_transit_table_schema =
    SCHEMA("transit gateway route table", vw_transit_table_record, table_fields, NULL);

/* ---- what is told of one table ---- */

static const struct vw_field routes_fields[] = {
    ROW(vw_transit_part_record, "TransitGatewayRouteTableId", TEXT, id, REQUIRED),
    ROW(vw_transit_part_record, "Routes", LIST, items, OF(route_schema)),
    ROW(vw_transit_part_record, "AdditionalRoutesAvailable", FLAG, has_more, OPTIONAL),
};
const struct vw_schema vw_transit_routes_schema =
    SCHEMA("list of transit gateway routes", vw_transit_part_record, routes_fields, NULL);

static const struct vw_field propagations_fields[] = {
    ROW(vw_transit_part_record, "TransitGatewayRouteTableId", TEXT, id, REQUIRED),
    ROW(vw_transit_part_record, "TransitGatewayRouteTablePropagations", LIST, items,
        OF(attached_schema)),
};
const struct vw_schema vw_propagations_schema =
    SCHEMA("list of transit gateway propagations", vw_transit_part_record,
           propagations_fields, NULL);

static const struct vw_field associations_fields[] = {
    ROW(vw_transit_part_record, "TransitGatewayRouteTableId", TEXT, id, REQUIRED),
    ROW(vw_transit_part_record, "Associations", LIST, items, OF(attached_schema)),
};
const struct vw_schema vw_associations_schema =
    SCHEMA("list of transit gateway associations", vw_transit_part_record,
           associations_fields, NULL);

#define ATTACHED "TransitGatewayAttachment."

static const struct vw_field list_fields[] = {
    ROW(vw_transit_list_record, "TransitGatewayRouteTableId", TEXT, id, REQUIRED),
    ROW(vw_transit_list_record, "PrefixListId", TEXT, prefix_list, REQUIRED),
    ROW(vw_transit_list_record, "State", TEXT, state, OPTIONAL),
    ROW(vw_transit_list_record, "Blackhole", FLAG, blackhole, OPTIONAL),
    ROW(vw_transit_list_record, ATTACHED "TransitGatewayAttachmentId", TEXT,
        attachment.id, OPTIONAL),
    ROW(vw_transit_list_record, ATTACHED "ResourceType", TEXT, attachment.resource_type,
        OPTIONAL),
    ROW(vw_transit_list_record, ATTACHED "ResourceId", TEXT, attachment.resource_id,
        OPTIONAL),
};
const struct vw_schema vw_transit_list_schema =
    SCHEMA("prefix list reference", vw_transit_list_record, list_fields, NULL);

/* ---- VPN ---- */

static const struct vw_field vpc_attachment_fields[] = {
    ROW(vw_id_record, "VpcId", TEXT, id, OPTIONAL),
    ROW(vw_id_record, "State", TEXT, state, OPTIONAL),
};
static const struct vw_schema vpc_attachment_schema =
    SCHEMA("attachment", vw_id_record, vpc_attachment_fields, NULL);

static const struct vw_field vpn_gateway_fields[] = {
    ROW(vw_vpn_gateway_record, "VpnGatewayId", TEXT, id, REQUIRED),
    ROW(vw_vpn_gateway_record, "Tags", NAME, name, MINOR),
    ROW(vw_vpn_gateway_record, "State", TEXT, state, OPTIONAL),
    ROW(vw_vpn_gateway_record, "VpcAttachments", LIST, attachments,
        OF(vpc_attachment_schema)),
};
const struct vw_schema vw_vpn_gateway_schema =
    SCHEMA("virtual private gateway", vw_vpn_gateway_record, vpn_gateway_fields, NULL);

CIDR_SCHEMA(vpn_route_schema, "static route",
            ROW(vw_cidr_record, "DestinationCidrBlock", PREFIX, prefix, REQUIRED),
            ROW(vw_cidr_record, "State", TEXT, state, OPTIONAL));

static const struct vw_field tunnel_fields[] = {
    ROW(vw_tunnel_record, "OutsideIpAddress", ADDRESS, outside, OPTIONAL),
    ROW(vw_tunnel_record, "Status", TEXT, status, OPTIONAL),
};
static const struct vw_schema tunnel_schema =
    SCHEMA("tunnel", vw_tunnel_record, tunnel_fields, NULL);

static const struct vw_field vpn_connection_fields[] = {
    ROW(vw_vpn_connection_record, "VpnConnectionId", TEXT, id, REQUIRED),
    ROW(vw_vpn_connection_record, "Tags", NAME, name, MINOR),
    ROW(vw_vpn_connection_record, "State", TEXT, state, OPTIONAL),
    ROW(vw_vpn_connection_record, "VpnGatewayId", TEXT, vpn_gateway, OPTIONAL),
    ROW(vw_vpn_connection_record, "TransitGatewayId", TEXT, transit_gateway, OPTIONAL),
    ROW(vw_vpn_connection_record, "Options.StaticRoutesOnly", FLAG, static_only,
        OPTIONAL),
    ROW(vw_vpn_connection_record, "Routes", LIST, routes, OF(vpn_route_schema)),
    ROW(vw_vpn_connection_record, "VgwTelemetry", LIST, tunnels, OF(tunnel_schema)),
};
const struct vw_schema vw_vpn_connection_schema =
    SCHEMA("VPN connection", vw_vpn_connection_record, vpn_connection_fields, NULL);

/* ---- Direct Connect, whose keys begin with a small letter ---- */

static const struct vw_field direct_connect_fields[] = {
    ROW(vw_direct_connect_record, "directConnectGatewayId", TEXT, id, REQUIRED),
    ROW(vw_direct_connect_record, "ownerAccount", TEXT, account, OPTIONAL),
    ROW(vw_direct_connect_record, "directConnectGatewayName", TEXT, name, MINOR),
    ROW(vw_direct_connect_record, "directConnectGatewayState", TEXT, state, OPTIONAL),
};
const struct vw_schema vw_direct_connect_schema = SCHEMA(
    "Direct Connect gateway", vw_direct_connect_record, direct_connect_fields, NULL);

CIDR_SCHEMA(allowed_schema, "allowed prefix",
            ROW(vw_cidr_record, "cidr", PREFIX, prefix, REQUIRED));

static const struct vw_field direct_connect_association_fields[] = {
    ROW(vw_direct_connect_association_record, "directConnectGatewayId", TEXT, id,
        REQUIRED),
    ROW(vw_direct_connect_association_record, "associatedGateway.id", TEXT, gateway,
        OPTIONAL),
    ROW(vw_direct_connect_association_record, "associationState", TEXT, state, OPTIONAL),
    ROW(vw_direct_connect_association_record, "allowedPrefixesToDirectConnectGateway",
        LIST, allowed, OF(allowed_schema)),
};
const struct vw_schema vw_direct_connect_association_schema =
    SCHEMA("Direct Connect gateway association", vw_direct_connect_association_record,
           direct_connect_association_fields, NULL);
