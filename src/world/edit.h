/*
 * Changed copies of a world, for proving a fix. A clone shares everything with its parent
 * but the tables that were changed; it must not outlive the parent.
 */
#ifndef VW_WORLD_EDIT_H
#define VW_WORLD_EDIT_H

#include "world/world.h"

/* NULL when out of memory; freed with vw_world_free. */
struct vw_world *vw_world_clone(const struct vw_world *parent);

/* Each returns 0 or VW_ERROR_NO_MEMORY. */

/* Adds a route, in place of one with the same destination if there is any. */
int vw_edit_route(struct vw_world *clone, uint32_t table, const struct vw_route *route);
int vw_edit_group_rule(struct vw_world *clone, uint32_t group, bool egress,
                       const struct vw_group_rule *rule);
/* The entries stay sorted; one of the same number is replaced. */
int vw_edit_acl_entry(struct vw_world *clone, uint32_t acl, bool egress,
                      const struct vw_acl_entry *entry);
int vw_edit_peering_state(struct vw_world *clone, uint32_t peering, const char *state);
/* An active peering that is known by no id in the export. */
int vw_edit_new_peering(struct vw_world *clone, const char *id, uint32_t requester,
                        uint32_t accepter, uint32_t *ret_peering);
int vw_edit_start_instance(struct vw_world *clone, uint32_t instance);
/* To the address `entry` of the interface. */
int vw_edit_public_address(struct vw_world *clone, uint32_t interface, size_t entry,
                           struct vw_address address);
int vw_edit_attach_gateway(struct vw_world *clone, uint32_t gateway, uint32_t vpc);

/* Off. */
int vw_edit_source_dest_check(struct vw_world *clone, uint32_t interface);

/* ---- edit_transit.c ---- */

/* Adds a route, in place of one of the same origin and destination if there is any. */
int vw_edit_transit_route(struct vw_world *clone, uint32_t table,
                          const struct vw_transit_route *route);
/* The same for one destination and one attachment. */
int vw_edit_transit_way(struct vw_world *clone, uint32_t table,
                        struct vw_prefix destination, uint32_t attachment,
                        bool propagated);
/* The CIDRs of the attachment's VPC. */
int vw_edit_transit_propagation(struct vw_world *clone, uint32_t table,
                                uint32_t attachment);
int vw_edit_transit_association(struct vw_world *clone, uint32_t attachment,
                                uint32_t table);
int vw_edit_attachment_subnet(struct vw_world *clone, uint32_t attachment,
                              uint32_t subnet);
int vw_edit_attachment_ipv6(struct vw_world *clone, uint32_t attachment);

/* ---- for the edits ---- */

/* Makes the table of `kind` the clone's own, with room for one more. */
int vw_edit_own(struct vw_world *clone, enum vw_object_kind kind);
/* A copy of `count` elements with one more zeroed at the end, in the clone's arena. */
void *vw_edit_longer(struct vw_world *clone, const void *items, size_t count,
                     size_t size);

#endif
