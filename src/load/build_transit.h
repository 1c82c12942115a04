/* The two halves of building transit gateways. */
#ifndef VW_LOAD_BUILD_TRANSIT_H
#define VW_LOAD_BUILD_TRANSIT_H

#include "load/loader.h"
#include "load/records_transit.h"

/* What is told of tables that exist: routes, propagations, associations. */
int vw_build_transit_routes(struct vw_loader *loader);

#endif
