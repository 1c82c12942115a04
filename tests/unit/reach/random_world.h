/*
 * Random worlds, small and dense: addresses, ports and rules overlap all the time. The
 * same seed gives the same world.
 */
#ifndef RANDOM_WORLD_H
#define RANDOM_WORLD_H

#include "reach/small_world.h"

struct random {
    uint64_t state;
};

uint32_t random_below(struct random *random, uint32_t limit);

/* Two or three VPCs 10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24 (sometimes the third overlaps
 * the second), named vpc-0 to vpc-2, with peerings and gateways. `gaps`: things that are
 * not exported or not modelled too. Finished. */
struct vw_world *random_world(struct random *random, bool gaps);

/* The same without gaps, but with everything else that the walk models, two Availability
 * Zones a VPC, and faults: NAT gateways (52.0.1.0/28, 52.0.2.0/28), middleboxes, load
 * balancers (10.0.x.30 and .158, 52.0.3.0/28), transit gateways, IPv6 (2600:x::/56),
 * endpoints (52.1.0.0/16, 10.0.x.50 and .178), gateway route tables, VPN connections to
 * networks of 192.168.0.0/16. */
struct vw_world *random_network(struct random *random);

#endif
