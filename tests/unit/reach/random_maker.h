/* What the parts of the maker of random worlds share; see random_world.h. */
#ifndef RANDOM_MAKER_H
#define RANDOM_MAKER_H

#include "reach/random_world.h"

struct maker {
    struct random *random;
    struct vw_world *world;
    bool gaps;
    bool services; /* gateways, load balancers, IPv6 too; two zones a VPC */
    uint32_t vpcs[3], tables[3][2], acls[3][2], groups[3][2], subnets[3][2];
    unsigned third[3]; /* third byte of the VPC's addresses */
    unsigned count;
    const char *branch_via; /* of 192.168.3.0/24 behind a transit gateway, or NULL */
};

bool one_in(struct maker *maker, uint32_t chance);
/* Text that lives as long as the world. */
const char *keep(struct maker *maker, const char *text);
/* "kind-ab" */
const char *name(struct maker *maker, const char *kind, unsigned a, unsigned b);

/* random_services.c: NAT gateways and middleboxes, with routes to them. */
void add_services(struct maker *maker);
/* IPv6 for every VPC, subnet and some hosts, egress-only gateways. */
void add_ipv6(struct maker *maker);
/* random_endpoints.c: endpoints, a firewall, gateway route tables, VPN connections. */
void add_endpoints(struct maker *maker);
/* random_balancers.c */
void add_balancers(struct maker *maker);
/* random_transit.c */
void add_transit(struct maker *maker);

#endif
