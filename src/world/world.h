/*
 * The exported network, typed and indexed. A loader fills it (vw_world_refer, then the
 * fields of the object), vw_world_finish resolves and sorts, and from then on it is read
 * only. All text and all lists belong to the world's arena.
 */
#ifndef VW_WORLD_WORLD_H
#define VW_WORLD_WORLD_H

#include <vpcwhy/address.h>
#include <vpcwhy/world.h>

#include "base/arena.h"
#include "base/map.h"
#include "world/iam.h"
#include "world/object.h"
#include "world/service.h"
#include "world/transit.h"

/* ---- VPCs and subnets ---- */

/* BlockPublicAccessStates.InternetGatewayBlockMode; UNSET where the export lacks it. */
enum vw_block_mode {
    VW_BLOCK_UNSET,
    VW_BLOCK_OFF,
    VW_BLOCK_INGRESS,
    VW_BLOCK_BIDIRECTIONAL
};

struct vw_vpc {
    struct vw_object object;
    struct vw_prefix *cidrs; /* IPv4 and IPv6, state "associated" only */
    size_t cidr_count;
    enum vw_block_mode block_public_access;
    /* The export was made with describe-network-interfaces, so that an address which no
     * interface owns belongs to nobody. */
    bool interfaces_exported;
    /* Internet gateways were exported, but not those of this VPC's account and Region. */
    bool gateways_missing;
    /* Set by vw_world_finish; VW_NONE where there is none. */
    uint32_t main_route_table;
    uint32_t internet_gateway;    /* attached */
    uint32_t egress_only_gateway; /* attached */
};

struct vw_subnet {
    struct vw_object object;
    uint32_t vpc;
    struct vw_prefix *cidrs; /* one IPv4 at most, any number of IPv6 */
    size_t cidr_count;
    const char *zone;    /* "us-east-1a", or NULL */
    const char *zone_id; /* "use1-az1", the same in every account, or NULL */
    enum vw_block_mode block_public_access;
    /* Set by the loader from the associations of tables and ACLs. */
    uint32_t route_table;                /* explicit association, or VW_NONE */
    uint32_t network_acl;                /* or VW_NONE */
    const char *route_table_association; /* rtbassoc-..., or NULL */
    const char *network_acl_association; /* aclassoc-..., or NULL */
};

/* ---- route tables ---- */

/* What a route leads to. name, prefix of the id in the export, noun, kind of the object
 * (VW_OBJECT_KINDS: the world has none) */
#define VW_TARGET_LIST(X)                                                                \
    X(VW_TARGET_LOCAL, "local", "local route", VW_OBJECT_KINDS)                          \
    X(VW_TARGET_INTERNET_GATEWAY, "igw-", "internet gateway",                            \
      VW_OBJECT_INTERNET_GATEWAY)                                                        \
    X(VW_TARGET_EGRESS_ONLY_GATEWAY, "eigw-", "egress-only internet gateway",            \
      VW_OBJECT_EGRESS_ONLY_GATEWAY)                                                     \
    X(VW_TARGET_PEERING, "pcx-", "VPC peering connection", VW_OBJECT_PEERING)            \
    X(VW_TARGET_NAT_GATEWAY, "nat-", "NAT gateway", VW_OBJECT_NAT_GATEWAY)               \
    X(VW_TARGET_TRANSIT_GATEWAY, "tgw-", "transit gateway", VW_OBJECT_TRANSIT_GATEWAY)   \
    X(VW_TARGET_VPN_GATEWAY, "vgw-", "virtual private gateway", VW_OBJECT_VPN_GATEWAY)   \
    X(VW_TARGET_ENDPOINT, "vpce-", "VPC endpoint", VW_OBJECT_VPC_ENDPOINT)               \
    X(VW_TARGET_INTERFACE, "eni-", "network interface", VW_OBJECT_INTERFACE)             \
    X(VW_TARGET_INSTANCE, "i-", "instance", VW_OBJECT_INSTANCE)                          \
    X(VW_TARGET_CARRIER_GATEWAY, "cagw-", "carrier gateway", VW_OBJECT_KINDS)            \
    X(VW_TARGET_LOCAL_GATEWAY, "lgw-", "local gateway", VW_OBJECT_KINDS)                 \
    X(VW_TARGET_CORE_NETWORK, "arn:", "core network", VW_OBJECT_KINDS)                   \
    X(VW_TARGET_OTHER, "", "target", VW_OBJECT_KINDS)

