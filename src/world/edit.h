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
/* The entries stay sorted. */
int vw_edit_acl_entry(struct vw_world *clone, uint32_t acl, bool egress,
                      const struct vw_acl_entry *entry);
int vw_edit_peering_state(struct vw_world *clone, uint32_t peering, const char *state);
/* An active peering that is known by no id in the export. */
int vw_edit_new_peering(struct vw_world *clone, const char *id, uint32_t requester,
                        uint32_t accepter, uint32_t *ret_peering);
int vw_edit_instance_state(struct vw_world *clone, uint32_t instance, const char *state);
/* To the address `entry` of the interface. */
int vw_edit_public_address(struct vw_world *clone, uint32_t interface, size_t entry,
                           struct vw_address address);
int vw_edit_attach_gateway(struct vw_world *clone, uint32_t gateway, uint32_t vpc);

#endif
