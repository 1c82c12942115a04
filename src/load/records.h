/*
 * What is read of each kind of element, before it becomes part of the world: AWS's own
 * names and shapes. All zero is absent (schema.h); every record begins with the JSON
 * pointer it was read from, and its schema's first row is its id.
 */
#ifndef VW_LOAD_RECORDS_H
#define VW_LOAD_RECORDS_H

#include "load/schema.h"

/* ---- elements of nested lists ---- */

struct vw_cidr_record {
    const char *pointer;
    struct vw_prefix prefix;
    const char *state; /* of an association */
};

/* {"SubnetId": ...}, {"GroupId": ...}: one id, and the state of an association. */
struct vw_id_record {
    const char *pointer;
    const char *id;
    const char *state;
    const char *association; /* its id, or NULL */
};

struct vw_association_record {
    const char *pointer;
    enum vw_flag main;
    const char *id, *subnet, *gateway, *state;
};

struct vw_route_record {
    const char *pointer;
    struct vw_prefix ipv4, ipv6;
    const char *prefix_list;
    /* In the order in which they are looked at. */
    const char *gateway, *egress_only, *peering, *interface, *instance, *nat, *transit;
    const char *local, *carrier, *core_network, *odb_network;
    int state, origin;
};

/* UserIdGroupPairs and ReferencedGroupInfo. */
struct vw_pair_record {
    const char *pointer;
    const char *group, *account, *vpc, *peering, *peering_status;
};

struct vw_permission_record {
    const char *pointer;
    struct vw_number protocol, from, to;
    struct vw_list ipv4, ipv6;   /* vw_cidr_record */
    struct vw_list prefix_lists; /* vw_id_record */
    struct vw_list pairs;        /* vw_pair_record */
};

struct vw_entry_record {
    const char *pointer;
    struct vw_number number, protocol, from, to, icmp_type, icmp_code;
    enum vw_flag egress;
    int action; /* 1 allow, 2 deny */
    struct vw_prefix ipv4, ipv6;
};

struct vw_private_record {
    const char *pointer;
    struct vw_address address, public_address;
    enum vw_flag primary;
};

/* ---- top-level elements ---- */

struct vw_vpc_record {
    const char *pointer;
    const char *id, *account, *name;
    struct vw_prefix cidr;
    struct vw_list ipv4, ipv6; /* vw_cidr_record */
    int block_mode;
};

struct vw_subnet_record {
    const char *pointer;
    const char *id, *account, *name, *vpc, *zone, *zone_id, *arn;
    struct vw_prefix cidr;
    struct vw_list ipv6; /* vw_cidr_record */
    int block_mode;
};

struct vw_route_table_record {
    const char *pointer;
    const char *id, *account, *name, *vpc;
    struct vw_list associations; /* vw_association_record */
    struct vw_list routes;       /* vw_route_record */
};

struct vw_group_record {
    const char *pointer;
    const char *id, *account, *name, *group_name, *vpc;
    struct vw_list ingress, egress; /* vw_permission_record */
};

struct vw_group_rule_record {
    const char *pointer;
    const char *id, *group, *account, *prefix_list;
    enum vw_flag egress;
    struct vw_number protocol, from, to;
    struct vw_prefix ipv4, ipv6;
    struct vw_pair_record pair;
};

struct vw_acl_record {
    const char *pointer;
    const char *id, *account, *name, *vpc;
    enum vw_flag is_default;
    struct vw_list subnets; /* vw_id_record */
    struct vw_list entries; /* vw_entry_record */
};

struct vw_interface_record {
    const char *pointer;
    const char *id, *account, *name, *vpc, *subnet, *zone;
    const char *status, *type, *description;
    const char *instance, *instance_account, *attachment;
    struct vw_number device_index;
    enum vw_flag source_dest_check;
    struct vw_address address, public_address, ipv6_address;
    struct vw_list groups;                         /* vw_id_record */
    struct vw_list addresses;                      /* vw_private_record */
    struct vw_list ipv6, ipv4_blocks, ipv6_blocks; /* vw_cidr_record */
};

struct vw_instance_record {
    const char *pointer;
    const char *id, *account, *name, *state, *metadata, *metadata_ipv6, *vpc, *zone;
};

struct vw_side_record {
    const char *vpc, *account, *region;
    struct vw_prefix cidr;
    struct vw_list ipv4, ipv6; /* vw_cidr_record */
};

struct vw_peering_record {
    const char *pointer;
    const char *id, *name, *state;
    struct vw_side_record requester, accepter;
};

/* Internet gateways and egress-only ones. */
struct vw_gateway_record {
    const char *pointer;
    const char *id, *account, *name;
    struct vw_list attachments; /* vw_id_record */
};

struct vw_elastic_record {
    const char *pointer;
    const char *id, *name, *interface, *account, *instance;
    struct vw_address address, private_address;
};

struct vw_prefix_list_record {
    const char *pointer;
    const char *id, *account, *name, *list_name, *arn;
    struct vw_list cidrs, entries; /* vw_cidr_record */
    enum vw_flag has_entries;      /* set by the collector: an empty list is known too */
};

struct vw_flow_log_record {
    const char *pointer;
    const char *id, *name, *resource, *traffic, *format, *status;
    struct vw_number interval;
};

struct vw_block_record {
    const char *pointer;
    const char *account, *region;
    int mode;
};

struct vw_exclusion_record {
    const char *pointer;
    const char *id, *arn, *state;
    int mode;
};

/* The words of a field of type VW_FIELD_WORD, counted from 1. */
enum { VW_WORD_ACTIVE = 1, VW_WORD_BLACKHOLE, VW_WORD_FILTERED };
enum {
    VW_WORD_CREATE_TABLE = 1,
    VW_WORD_CREATE_ROUTE,
    VW_WORD_PROPAGATED,
    VW_WORD_ADVERTISED
};
enum { VW_WORD_ALLOW = 1, VW_WORD_DENY };
enum { VW_WORD_OFF = 1, VW_WORD_INGRESS, VW_WORD_BIDIRECTIONAL };
enum { VW_WORD_ALLOW_BOTH = 1, VW_WORD_ALLOW_EGRESS };

extern const struct vw_schema vw_vpc_schema, vw_subnet_schema, vw_route_table_schema,
    vw_group_schema, vw_group_rule_schema, vw_acl_schema, vw_interface_schema,
    vw_instance_schema, vw_peering_schema, vw_internet_gateway_schema,
    vw_egress_only_schema, vw_elastic_schema, vw_prefix_list_schema, vw_entries_schema,
    vw_flow_log_schema, vw_block_schema, vw_exclusion_schema;

#endif