enum vw_target_kind {
#define VW_X(name, prefix, noun, object) name,
    VW_TARGET_LIST(VW_X)
#undef VW_X
};
const char *vw_target_noun(enum vw_target_kind kind);
/* The kind of object that a target is; false where the world has no such kind. */
bool vw_target_object(enum vw_target_kind kind, enum vw_object_kind *ret);
/* By the prefix of the id; VW_TARGET_OTHER where none fits. */
enum vw_target_kind vw_target_kind_of(const char *id);

enum vw_route_state { VW_ROUTE_ACTIVE, VW_ROUTE_BLACKHOLE, VW_ROUTE_FILTERED };

/* In the order in which AWS prefers them for equal prefixes. */
enum vw_route_origin {
    VW_ORIGIN_LOCAL,       /* CreateRouteTable */
    VW_ORIGIN_STATIC,      /* CreateRoute with a CIDR */
    VW_ORIGIN_PREFIX_LIST, /* CreateRoute with a prefix list */
    VW_ORIGIN_PROPAGATED   /* EnableVgwRoutePropagation and the like */
};

struct vw_route {
    struct vw_prefix destination; /* family NONE where it is a prefix list */
    uint32_t prefix_list;         /* or VW_NONE */
    enum vw_target_kind target_kind;
    const char *target_id;
    uint32_t target; /* index into the table of the target's kind, where the world has
                      * that kind; else VW_NONE */
    enum vw_route_state state;
    enum vw_route_origin origin;
    struct vw_source source;
};

struct vw_route_table {
    struct vw_object object;
    uint32_t vpc;
    struct vw_route *routes; /* in the export's order */
    size_t route_count;
    bool main;
    struct vw_source main_source;
    const char *gateway_id; /* edge association (igw-, vgw-), or NULL */
};

/* ---- security groups and network ACLs ---- */

enum vw_peer_kind { VW_PEER_PREFIX, VW_PEER_PREFIX_LIST, VW_PEER_GROUP };

/* One source (or destination) of one permission. `from` and `to` are ports, or ICMP type
 * and code; -1 is any. */
struct vw_group_rule {
    int protocol; /* IANA number, -1 all */
    int32_t from, to;
    enum vw_peer_kind peer_kind;
    struct vw_prefix prefix;
    uint32_t prefix_list;
    uint32_t group;
    const char *peering_id;     /* of a group in a peered VPC, or NULL */
    const char *peering_status; /* as exported, or NULL */
    const char *rule_id;        /* sgr-..., or NULL */
    struct vw_source source;
};

struct vw_group_rules {
    struct vw_group_rule *items;
    size_t count;
};

/* Of a rule as much as tells most packets that it is not for them: a twelfth of it, so
 * that looking through a group touches few lines of memory. */
struct vw_rule_key {
    int16_t protocol;     /* -1 all */
    uint16_t first, last; /* destination ports; all of them where ports do not decide */
};

struct vw_security_group {
    struct vw_object object;
    const char *group_name;
    uint32_t vpc;
    struct vw_group_rules ingress;
    struct vw_group_rules egress;
    /* One a rule; set by vw_world_finish, NULL after a change. */
    struct vw_rule_key *ingress_keys;
    struct vw_rule_key *egress_keys;
};

struct vw_acl_entry {
    int32_t number;
    bool allow;
    int protocol;     /* IANA number, -1 all */
    int32_t from, to; /* ports, or ICMP type and code; -1 any */
    struct vw_prefix prefix;
    struct vw_source source;
};

