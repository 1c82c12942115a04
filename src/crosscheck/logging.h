/* Parts of what flow logs see: see vpcwhy/logging.h. */
#ifndef VW_CROSSCHECK_LOGGING_H
#define VW_CROSSCHECK_LOGGING_H

#include <vpcwhy/logging.h>

#include "base/arena.h"
#include "world/world.h"

/* Exported, and ACTIVE or without a status. */
bool vw_log_is_active(const struct vw_flow_log *log);

/* Whether it records what `interface` sees: it is of the interface, of its subnet or of
 * its VPC. */
bool vw_log_covers(const struct vw_world *world, const struct vw_flow_log *log,
                   const struct vw_interface *interface);

/* What the policies of the export say of the delivery of `log`. 0 or VW_ERROR_NO_MEMORY. */
int vw_delivery_judge(const struct vw_world *world, const struct vw_flow_log *log,
                      struct vw_arena *arena, struct vw_delivery *ret);

#endif
