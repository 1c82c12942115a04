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

/* ---- route_choice.c ---- */

/* What a table says of some destinations. */
struct vw_route_choice {
    const struct vw_route *route;    /* the best, or NULL */
    struct vw_prefix prefix;         /* of it */
    const struct vw_route *tie;      /* an equal prefix list with another target */
    const struct vw_route *unlisted; /* leads somewhere, but its list is not known */
};

/* Into a zeroed choice. */
void vw_route_choose(const struct vw_world *world, const struct vw_route_table *table,
                     struct vw_address_range destination, struct vw_route_choice *best);

/* A list without entries or a tie: nobody can say where the packet goes. */
int vw_route_undecided(struct vw_walk *walk, struct vw_packet *packet,
                       const struct vw_route_table *table,
                       const struct vw_route_choice *choice);

/* Marks of a table, whose rule is the route. */
int vw_route_explain(struct vw_explainer *explainer, const struct vw_mark *mark);
int vw_route_explain_fields(struct vw_explainer *explainer, const struct vw_route *route);

/* ---- edge_table.c ---- */

/* Inbound traffic of a gateway, addressed to a private address of packet->vpc already:
 * where the gateway has a route table that leads it to an appliance, the packet is handed
 * over to that. *ret_taken is false where it goes to its subnet. */
int vw_edge_table_route(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_object *gateway, bool *ret_taken);

/* The subnet in which inbound traffic for `destination`, which is in `subnet`, is first. */
uint32_t vw_edge_table_subnet(const struct vw_world *world,
                              const struct vw_object *gateway,
                              struct vw_address_range destination, uint32_t subnet);

/* Marks what leaves directly by an internet gateway whose own table sends what comes back
 * to an appliance. */
int vw_edge_table_check_leaving(struct vw_walk *walk, struct vw_packet *packet,
                                const struct vw_object *gateway);

/* ---- block_public_access.c ---- */

/* The gateway by which traffic from the internet enters the VPC; marks that there is
 * none. */
int vw_internet_find_entry(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_vpc *vpc,
                           const struct vw_object **ret_gateway);

/* Whether Block Public Access stops internet traffic of the packet's subnet: if so, the
 * packet is marked. */
int vw_block_public_access(struct vw_walk *walk, struct vw_packet *packet,
                           bool outbound_only_gateway);

/* ---- the rest ---- */

/* Narrows the destinations to one special-use prefix that overlaps them, or, where the
 * first address is public, to the public space before the next one. */
int vw_internet_split_special(struct vw_walk *walk, struct vw_packet *packet,
                              bool *ret_special);

/* The table whose routes apply to the packet's subnet, or NULL where it is unknown. */
const struct vw_route_table *vw_route_table_of(const struct vw_world *world,
                                               uint32_t subnet, uint32_t vpc);

/* A route is a blackhole while its peering waits to be accepted, and no longer. */
bool vw_route_waits_for_peering(const struct vw_world *world,
                                const struct vw_route *route);

/* What else a drop at a router says: nothing joins the two VPCs. */
int vw_peering_disconnected(struct vw_walk *walk, struct vw_packet *packet);

#endif