struct vw_acl_entries {
    struct vw_acl_entry *items; /* ascending by number after vw_world_finish */
    size_t count;
};

struct vw_network_acl {
    struct vw_object object;
    uint32_t vpc;
    bool is_default;
    struct vw_acl_entries ingress;
    struct vw_acl_entries egress;
};

/* ---- interfaces and instances ---- */

/* What stands behind an interface. */
enum vw_interface_role {
    VW_ROLE_HOST,            /* an instance, a container, a managed database */
    VW_ROLE_NAT_GATEWAY,     /* service: NAT gateway */
    VW_ROLE_LOAD_BALANCER,   /* service: load balancer */
    VW_ROLE_VPC_ENDPOINT,    /* service: VPC endpoint, an interface or a GWLB one */
    VW_ROLE_TRANSIT_GATEWAY, /* of an attachment */
    VW_ROLE_OUTBOUND_ONLY,   /* AWS Lambda: begins connections, takes none */
    VW_ROLE_OTHER            /* a service whose behaviour is not modelled */
};

struct vw_interface_address {
    struct vw_prefix prefix;          /* one address, or a delegated prefix */
    struct vw_address public_address; /* family NONE where it has none */
    bool primary;
};

/* Groups that stand in the interface itself: more than five are a raised quota. */
#define VW_GROUPS_INSIDE 5

/* What every walk reads stands together behind the head, for the rest to stay out of the
 * processor's cache. */
struct vw_interface {
    struct vw_object object;
    uint32_t vpc;
    uint32_t subnet;
    uint32_t instance; /* or VW_NONE */
    /* Set by vw_world_finish. */
    uint32_t service; /* index of the role's object, or VW_NONE */
    enum vw_interface_role role;
    bool
        is_up; /* attached, and its instance runs or is not exported; false: look closer */
    bool source_dest_check;
    uint32_t
        *groups; /* security groups; the loader's, or NULL: they are in groups_inside,
                       * to which vw_world_finish lets this point wherever they fit */
    size_t group_count;
    uint32_t groups_inside[VW_GROUPS_INSIDE];
    int32_t device_index;                   /* or -1 */
    struct vw_interface_address *addresses; /* the primary IPv4 address first */
    size_t address_count;
    const char *status;      /* "in-use", "available", ... or NULL */
    const char *attachment;  /* "attached", ... or NULL */
    const char *type;        /* "interface", "nat_gateway", ... or NULL */
    const char *description; /* or NULL */
};

/* Whether the interface takes part in traffic, as far as the export says. */
bool vw_interface_is_attached(const struct vw_interface *interface);

struct vw_instance {
    struct vw_object object;
    const char *state;             /* "running", ... or NULL */
    bool metadata_disabled;        /* MetadataOptions.HttpEndpoint */
    enum vw_setting metadata_ipv6; /* MetadataOptions.HttpProtocolIpv6 */
    uint32_t *interfaces;          /* by device index; set by vw_world_finish */
    size_t interface_count;
};

/* ---- gateways, peerings and the rest ---- */

struct vw_peering_side {
    uint32_t vpc;
    const char *account; /* or NULL */
    const char *region;  /* or NULL */
    struct vw_prefix *cidrs;
    size_t cidr_count;
};

struct vw_peering {
    struct vw_object object;
    const char *state; /* Status.Code, "active", "pending-acceptance", ... or NULL */
    struct vw_peering_side requester;
    struct vw_peering_side accepter;
};

struct vw_internet_gateway {
    struct vw_object object;
    uint32_t vpc; /* attached ("available" or "attached"), or VW_NONE */
};

struct vw_egress_only_gateway {
    struct vw_object object;
    uint32_t vpc;
};

struct vw_elastic_address {
    struct vw_object object; /* id: the AllocationId, else the address */
    struct vw_address address;
    uint32_t interface; /* or VW_NONE */
};

