/* The parts of vw_world_finish. */
#ifndef VW_WORLD_FINISH_H
#define VW_WORLD_FINISH_H

#include "world/world.h"

/* What stands behind each interface, and its object. */
int vw_finish_roles(struct vw_world *world);

/* Listeners of load balancers, endpoints of firewalls; rules by priority. */
int vw_finish_services(struct vw_world *world);

/* Sides of peerings, routes that follow from propagations. */
int vw_finish_transit(struct vw_world *world);

#endif
