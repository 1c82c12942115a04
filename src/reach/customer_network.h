/*
 * Networks of the user's own behind virtual private gateways and transit gateways. What is
 * there is in no export: a rules file declares it.
 *
 * A way to such a network is a struct vw_passage: VW_TARGET_VPN_GATEWAY with the gateway's
 * index, or VW_TARGET_TRANSIT_GATEWAY with that of an attachment.
 */
#ifndef VW_REACH_CUSTOMER_NETWORK_H
#define VW_REACH_CUSTOMER_NETWORK_H

#include "reach/walk.h"

/* ---- customer_network.c ---- */

/* The most specific declared prefix that overlaps `range`, to *ret_prefix, and its
 * network; NULL where there is none. */
const struct vw_customer_network *vw_customer_network_of(const struct vw_world *world,
                                                         struct vw_address_range range,
                                                         struct vw_prefix *ret_prefix);

/* By name; NULL where none has it. */
const struct vw_customer_network *vw_customer_network_named(const struct vw_world *world,
                                                            const char *name);

/* The packet has left AWS by `way`, for `network` or, NULL, for one that nobody declared;
 * `carrier` is the VPN connection or the gateway that took it. */
int vw_customer_network_arrive(struct vw_walk *walk, struct vw_packet *packet,
                               struct vw_passage way, const struct vw_object *carrier,
                               const struct vw_customer_network *network);

/* ---- vpn_connection.c ---- */

/* What may carry a packet from a virtual private gateway. */
struct vw_vpn_choice {
    const struct vw_object *carrier; /* VPN connection or Direct Connect gateway */
    struct vw_prefix prefix; /* the carrier's static route; family NONE: not limited */
    const struct vw_object *down;    /* a VPN connection that does not work */
    const struct vw_object *limited; /* whose static routes do not cover the packet */
    size_t count; /* connections of the gateway, whatever their state */
};

/* `via` limits it to that connection, Direct Connect gateway or virtual private gateway;
 * NULL does not. */
void vw_vpn_choose(const struct vw_world *world, uint32_t gateway, const char *via,
                   struct vw_address_range destination, struct vw_vpn_choice *choice);

/* Whether a VPN connection carries anything: available, and not every tunnel down. */
bool vw_vpn_works(const struct vw_vpn_connection *connection);

/* The next way after *way that `via` names, or NULL: any; begin with VW_TARGET_LOCAL. */
bool vw_vpn_next_way(const struct vw_world *world, const char *via,
                     struct vw_passage *way);

const struct vw_object *vw_vpn_way_object(const struct vw_world *world,
                                          struct vw_passage way);

/* ---- vpn_gateway.c ---- */

/* A route leads to the virtual private gateway. */
int vw_vpn_gateway_take(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_route *route);
/* From a customer network into the VPC of the gateway. */
int vw_vpn_gateway_enter(struct vw_walk *walk, struct vw_packet *packet, uint32_t index);

/* ---- vpn_attachment.c ---- */

/* Out of a transit gateway by an attachment of a VPN connection or Direct Connect. */
int vw_vpn_attachment_leave(struct vw_walk *walk, struct vw_packet *packet, uint32_t by);
/* From a customer network into the transit gateway. */
int vw_vpn_attachment_enter(struct vw_walk *walk, struct vw_packet *packet, uint32_t by);

#endif
