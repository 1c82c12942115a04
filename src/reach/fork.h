/*
 * Ways between which AWS chooses and the export does not say how. Every one is walked; if
 * they do not all end alike, the verdict of what they share is unknown.
 */
#ifndef VW_REACH_FORK_H
#define VW_REACH_FORK_H

#include "reach/walk.h"

/* The packet is the first of several that go on differently from here; `object` is where.
 * Adds are copies of it, each on its own way. */
void vw_fork_begin(struct vw_walk *walk, struct vw_packet *packet,
                   const struct vw_object *object);
int vw_fork_add(struct vw_walk *walk, const struct vw_packet *packet);

/* Settles what the ways of each fork come to, once all packets are done. */
int vw_fork_settle(struct vw_walk *walk);

#endif
