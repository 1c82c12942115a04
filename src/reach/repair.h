/* The parts of vw_repair (see change.h), one a kind of component. */
#ifndef VW_REACH_REPAIR_H
#define VW_REACH_REPAIR_H

#include "reach/change.h"

/* Every prefix of a range, at most this many rules a blocker. */
#define VW_REPAIR_PREFIXES 8

/* All prefixes of the range, or 0 where they are more than that. All of the internet
 * becomes 0.0.0.0/0. */
size_t vw_repair_split(struct vw_address_range range,
                       struct vw_prefix prefixes[VW_REPAIR_PREFIXES]);

/* The index of an object that a mark points to; false for none. */
bool vw_repair_index(const struct vw_world *world, const struct vw_object *object,
                     uint32_t *ret_index);

/* ---- repair_filter.c ---- */

int vw_repair_groups(const struct vw_world *world, const struct vw_mark *mark,
                     struct vw_changes *changes);
int vw_repair_acl(const struct vw_world *world, const struct vw_mark *mark,
                  struct vw_changes *changes);

/* ---- repair_route.c ---- */

int vw_repair_route(const struct vw_world *world, const struct vw_packet *packet,
                    const struct vw_mark *mark, struct vw_changes *changes);
int vw_repair_peering(const struct vw_world *world, const struct vw_packet *packet,
                      const struct vw_mark *mark, struct vw_changes *changes);

/* ---- repair_transit.c ---- */

/* The transit gateway that the VPC `here` is attached to and that leads, by itself or by a
 * peering, to the VPC `there`; VW_NONE where none does. */
uint32_t vw_repair_find_transit(const struct vw_world *world, uint32_t here,
                                uint32_t there);
/* A stop at a transit gateway, its attachment or its route table. */
int vw_repair_transit(const struct vw_world *world, const struct vw_packet *packet,
                      const struct vw_mark *mark, struct vw_changes *changes);

#endif