struct vw_prefix_list {
    struct vw_object object;
    struct vw_prefix *prefixes;
    size_t prefix_count;
    bool entries_known;
};

struct vw_flow_log {
    struct vw_object object;
    const char *resource_id;  /* vpc-, subnet-, eni-, ... or NULL */
    const char *traffic_type; /* ACCEPT, REJECT, ALL or NULL */
    const char *log_format;   /* or NULL: default */
    const char *status;       /* ACTIVE or NULL */
    int64_t interval;         /* MaxAggregationInterval in seconds, 0 where unset */
    /* Where its records go, as exported; each NULL where it is not said. */
    const char *destination_type; /* cloud-watch-logs, s3, kinesis-data-firehose */
    const char *destination;      /* ARN of the log group, the bucket and folder, ... */
    const char *group_name;       /* of the log group */
    const char *role;             /* DeliverLogsPermissionArn */
    const char *cross_role;       /* DeliverCrossAccountRole */
    const char *delivery_status;  /* SUCCESS, FAILED */
    const char *delivery_error;   /* "Access error", ... */
    bool has_hive_prefixes;       /* DestinationOptions.HiveCompatiblePartitions */
};

/* ---- the world ---- */

/* A top-level key that was read but whose objects the walk does not know. */
struct vw_other_key {
    const char *key;
    const char *command; /* that prints it */
    size_t count;
};

/* A public address of an AWS service's component that no interface owns: of a NAT gateway
 * that is gone or is regional, or a VPN tunnel's end. */
struct vw_service_address {
    struct vw_address address;
    const char *id;
};

/* One exported exclusion from VPC Block Public Access. */
struct vw_block_exclusion {
    const char *resource_id; /* vpc-... or subnet-... */
    bool egress_only;        /* allow-egress; else allow-bidirectional */
    bool is_settled;         /* in force; else being made, changed or removed */
    struct vw_source source;
};

/* A network of the user's own, outside AWS: declared in a rules file, in no export. */
struct vw_customer_network {
    const char *name;
    struct vw_prefix *prefixes;
    size_t prefix_count;
    const char *via; /* vgw-, vpn-, tgw-attach- or Direct Connect gateway id; or NULL */
    struct vw_source source;
};

/* One exported VpcBlockPublicAccessOptions. */
struct vw_block_options {
    const char *account;
    const char *region;
    enum vw_block_mode mode;
    struct vw_source source;
};

struct vw_table {
    unsigned char *items;
    size_t size; /* of one element */
    uint32_t count;
    uint32_t capacity;
    bool borrowed; /* the items belong to the world this one was cloned from */
};

/* One owned private address range of a VPC, or one public address. */
struct vw_owner {
    uint32_t vpc;
    uint32_t interface;
    uint32_t entry; /* index into the interface's addresses */
    bool is_alone;  /* one address, which no other range of its VPC covers */
    struct vw_address_range range;
};

/* Where the owner of a single address stands. */
struct vw_owner_slot {
    uint32_t tag;       /* of the address */
    uint32_t index;     /* 1 + that of the first such owner; 0: free */
    uint32_t interface; /* of that owner */
};

struct vw_owners {
    struct vw_owner *items;
    size_t count;
    /* A single address that no slot has is owned by a range, if at all. */
    struct vw_owner_slot *slots; /* by a hash of the address; NULL: all are searched */
    size_t slot_count;           /* a power of two */
    uint32_t *ranges;            /* the owners of more than one address, ascending */
    size_t range_count;
};

/* A peering under its two VPCs, the lower index first. */
struct vw_peering_pair {
    uint32_t low, high;
    uint32_t peering;
};

/* Addresses that lie in CIDRs of the same exported VPCs. */
struct vw_vpc_span {
    struct vw_address_range range;
    uint32_t vpc; /* VW_NONE: of several */
};

struct vw_input_file {
    const char *path;
    char sha256[65]; /* lower-case hex, "" where the input has none */
};

