/*
 * A second, naive evaluator, written from AWS's documentation alone: one packet, plain
 * loops over the whole world, no boxes, no indexes, and no code of src/reach. It stops at
 * the first thing that drops the packet and at the first that nobody can know.
 *
 * Where AWS chooses (a target of a load balancer, a source port of a NAT gateway, a zone
 * behind a transit gateway) every way is walked. What comes of them is a set of bits.
 */
#ifndef NAIVE_H
#define NAIVE_H

#include <stdbool.h>

#include "base/address.h"
#include "world/world.h"

enum {
    NAIVE_PASSES = 1,
    NAIVE_BLOCKED = 2,
    NAIVE_UNKNOWN = 4,
    NAIVE_OPEN = 8 /* some ways were by zones that AWS chooses */
};

struct naive_packet {
    struct vw_address source, destination;
    int protocol;
    uint16_t source_port, port; /* ICMP: type and code */
};

/* From the interface `sender`, VW_NONE outside, and, unless `one_way`, back. */
unsigned naive_ask(const struct vw_world *world, const struct naive_packet *packet,
                   uint32_t sender, bool one_way);

/* ---- within the evaluator ---- */

enum { NAIVE_HOPS = 24, NAIVE_CROSSINGS = 30 };

/* How a packet leaves AWS, or comes. */
enum naive_way { NAIVE_INTERNET, NAIVE_ENDPOINT, NAIVE_VPN, NAIVE_ATTACHMENT };

/* A component that the request passed, and the packet as it came to it. */
struct naive_crossing {
    enum { NAIVE_NAT, NAIVE_BALANCER, NAIVE_BOX } kind;
    uint32_t index;     /* of the gateway or balancer */
    uint32_t interface; /* or VW_NONE */
    uint32_t subnet;
    struct naive_packet before;
    bool changes_source, changes_destination;
    bool takes_replies; /* of its target, wherever that sends them */
    bool from_internet; /* as the packet's own field was */
};

struct naive {
    const struct vw_world *world;
    struct naive_packet packet;
    bool one_way;
    bool reply;
    bool just_turned;    /* the reply has not left its sender yet */
    uint32_t a, b;       /* interfaces of the ends, VW_NONE outside */
    uint32_t sender;     /* interface that sent it or sent it on, or VW_NONE */
    uint32_t vpc;        /* where the packet is */
    uint32_t subnet;     /* or VW_NONE */
    uint32_t table;      /* that routes instead of the subnet's, or VW_NONE */
    uint32_t zone_of;    /* subnet by which it came into a transit gateway, or VW_NONE */
    bool identity;       /* the sender's groups are known */
    bool forwarded;      /* by a middlebox, which may translate */
    bool from_internet;  /* the request entered B's VPC by an internet gateway */
    bool by_egress_only; /* the request left by an egress-only gateway */
    enum naive_way left_by;    /* the request, last */
    uint32_t left_index;       /* the endpoint, gateway or attachment */
    enum naive_way came_how;   /* NAIVE_VPN or NAIVE_ATTACHMENT, where `came_by` is set */
    uint32_t came_by;          /* gateway or attachment of the request, or VW_NONE */
    uint32_t sent_by_endpoint; /* of inspection, and by nothing since; or VW_NONE */
    unsigned char inspected[2]; /* endpoints passed by request and reply, by number */
    unsigned hops;
    unsigned char left[8]; /* how often by each attachment, as it is addressed now */
    struct naive_crossing crossings[NAIVE_CROSSINGS];
    size_t crossing_count;
};

/* naive_filter.c */
const struct vw_interface *naive_interface(const struct naive *s, uint32_t index);
bool naive_alive(const struct naive *s, uint32_t interface);
/* Whether the groups of the interface let the packet pass; of a reply, whether they have
 * seen its request or do. */
