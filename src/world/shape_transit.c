/* The shapes of transit gateways and of what leads to networks outside AWS. */
#include "world/shape.h"

#include <stddef.h>

#define COMPARED VW_MEMBER_COMPARED
#define KEY VW_MEMBER_KEY
#define QUIET VW_MEMBER_QUIET
#define FOLLOWS VW_MEMBER_FOLLOWS
#define OBJECT(fields, type) VW_ELEMENTS(fields, struct type, VW_ELEMENT_PLAIN)

static const struct vw_member attachment_of_list[] = {{"attachment", VW_MEMBER_REFERENCE,
                                                       KEY, 0, 0, 0, NULL,
                                                       VW_OBJECT_TRANSIT_ATTACHMENT}};
static const struct vw_shape attachments =
    VW_ELEMENTS(attachment_of_list, uint32_t, VW_ELEMENT_PLAIN);

static const struct vw_member transit_gateway_fields[] = {
    VW_PLAIN(vw_transit_gateway, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_NUMBER(vw_transit_gateway, security_group_referencing,
              "security group referencing", COMPARED),
};
const struct vw_shape vw_shape_transit_gateway =
    OBJECT(transit_gateway_fields, vw_transit_gateway);

static const struct vw_member transit_attachment_fields[] = {
    VW_REFERENCE(vw_transit_attachment, gateway, "transit gateway", COMPARED,
                 TRANSIT_GATEWAY),
    VW_NUMBER(vw_transit_attachment, attachment_kind, "kind", QUIET),
    VW_PLAIN(vw_transit_attachment, resource_id, "resource", COMPARED, VW_MEMBER_TEXT),
    VW_PLAIN(vw_transit_attachment, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_REFERENCE(vw_transit_attachment, table, "associated route table", COMPARED,
                 TRANSIT_TABLE),
    VW_NUMBER(vw_transit_attachment, association_known, "known association", QUIET),
    VW_REFERENCE(vw_transit_attachment, vpc, "VPC", COMPARED, VPC),
    VW_LIST(vw_transit_attachment, subnets, subnet_count, "subnet", COMPARED,
            &vw_list_subnets),
    VW_NUMBER(vw_transit_attachment, subnets_known, "known subnets", QUIET),
    VW_NUMBER(vw_transit_attachment, appliance_mode, "appliance mode", COMPARED),
    VW_NUMBER(vw_transit_attachment, ipv6, "IPv6 support", COMPARED),
    VW_NUMBER(vw_transit_attachment, security_group_referencing,
              "security group referencing", COMPARED),
    VW_REFERENCE(vw_transit_attachment, peer_gateway, "peer transit gateway", COMPARED,
                 TRANSIT_GATEWAY),
    VW_DERIVED(vw_transit_attachment, peer),
};
const struct vw_shape vw_shape_transit_attachment =
    OBJECT(transit_attachment_fields, vw_transit_attachment);

static const struct vw_member transit_route_fields[] = {
    VW_PLAIN(vw_transit_route, destination, "destination", KEY, VW_MEMBER_PREFIX),
    VW_REFERENCE(vw_transit_route, prefix_list, "prefix list", KEY, PREFIX_LIST),
    VW_NUMBER(vw_transit_route, propagated, "propagated", KEY),
    VW_LIST(vw_transit_route, attachments, attachment_count, "attachments", COMPARED,
            &attachments),
    VW_NUMBER(vw_transit_route, blackhole, "blackhole", FOLLOWS),
    VW_NUMBER(vw_transit_route, derived, "derived", VW_MEMBER_SKIPS),
};
static const struct vw_shape transit_routes = VW_ELEMENTS_OF_EXPORT(
    transit_route_fields, vw_transit_route, VW_ELEMENT_TRANSIT_ROUTE);

static const struct vw_member transit_table_fields[] = {
    VW_REFERENCE(vw_transit_table, gateway, "transit gateway", COMPARED, TRANSIT_GATEWAY),
    VW_PLAIN(vw_transit_table, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_LIST(vw_transit_table, routes, route_count, "route", COMPARED, &transit_routes),
    VW_LIST(vw_transit_table, propagations, propagation_count, "propagating attachment",
            COMPARED, &attachments),
    VW_NUMBER(vw_transit_table, routes_exported, "exported routes", QUIET),
    VW_NUMBER(vw_transit_table, propagations_exported, "exported propagations", QUIET),
    VW_NUMBER(vw_transit_table, static_only, "static routes only", QUIET),
    VW_NUMBER(vw_transit_table, has_more, "more routes", QUIET),
};
const struct vw_shape vw_shape_transit_table =
    OBJECT(transit_table_fields, vw_transit_table);

static const struct vw_member vpn_gateway_fields[] = {
    VW_PLAIN(vw_vpn_gateway, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_REFERENCE(vw_vpn_gateway, vpc, "attached VPC", COMPARED, VPC),
};
const struct vw_shape vw_shape_vpn_gateway = OBJECT(vpn_gateway_fields, vw_vpn_gateway);

static const struct vw_member vpn_tunnel_fields[] = {
    VW_PLAIN(vw_vpn_tunnel, outside, "outside address", KEY, VW_MEMBER_ADDRESS),
    VW_PLAIN(vw_vpn_tunnel, status, "status", COMPARED, VW_MEMBER_TEXT),
};
static const struct vw_shape vpn_tunnels =
    VW_ELEMENTS(vpn_tunnel_fields, struct vw_vpn_tunnel, VW_ELEMENT_PLAIN);

static const struct vw_member vpn_connection_fields[] = {
    VW_PLAIN(vw_vpn_connection, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_REFERENCE(vw_vpn_connection, vpn_gateway, "VPN gateway", COMPARED, VPN_GATEWAY),
    VW_REFERENCE(vw_vpn_connection, transit_gateway, "transit gateway", COMPARED,
                 TRANSIT_GATEWAY),
    VW_NUMBER(vw_vpn_connection, static_only, "static routing", COMPARED),
    VW_LIST(vw_vpn_connection, routes, route_count, "static route", COMPARED,
            &vw_list_prefixes),
    VW_LIST(vw_vpn_connection, tunnels, tunnel_count, "tunnel", COMPARED, &vpn_tunnels),
};
const struct vw_shape vw_shape_vpn_connection =
    OBJECT(vpn_connection_fields, vw_vpn_connection);

static const struct vw_member association_fields[] = {
    VW_PLAIN(vw_direct_connect_association, gateway_id, "gateway", KEY, VW_MEMBER_TEXT),
    VW_PLAIN(vw_direct_connect_association, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_LIST(vw_direct_connect_association, allowed, allowed_count, "allowed prefixes",
            COMPARED, &vw_list_prefixes),
};
static const struct vw_shape associations = VW_ELEMENTS(
    association_fields, struct vw_direct_connect_association, VW_ELEMENT_PLAIN);

static const struct vw_member direct_connect_gateway_fields[] = {
    VW_PLAIN(vw_direct_connect_gateway, state, "state", COMPARED, VW_MEMBER_TEXT),
    VW_LIST(vw_direct_connect_gateway, associations, association_count, "association",
            COMPARED, &associations),
};
const struct vw_shape vw_shape_direct_connect_gateway =
    OBJECT(direct_connect_gateway_fields, vw_direct_connect_gateway);