struct vw_world {
    struct vw_arena arena;
    const struct vw_world *parent; /* of a clone; NULL else */
    struct vw_table tables[VW_OBJECT_KINDS];
    struct vw_map ids[VW_OBJECT_KINDS];
    /* Built by vw_world_finish. */
    struct vw_owners by_vpc;               /* private and IPv6: by VPC, then address */
    struct vw_owners by_address;           /* private and IPv6: by address, then VPC */
    struct vw_owners by_public;            /* public IPv4: by address */
    struct vw_peering_pair *peering_pairs; /* ascending */
    size_t peering_pair_count;
    struct vw_vpc_span *vpc_spans; /* ascending, disjoint */
    size_t vpc_span_count;
    uint32_t *edge_tables; /* route tables of gateways */
    size_t edge_table_count;
    uint32_t *loose_addresses; /* Elastic IP addresses of no interface, by address */
    size_t loose_address_count;
    bool has_hidden_interfaces; /* of some exported VPC they were not exported */
    /* Filled by the loader. */
    bool kind_exported[VW_OBJECT_KINDS]; /* the kind's key was met, be it empty */
    struct vw_other_key *others;
    size_t other_count;
    struct vw_service_address *services;
    size_t service_count;
    struct vw_block_options *block_options;
    size_t block_options_count;
    struct vw_block_exclusion *block_exclusions;
    size_t block_exclusion_count;
    bool block_exclusions_exported;
    struct vw_customer_network *networks; /* see vw_world_declare_networks */
    size_t network_count;
    struct vw_iam iam;
    struct vw_input_file *files;
    size_t file_count;
};

/* NULL when out of memory. */
struct vw_world *vw_world_create(void);

/* The index of the object `id` of `kind`, made (not exported) where there is none yet.
 * `id` is copied. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_world_refer(struct vw_world *world, enum vw_object_kind kind, const char *id,
                   uint32_t *ret_index);

/* The same for an `id` that is in the world's arena already. */
int vw_world_refer_kept(struct vw_world *world, enum vw_object_kind kind, const char *id,
                        uint32_t *ret_index);

/* False where no object of `kind` has that id. */
bool vw_world_find(const struct vw_world *world, enum vw_object_kind kind, const char *id,
                   uint32_t *ret_index);

static inline uint32_t vw_world_count(const struct vw_world *world,
                                      enum vw_object_kind kind)
{
    return world->tables[kind].count;
}

static inline const struct vw_object *vw_world_object(const struct vw_world *world,
                                                      enum vw_object_kind kind,
                                                      uint32_t index)
{
    const struct vw_table *table = &world->tables[kind];

    return (const struct vw_object *)(const void *)(table->items +
                                                    (size_t)index * table->size);
}

/* vw_world_vpc(world, index) to read, vw_world_edit_vpc(world, index) to fill in; the
 * latter is for loaders, and its pointer is valid until the next vw_world_refer. */
#define VW_X(suffix, name, noun, key, command)                                           \
    static inline const struct vw_##name *vw_world_##name(const struct vw_world *world,  \
                                                          uint32_t index)                \
    {                                                                                    \
        return (const struct vw_##name *)vw_world_object(world, VW_OBJECT_##suffix,      \
                                                         index);                         \
    }                                                                                    \
    struct vw_##name *vw_world_edit_##name(struct vw_world *world, uint32_t index);
VW_OBJECT_LIST(VW_X)
#undef VW_X

/* Adds networks that are in no export, and copies all that they hold. After loading, before
 * anything is asked. 0 or VW_ERROR_NO_MEMORY. */
int vw_world_declare_networks(struct vw_world *world,
                              const struct vw_customer_network *networks, size_t count);

/* Resolves what objects say of each other (main tables, attached gateways, interfaces of
 * an instance, regions) and builds the indexes. Once, after loading. */
int vw_world_finish(struct vw_world *world);

#endif
