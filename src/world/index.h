/* Who owns an address. */
#ifndef VW_WORLD_INDEX_H
#define VW_WORLD_INDEX_H

#include "world/world.h"

/* Of an address, for the slots of the index. */
static inline uint64_t vw_owner_hash(struct vw_address address)
{
    uint64_t hash = address.low ^ address.high * UINT64_C(0x9e3779b97f4a7c15);

    hash = (hash ^ hash >> 32) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 29;
}

/* The owner with the lowest addresses in `range` of `vpc` (private IPv4 and IPv6), or
 * NULL where nobody owns any. */
const struct vw_owner *vw_owner_in_vpc(const struct vw_world *world, uint32_t vpc,
                                       struct vw_address_range range);

/* In a large world nothing is in the processor's cache, and most of a walk is waiting for
 * memory. What will be asked for soon is fetched while other things are done: first where
 * the owner of an address stands, then the owner and its interface, then the interface's
 * groups. Each reads what the one before it has fetched. */
void vw_owner_expect(const struct vw_world *world, struct vw_address address);
void vw_owner_expect_interface(const struct vw_world *world, struct vw_address address);
void vw_interface_expect(const struct vw_world *world, uint32_t index);

/* The same over all VPCs; the owners of one address are neighbours, so further ones are
 * found by going on while it is < end (*ret_end one past the last owner of the world). */
const struct vw_owner *vw_owner_anywhere(const struct vw_world *world,
                                         struct vw_address_range range,
                                         const struct vw_owner **ret_end);

/* The same over public IPv4 addresses; `range` of the owner is the public address. */
const struct vw_owner *vw_owner_of_public(const struct vw_world *world,
                                          struct vw_address_range range);

/* Whether `address` lies in a CIDR of the VPC; *ret_cidr (may be NULL) is that CIDR. */
bool vw_vpc_contains(const struct vw_vpc *vpc, struct vw_address address,
                     struct vw_prefix *ret_cidr);

/* The one exported VPC with `address` in a CIDR, which goes to *ret_cidr; VW_NONE where
 * there is none or several. */
uint32_t vw_vpc_of_address(const struct vw_world *world, struct vw_address address,
                           struct vw_prefix *ret_cidr);

/* Sorts and indexes addresses: part of vw_world_finish, and of an edit that gave an
 * interface an address. */
int vw_world_index_addresses(struct vw_world *world);

/* ---- network_index.c ---- */

/* The rest of the indexes: parts of vw_world_finish; the second also of an edit that made
 * a peering. 0 or VW_ERROR_NO_MEMORY. */
int vw_world_index_network(struct vw_world *world);
int vw_world_index_peerings(struct vw_world *world);

/* The peerings that join two VPCs, in any state: *count of them from the result on. */
const struct vw_peering_pair *vw_peerings_between(const struct vw_world *world,
                                                  uint32_t a, uint32_t b,
                                                  size_t *ret_count);

/* The first Elastic IP address in `range` that no interface has, or NULL. */
const struct vw_elastic_address *vw_loose_address(const struct vw_world *world,
                                                  struct vw_address_range range);

#endif
