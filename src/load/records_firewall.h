/* Records of AWS Network Firewall; see records.h. */
#ifndef VW_LOAD_RECORDS_FIREWALL_H
#define VW_LOAD_RECORDS_FIREWALL_H

#include "load/records.h"

struct vw_firewall_record {
    const char *pointer;
    const char *id, *name, *vpc, *policy;
    struct vw_list endpoints; /* vw_id_record */
};

struct vw_group_reference_record {
    const char *pointer;
    const char *id;
    struct vw_number priority;
};

struct vw_policy_record {
    const char *pointer;
    const char *id;
    struct vw_list stateless; /* vw_group_reference_record */
    struct vw_list stateful;  /* vw_group_reference_record */
    struct vw_list actions;   /* vw_id_record, of stateless traffic */
    struct vw_list stateful_actions;
};

struct vw_ports_record {
    const char *pointer;
    struct vw_number from, to;
};

struct vw_protocol_record {
    const char *pointer;
    struct vw_number number;
};

struct vw_flags_record {
    const char *pointer;
    enum vw_flag has_flags;
};

struct vw_stateless_record {
    const char *pointer;
    struct vw_number priority;
    struct vw_list sources, destinations; /* vw_cidr_record */
    struct vw_list source_ports, ports;   /* vw_ports_record */
    struct vw_list protocols;             /* vw_protocol_record */
    struct vw_list flags;                 /* vw_flags_record */
    struct vw_list actions;               /* vw_id_record */
};

struct vw_rule_group_record {
    const char *pointer;
    const char *id, *name, *type;
    struct vw_list rules; /* vw_stateless_record */
};

extern const struct vw_schema vw_firewall_schema, vw_policy_schema, vw_rule_group_schema;

#endif
