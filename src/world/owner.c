/*
 * Who owns an address; see index.h. Most owned addresses stand in the hash, whose slots say
 * enough to fetch everything about the owner at once. The rest, delegated prefixes and
 * ranges that were asked for, is found by binary search.
 */
#include "world/index.h"

#include "base/address.h"

#include <stddef.h>

/* Bytes that memory hands over at once. */
#define CACHE_LINE 64

/* Of an interface what a walk reads. */
#define INTERFACE_READ                                                                   \
    (offsetof(struct vw_interface, device_index) - sizeof(struct vw_object))

static size_t next_slot(const struct vw_owners *owners, size_t slot)
{
    return (slot + 1) & (owners->slot_count - 1);
}

/* The first slot from `slot` on, itself included, that is free or has the hash's tag. */
static size_t find_slot(const struct vw_owners *owners, uint64_t hash, size_t slot)
{
    slot &= owners->slot_count - 1;
    while (owners->slots[slot].index && owners->slots[slot].tag != (uint32_t)(hash >> 32))
        slot = next_slot(owners, slot);
    return slot;
}

/* The first owner of that single address, or NULL: a range may own it. */
static const struct vw_owner *find_hashed(const struct vw_owners *owners,
                                          struct vw_address address)
{
    uint64_t hash = vw_owner_hash(address);
    size_t slot = find_slot(owners, hash, (size_t)hash);

    while (owners->slots[slot].index) {
        const struct vw_owner *owner = &owners->items[owners->slots[slot].index - 1];

        if (vw_address_equal(owner->range.first, address))
            return owner;
        slot = find_slot(owners, hash, next_slot(owners, slot));
    }
    return NULL;
}

/* Whether an owner stands before the addresses of `vpc` (VW_NONE: of all) from `from` on. */
static bool is_before(const struct vw_owner *owner, uint32_t vpc, struct vw_address from)
{
    if (vpc != VW_NONE && owner->vpc != vpc)
        return owner->vpc < vpc;
    return vw_address_compare(owner->range.last, from) < 0;
}

/* The first of the list that does not stand before. Owners are disjoint within a VPC, and
 * equal or disjoint among all, so that no other can be the lowest in the range. */
static const struct vw_owner *search_all(const struct vw_owners *owners, uint32_t vpc,
                                         struct vw_address from)
{
    size_t low = 0, high = owners->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (is_before(&owners->items[middle], vpc, from))
            low = middle + 1;
        else
            high = middle;
    }
    return low < owners->count ? &owners->items[low] : NULL;
}

static const struct vw_owner *search_ranges(const struct vw_owners *owners, uint32_t vpc,
                                            struct vw_address from)
{
    size_t low = 0, high = owners->range_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (is_before(&owners->items[owners->ranges[middle]], vpc, from))
            low = middle + 1;
        else
            high = middle;
    }
    return low < owners->range_count ? &owners->items[owners->ranges[low]] : NULL;
}

/* `owner` if it owns some of the addresses. */
static const struct vw_owner *if_owns(const struct vw_owner *owner, uint32_t vpc,
                                      struct vw_address_range range)
{
    if (!owner || (vpc != VW_NONE && owner->vpc != vpc) ||
        !vw_range_overlaps(owner->range, range))
        return NULL;
    return owner;
}

const struct vw_owner *vw_owner_in_vpc(const struct vw_world *world, uint32_t vpc,
                                       struct vw_address_range range)
{
    const struct vw_owners *all = &world->by_address;
    const struct vw_owner *owner;

    if (vpc == VW_NONE)
        return NULL;
    if (!vw_range_is_single(range))
        return if_owns(search_all(&world->by_vpc, vpc, range.first), vpc, range);
    for (owner = find_hashed(all, range.first);
         owner && owner < all->items + all->count &&
         vw_address_equal(owner->range.first, range.first);
         owner++) {
        if (owner->vpc != vpc)
            continue;
        return owner->is_alone
                   ? owner
                   : if_owns(search_all(&world->by_vpc, vpc, range.first), vpc, range);
    }
    return if_owns(search_ranges(&world->by_vpc, vpc, range.first), vpc, range);
}

/* The first owner whose range ends at or after the start of `range`. */
static const struct vw_owner *search(const struct vw_owners *owners,
                                     struct vw_address_range range)
{
    const struct vw_owner *owner;

    if (!vw_range_is_single(range))
        return if_owns(search_all(owners, VW_NONE, range.first), VW_NONE, range);
    owner = find_hashed(owners, range.first);
    return owner ? owner
                 : if_owns(search_ranges(owners, VW_NONE, range.first), VW_NONE, range);
}

const struct vw_owner *vw_owner_anywhere(const struct vw_world *world,
                                         struct vw_address_range range,
                                         const struct vw_owner **ret_end)
{
    *ret_end = world->by_address.items + world->by_address.count;
    return search(&world->by_address, range);
}

const struct vw_owner *vw_owner_of_public(const struct vw_world *world,
                                          struct vw_address_range range)
{
    return search(&world->by_public, range);
}

void vw_owner_expect(const struct vw_world *world, struct vw_address address)
{
    const struct vw_owners *owners = &world->by_address;

    __builtin_prefetch(
        &owners->slots[(size_t)vw_owner_hash(address) & (owners->slot_count - 1)]);
}

/* `size` bytes from `start` on. */
static void expect(const void *start, size_t size)
{
    const char *line = start;
    size_t i;

    for (i = 0; i < size; i += CACHE_LINE)
        __builtin_prefetch(line + i);
    __builtin_prefetch(line + size - 1);
}

void vw_owner_expect_interface(const struct vw_world *world, struct vw_address address)
{
    const struct vw_owners *owners = &world->by_address;
    uint64_t hash = vw_owner_hash(address);
    const struct vw_owner_slot *slot =
        &owners->slots[find_slot(owners, hash, (size_t)hash)];

    if (!slot->index)
        return;
    expect(&owners->items[slot->index - 1], sizeof *owners->items);
    expect(&vw_world_interface(world, slot->interface)->vpc, INTERFACE_READ);
}

void vw_interface_expect(const struct vw_world *world, uint32_t index)
{
    const struct vw_interface *interface = vw_world_interface(world, index);
    size_t i;

    for (i = 0; i < interface->group_count; i++)
        expect(vw_world_security_group(world, interface->groups[i]),
               sizeof(struct vw_security_group));
}

bool vw_vpc_contains(const struct vw_vpc *vpc, struct vw_address address,
                     struct vw_prefix *ret_cidr)
{
    size_t i;

    for (i = 0; i < vpc->cidr_count; i++) {
        if (vw_prefix_contains(vpc->cidrs[i], address)) {
            if (ret_cidr)
                *ret_cidr = vpc->cidrs[i];
            return true;
        }
    }
    return false;
}
