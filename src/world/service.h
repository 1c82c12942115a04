/*
 * Components that AWS runs inside a VPC: NAT gateways, VPC endpoints, load balancers with
 * their listeners and target groups, and Network Firewall.
 */
#ifndef VW_WORLD_SERVICE_H
#define VW_WORLD_SERVICE_H

#include <stddef.h>

#include <vpcwhy/address.h>

#include "world/object.h"

/* What an export may leave unsaid. */
enum vw_setting { VW_SETTING_UNKNOWN, VW_SETTING_OFF, VW_SETTING_ON };

/* ---- NAT gateways ---- */

struct vw_nat_address {
    struct vw_address private_address; /* family NONE of a regional gateway */
    struct vw_address public_address;  /* family NONE of a private gateway */
    uint32_t interface;                /* or VW_NONE */
    const char *zone;                  /* of a regional gateway, or NULL */
    const char *zone_id;               /* likewise */
    bool usable;                       /* Status "succeeded", or not said */
};

struct vw_nat_gateway {
    struct vw_object object;
    const char *state; /* "available", ... or NULL */
    uint32_t vpc;
    uint32_t subnet; /* VW_NONE of a regional gateway */
    bool is_private;
    bool is_regional;
    uint32_t route_table;             /* of a regional gateway, or VW_NONE */
    struct vw_nat_address *addresses; /* the primary one first */
    size_t address_count;
};

/* ---- VPC endpoints ---- */

enum vw_endpoint_type {
    VW_ENDPOINT_GATEWAY,
    VW_ENDPOINT_INTERFACE,
    VW_ENDPOINT_GATEWAY_LOAD_BALANCER,
    VW_ENDPOINT_OTHER /* Resource, ServiceNetwork */
};

struct vw_vpc_endpoint {
    struct vw_object object;
    enum vw_endpoint_type type;
    const char *type_name; /* as exported, or NULL */
    const char *service_name;
    const char *state; /* "available", ... or NULL */
    uint32_t vpc;
    uint32_t *subnets;
    size_t subnet_count;
    uint32_t *interfaces;
    size_t interface_count;
    uint32_t firewall; /* whose endpoint it is, or VW_NONE; set by vw_world_finish */
};

/* ---- load balancers ---- */

enum vw_balancer_type {
    VW_BALANCER_NETWORK,
    VW_BALANCER_APPLICATION,
    VW_BALANCER_GATEWAY,
    VW_BALANCER_OTHER
};

struct vw_balancer_zone {
    const char *zone; /* name */
    uint32_t subnet;
};

struct vw_load_balancer {
    struct vw_object object; /* id: the ARN; name: LoadBalancerName */
    enum vw_balancer_type type;
    bool internet_facing;
    const char *state; /* "active", ... or NULL */
    uint32_t vpc;
    struct vw_balancer_zone *zones; /* enabled */
    size_t zone_count;
    uint32_t *groups;
    size_t group_count;
    enum vw_setting cross_zone; /* load_balancing.cross_zone.enabled */
    bool listeners_exported;
    /* Set by vw_world_finish. */
    uint32_t *listeners;
    size_t listener_count;
};

/* Protocols of a listener: the IANA number(s) that it takes. */
struct vw_listener {
    struct vw_object object; /* id: the ARN */
    uint32_t load_balancer;
    uint16_t port;
    const char *protocol;    /* "TCP", "TCP_UDP", "HTTPS", ... or NULL */
    uint32_t *target_groups; /* of its default actions and its rules */
    size_t target_group_count;
    bool answers_itself; /* a redirect or a fixed response */
};

enum vw_target_type {
    VW_TARGETS_INSTANCE,
    VW_TARGETS_IP,
    VW_TARGETS_LAMBDA,
    VW_TARGETS_BALANCER /* an application load balancer */
};

struct vw_target {
    const char *id;            /* i-..., an address, an ARN */
    uint32_t instance;         /* or VW_NONE */
    struct vw_address address; /* family NONE unless the target is an address */
    uint32_t load_balancer;    /* or VW_NONE */
    uint16_t port;             /* 0: the group's */
    const char *zone;          /* name, "all", or NULL: the instance's */
    const char *health;        /* "healthy", "unhealthy", ... or NULL */
    struct vw_source source;
};

struct vw_target_group {
    struct vw_object object; /* id: the ARN; name: TargetGroupName */
    enum vw_target_type type;
    const char *protocol;
    uint16_t port; /* 0 where it has none */
    uint32_t vpc;
    bool targets_exported; /* describe-target-health */
    struct vw_target *targets;
    size_t target_count;
    enum vw_setting preserve_client_ip;
    enum vw_setting cross_zone; /* UNKNOWN: as the load balancer says */
};

/* ---- Network Firewall ---- */

struct vw_firewall {
    struct vw_object object; /* id: the ARN; name: FirewallName */
    uint32_t vpc;
    uint32_t policy;
    const char **endpoints; /* vpce-... */
    size_t endpoint_count;
};

/* What a stateless rule or a policy's default does with a packet. */
enum vw_firewall_action {
    VW_FIREWALL_UNKNOWN,
    VW_FIREWALL_PASS,
    VW_FIREWALL_DROP,
    VW_FIREWALL_FORWARD /* to the stateful rules */
};

struct vw_firewall_reference {
    uint32_t rule_group;
    int64_t priority;
};

struct vw_firewall_policy {
    struct vw_object object;                 /* id: the ARN */
    struct vw_firewall_reference *stateless; /* ascending by priority after finish */
    size_t stateless_count;
    bool has_stateful; /* rule groups or a default that is not "pass" */
    enum vw_firewall_action default_action;
};

struct vw_firewall_rule {
    int64_t priority;
    enum vw_firewall_action action;
    struct vw_prefix *sources, *destinations; /* none: any */
    size_t source_count, destination_count;
    struct vw_port_range *source_ports, *ports; /* none: any */
    size_t source_port_count, port_count;
    int *protocols; /* none: any */
    size_t protocol_count;
    bool has_tcp_flags; /* whether it matches depends on the flags of the packet */
    struct vw_source source;
};

struct vw_rule_group {
    struct vw_object object; /* id: the ARN */
    bool is_stateless;
    struct vw_firewall_rule *rules; /* ascending by priority after finish */
    size_t rule_count;
};

#endif
