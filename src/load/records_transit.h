/* Records of transit gateways, VPN and Direct Connect; see records.h. */
#ifndef VW_LOAD_RECORDS_TRANSIT_H
#define VW_LOAD_RECORDS_TRANSIT_H

#include "load/records.h"

struct vw_transit_gateway_record {
    const char *pointer;
    const char *id, *account, *name, *state, *arn;
    int referencing; /* 1 enable, 2 disable */
};

/* One side of a transit gateway peering. */
struct vw_transit_side_record {
    const char *gateway, *account, *region;
};

/* One attachment, as three calls tell of it. */
struct vw_attachment_record {
    const char *pointer;
    const char *id, *name, *gateway, *gateway_account;
    const char *resource_type, *resource_id, *resource_account, *state;
    const char *table, *association_state;
    enum vw_flag is_common; /* of describe-transit-gateway-attachments */
    const char *vpc, *vpc_account;
    struct vw_list subnets; /* vw_id_record */
    enum vw_flag has_subnets;
    int appliance_mode, ipv6, referencing; /* 1 enable, 2 disable */
    const char *accepter_id;
    struct vw_transit_side_record requester, accepter;
};

struct vw_transit_table_record {
    const char *pointer;
    const char *id, *name, *gateway, *state;
};

/* An attachment that a route, an association or a propagation names. */
struct vw_attached_record {
    const char *pointer;
    const char *id, *resource_type, *resource_id, *state;
};

struct vw_transit_route_record {
    const char *pointer;
    struct vw_prefix destination;
    const char *prefix_list, *state;
    int type;
    struct vw_list attachments; /* vw_attached_record */
};

/* What a call tells of one table: routes, propagations or associations. */
struct vw_transit_part_record {
    const char *pointer;
    const char *id;
    struct vw_list items; /* vw_transit_route_record or vw_attached_record */
    enum vw_flag has_more;
};

struct vw_transit_list_record {
    const char *pointer;
    const char *id, *prefix_list, *state; /* the id is the table's */
    enum vw_flag blackhole;
    struct vw_attached_record attachment;
};

struct vw_vpn_gateway_record {
    const char *pointer;
    const char *id, *name, *state;
    struct vw_list attachments; /* vw_id_record */
};

struct vw_tunnel_record {
    const char *pointer;
    struct vw_address outside;
    const char *status;
};

struct vw_vpn_connection_record {
    const char *pointer;
    const char *id, *name, *state, *vpn_gateway, *transit_gateway;
    enum vw_flag static_only;
    struct vw_list routes;  /* vw_cidr_record */
    struct vw_list tunnels; /* vw_tunnel_record */
};

struct vw_direct_connect_record {
    const char *pointer;
    const char *id, *account, *name, *state;
};

struct vw_direct_connect_association_record {
    const char *pointer;
    const char *id, *gateway, *state; /* the id is the Direct Connect gateway's */
    struct vw_list allowed;           /* vw_cidr_record */
};

enum { VW_WORD_ENABLE = 1, VW_WORD_DISABLE };
enum { VW_WORD_STATIC = 1, VW_WORD_LEARNT };

extern const struct vw_schema vw_transit_gateway_schema, vw_attachment_schema,
    vw_transit_table_schema, vw_transit_routes_schema, vw_propagations_schema,
    vw_associations_schema, vw_transit_list_schema, vw_vpn_gateway_schema,
    vw_vpn_connection_schema, vw_direct_connect_schema,
    vw_direct_connect_association_schema;

#endif
