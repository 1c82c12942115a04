/* What the components between two ends do with a packet; see hop.c. */
#ifndef VW_REACH_HOP_H
#define VW_REACH_HOP_H

#include "reach/walk.h"

/* ---- nat_gateway.c ---- */

/* A route leads to the NAT gateway. */
int vw_nat_gateway_take(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_route *route);
/* The packet is at the gateway: by a route, or because it is addressed to it. */
int vw_nat_gateway_pass(struct vw_walk *walk, struct vw_packet *packet);
/* From the internet to an address of a regional gateway, if the first destination is one:
 * no interface owns those. */
int vw_nat_gateway_meet_regional(struct vw_walk *walk, struct vw_packet *packet,
                                 bool *ret_met);

/* ---- transit_gateway.c ---- */

int vw_transit_gateway_take(struct vw_walk *walk, struct vw_packet *packet,
                            const struct vw_route *route);
int vw_transit_gateway_enter(struct vw_walk *walk, struct vw_packet *packet);

/* Out of the gateway by attachment `by`; the packet is in it. */
int vw_transit_gateway_leave(struct vw_walk *walk, struct vw_packet *packet, uint32_t by);

/* ---- middlebox.c ---- */

int vw_middlebox_take(struct vw_walk *walk, struct vw_packet *packet,
                      const struct vw_route *route);
int vw_middlebox_pass(struct vw_walk *walk, struct vw_packet *packet);

/* ---- load_balancer.c ---- */

/* The packet is addressed to the load balancer. */
int vw_load_balancer_pass(struct vw_walk *walk, struct vw_packet *packet);
/* The load balancer to which a target's reply goes back whatever the routes say, or
 * NULL. */
const struct vw_crossing *vw_load_balancer_of_reply(const struct vw_packet *packet);
/* Takes the reply there. */
int vw_load_balancer_track(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_crossing *crossing);

/* ---- vpc_endpoint.c ---- */

/* A route leads to the endpoint. */
int vw_vpc_endpoint_take(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_route *route);
/* The packet is addressed to an interface endpoint and has come to it. */
int vw_vpc_endpoint_serve(struct vw_walk *walk, struct vw_packet *packet);

/* ---- inspection.c ---- */

/* A route leads to an endpoint of a Gateway Load Balancer or of a firewall. */
int vw_inspection_take(struct vw_walk *walk, struct vw_packet *packet, uint32_t endpoint);
int vw_inspection_pass(struct vw_walk *walk, struct vw_packet *packet);
/* Whether the endpoint sent the packet on, and nothing since did. */
bool vw_inspection_has_sent(const struct vw_world *world, const struct vw_packet *packet,
                            uint32_t endpoint);
/* The reply has arrived: whether it passed what inspected the request. */
int vw_inspection_check_reply(struct vw_walk *walk, struct vw_packet *packet);

/* ---- network_firewall.c ---- */

/* The stateless rules of a firewall, on packets that come to its endpoint. */
int vw_network_firewall_filter(struct vw_walk *walk, struct vw_packet *packet,
                               const struct vw_firewall *firewall);

#endif
