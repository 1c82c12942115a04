/* Parts of the sentences and commands of changes; see change.c. */
#ifndef VW_REACH_CHANGE_TEXT_H
#define VW_REACH_CHANGE_TEXT_H

#include "reach/change.h"

/* The text as one word of a shell. When memory is out, arena->failed. */
const char *vw_change_word(struct vw_arena *arena, const char *text);

/* " --region r" of the VPC, where the export spans several Regions; else "". */
const char *vw_change_region(const struct vw_world *world, struct vw_arena *arena,
                             uint32_t vpc);

/* ---- change_transit.c ---- */

const char *vw_change_tell_transit(const struct vw_world *world, struct vw_arena *arena,
                                   const struct vw_change *change);
const char *vw_change_command_transit(const struct vw_world *world,
                                      struct vw_arena *arena,
                                      const struct vw_change *change);

#endif
