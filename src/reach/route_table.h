/* What a route leads to: one evaluator a target, each in the file of its component. */
#ifndef VW_REACH_ROUTE_TABLE_H
#define VW_REACH_ROUTE_TABLE_H

#include "reach/walk.h"

/* Each takes a packet that a route handed over and sets its next stage. */
int vw_internet_gateway_leave(struct vw_walk *walk, struct vw_packet *packet,
                              const struct vw_route *route);
int vw_egress_only_gateway_leave(struct vw_walk *walk, struct vw_packet *packet,
                                 const struct vw_route *route);
int vw_peering_cross(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_route *route);

/* Narrows the destinations to one special-use prefix that overlaps them, or, where the
 * first address is public, to the public space before the next one. */
int vw_internet_split_special(struct vw_walk *walk, struct vw_packet *packet,
                              bool *ret_special);

/* Whether Block Public Access stops internet traffic of the packet's subnet: if so, the
 * packet is marked. */
int vw_block_public_access(struct vw_walk *walk, struct vw_packet *packet,
                           bool outbound_only_gateway);

/* The table whose routes apply to the packet's subnet, or NULL where it is unknown. */
const struct vw_route_table *vw_route_table_of(const struct vw_world *world,
                                               uint32_t subnet, uint32_t vpc);

/* A route is a blackhole while its peering waits to be accepted, and no longer. */
bool vw_route_waits_for_peering(const struct vw_world *world,
                                const struct vw_route *route);

/* What else a drop at a router says: nothing joins the two VPCs. */
int vw_peering_disconnected(struct vw_walk *walk, struct vw_packet *packet);

#endif
