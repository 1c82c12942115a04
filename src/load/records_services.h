/* Records of NAT gateways, endpoints and load balancers; see records.h. */
#ifndef VW_LOAD_RECORDS_SERVICES_H
#define VW_LOAD_RECORDS_SERVICES_H

#include "load/records.h"

struct vw_nat_address_record {
    const char *pointer;
    const char *interface, *status, *zone, *zone_id;
    struct vw_address private_address, public_address;
    enum vw_flag primary;
};

struct vw_nat_record {
    const char *pointer;
    const char *id, *name, *state, *vpc, *subnet, *route_table;
    int connectivity, mode;
    struct vw_list addresses; /* vw_nat_address_record */
};

struct vw_endpoint_record {
    const char *pointer;
    const char *id, *account, *name, *type, *service, *state, *vpc;
    struct vw_list subnets, interfaces; /* vw_id_record */
};

struct vw_balancer_record {
    const char *pointer;
    const char *id, *name, *type, *state, *vpc;
    int scheme;
    struct vw_list zones;  /* vw_balancer_zone_record */
    struct vw_list groups; /* vw_id_record */
};

struct vw_balancer_zone_record {
    const char *pointer;
    const char *zone, *subnet;
};

struct vw_action_record {
    const char *pointer;
    const char *type, *group;
    struct vw_list groups; /* vw_id_record */
};

struct vw_listener_record {
    const char *pointer;
    const char *id, *balancer, *protocol;
    struct vw_number port;
    struct vw_list actions; /* vw_action_record */
};

/* A rule of a listener: the id is the rule's ARN. */
struct vw_listener_rule_record {
    const char *pointer;
    const char *id;
    struct vw_list actions; /* vw_action_record */
};

struct vw_target_group_record {
    const char *pointer;
    const char *id, *name, *protocol, *vpc;
    int type;
    struct vw_number port;
};

/* {"Key": ..., "Value": ...} */
struct vw_attribute_record {
    const char *pointer;
    const char *key, *value;
};

struct vw_health_record {
    const char *pointer;
    const char *id, *zone, *health;
    struct vw_number port;
};

/* What a call tells of one load balancer or target group: attributes, health, or that
 * its listeners were asked for. */
struct vw_balancer_part_record {
    const char *pointer;
    const char *id;       /* the ARN, or its end: "loadbalancer/net/NAME/HASH" */
    struct vw_list items; /* vw_attribute_record or vw_health_record */
};

enum { VW_WORD_PUBLIC = 1, VW_WORD_PRIVATE };
enum { VW_WORD_ZONAL = 1, VW_WORD_REGIONAL };
enum { VW_WORD_INTERNET_FACING = 1, VW_WORD_INTERNAL };

extern const struct vw_schema vw_nat_schema, vw_endpoint_schema, vw_balancer_schema,
    vw_listener_schema, vw_listener_list_schema, vw_listener_rule_schema,
    vw_target_group_schema, vw_balancer_attributes_schema, vw_group_attributes_schema,
    vw_target_health_schema;

#endif
