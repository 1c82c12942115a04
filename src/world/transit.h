/*
 * Transit gateways, and what leads to networks outside AWS: virtual private gateways, VPN
 * connections, Direct Connect gateways.
 */
#ifndef VW_WORLD_TRANSIT_H
#define VW_WORLD_TRANSIT_H

#include <stddef.h>

#include <vpcwhy/address.h>

#include "world/object.h"

struct vw_transit_gateway {
    struct vw_object object;
    const char *state; /* "available", ... or NULL */
    bool security_group_referencing;
};

enum vw_attachment_kind {
    VW_ATTACHMENT_VPC,
    VW_ATTACHMENT_VPN,
    VW_ATTACHMENT_DIRECT_CONNECT,
    VW_ATTACHMENT_PEERING,
    VW_ATTACHMENT_OTHER /* Connect, network functions, ... */
};

/*
 * Both sides of a transit gateway peering have one attachment id: they are two objects,
 * whose ids are the same and whose key in the world is ID@GATEWAY.
 */
struct vw_transit_attachment {
    struct vw_object object;
    uint32_t gateway; /* transit gateway, or VW_NONE */
    enum vw_attachment_kind attachment_kind;
    const char *resource_type; /* as exported, or NULL */
    const char
        *resource_id;       /* vpc-, vpn-, tgw-, a Direct Connect gateway's id; or NULL */
    const char *state;      /* "available", ... or NULL */
    uint32_t table;         /* associated transit gateway route table, or VW_NONE */
    bool association_known; /* that there is none is known too */
    /* Of a VPC: */
    uint32_t vpc;
    uint32_t *subnets; /* one a zone */
    size_t subnet_count;
    bool subnets_known; /* describe-transit-gateway-vpc-attachments was exported */
    bool appliance_mode;
    bool ipv6;
    bool security_group_referencing;
    /* Of a peering: */
    uint32_t peer_gateway; /* or VW_NONE */
    uint32_t peer;         /* the attachment on the other side, or VW_NONE; set by
                            * vw_world_finish */
};

struct vw_transit_route {
    struct vw_prefix destination; /* family NONE where it is a prefix list */
    uint32_t prefix_list;         /* or VW_NONE */
    bool blackhole;
    bool propagated;
    bool derived;          /* from a propagation, by vw_world_finish */
    uint32_t *attachments; /* several: equal-cost paths */
    size_t attachment_count;
    struct vw_source source;
};

struct vw_transit_table {
    struct vw_object object;
    uint32_t gateway;
    const char *state;
    struct vw_transit_route *routes; /* in the export's order, then those that
                                      * vw_world_finish derives from propagations */
    size_t route_count;
    uint32_t *propagations; /* attachments that propagate into it */
    size_t propagation_count;
    bool routes_exported;
    bool propagations_exported;
    bool static_only; /* the export tells no more of the routes than the static ones */
    bool has_more;    /* AdditionalRoutesAvailable: the routes are not all here */
    /* Attachments whose propagated routes cannot be known (BGP); set by finish. */
    bool has_unknown_propagation;
};

struct vw_vpn_gateway {
    struct vw_object object;
    const char *state;
    uint32_t vpc; /* attached, or VW_NONE */
};

struct vw_vpn_tunnel {
    struct vw_address outside; /* AWS's end */
    const char *status;        /* "UP", "DOWN" or NULL */
};

struct vw_vpn_connection {
    struct vw_object object;
    const char *state;
    uint32_t vpn_gateway;     /* or VW_NONE */
    uint32_t transit_gateway; /* or VW_NONE */
    bool static_only;         /* StaticRoutesOnly; else BGP */
    struct vw_prefix *routes; /* static routes that are available */
    size_t route_count;
    struct vw_vpn_tunnel *tunnels;
    size_t tunnel_count;
};

struct vw_direct_connect_association {
    const char *gateway_id;    /* vgw-... or tgw-... */
    const char *state;         /* "associated", ... or NULL */
    struct vw_prefix *allowed; /* prefixes of AWS told to the customer */
    size_t allowed_count;
};

struct vw_direct_connect_gateway {
    struct vw_object object;
    const char *state;
    struct vw_direct_connect_association *associations;
    size_t association_count;
};

#endif