bool naive_groups(const struct naive *s, uint32_t interface, bool egress);
bool naive_acl(const struct naive *s, uint32_t subnet, bool egress);
bool naive_in_vpc(const struct naive *s, uint32_t vpc, struct vw_address address);
bool naive_in_subnet(const struct naive *s, uint32_t subnet, struct vw_address address);
/* Who has `address`, privately in `vpc`, or VW_NONE; *ret_entry may be NULL. */
uint32_t naive_owner(const struct naive *s, uint32_t vpc, struct vw_address address,
                     size_t *ret_entry);
/* The newest crossing of that interface, or NULL. */
const struct naive_crossing *naive_crossed(const struct naive *s, uint32_t interface);

/* naive_route.c: NULL for none; *ret_tie where two are as good. */
const struct vw_route *naive_route(const struct naive *s, bool *ret_tie);

/* naive_gateways.c */
unsigned naive_leave_by_gateway(struct naive s, uint32_t gateway);
unsigned naive_leave_by_egress_only(struct naive s, uint32_t gateway);
unsigned naive_enter(struct naive s);
unsigned naive_peering(struct naive s, uint32_t peering);
unsigned naive_nat_out(struct naive s, uint32_t gateway);
unsigned naive_nat_back(struct naive s, uint32_t gateway);
unsigned naive_box(struct naive s, uint32_t interface);

/* naive_transit.c */
unsigned naive_transit(struct naive s, uint32_t gateway);

/* naive_balancer.c */
unsigned naive_balance(struct naive s, uint32_t interface);
/* The reply of a target that has come back to `interface`. */
unsigned naive_balance_back(struct naive s, uint32_t interface);

/* naive_endpoint.c: by a route; to an interface of one. */
unsigned naive_endpoint(struct naive s, uint32_t endpoint);
unsigned naive_serve(struct naive s, uint32_t interface);
/* The reply of a service behind a gateway endpoint. */
unsigned naive_endpoint_back(struct naive s, uint32_t endpoint);

/* naive_vpn.c: out of a VPC; into one, from a network outside or as a reply from there. */
unsigned naive_leave_by_vpn(struct naive s, uint32_t gateway);
unsigned naive_enter_by_vpn(struct naive s, uint32_t gateway);
/* The declared network that has the address, and the gateway that leads there. */
const struct vw_customer_network *naive_network(const struct naive *s,
                                                struct vw_address address);
uint32_t naive_way_of(const struct naive *s, const struct vw_customer_network *network,
                      enum naive_way *ret);
/* The same by an attachment of a transit gateway. */
unsigned naive_leave_by_attachment(struct naive s, uint32_t attachment);
unsigned naive_enter_by_attachment(struct naive s, uint32_t attachment);
/* naive_transit.c: in by an attachment, to where its table says. */
unsigned naive_transit_pass(struct naive s, uint32_t by);

/* naive_edge.c: whether the gateway's own route table leads what comes in elsewhere than to
 * its owner, and how it fares then; whether what leaves would not come back as it goes. */
bool naive_is_redirected(const struct naive *s, const char *gateway);
unsigned naive_redirect(struct naive s, const struct vw_object *gateway);
bool naive_goes_round(const struct naive *s, const char *gateway);

/* naive.c: from the subnet that it is in; to the owner of its destination in its VPC; to
 * an interface, past the ACL of that one's subnet or not. */
unsigned naive_send(struct naive s);
unsigned naive_send_inspected(struct naive s, uint32_t endpoint);
unsigned naive_deliver(struct naive s, bool past_acl);
unsigned naive_hand(struct naive s, uint32_t interface, bool past_acl);
/* At its end, which answers. */
unsigned naive_arrive(struct naive s, uint32_t interface);
/* To somebody outside, who answers. */
unsigned naive_hand_outside(struct naive s);
/* Under any source port that a translator may take. */
unsigned naive_send_any_port(struct naive s);
struct naive_crossing *naive_cross(struct naive *s, uint32_t interface);
/* The reply as it was before that crossing of `s` and all newer ones. */
void naive_undo(struct naive *s, const struct naive_crossing *crossing);

#endif
