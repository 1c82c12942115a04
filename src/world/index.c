/*
 * The index of who owns an address: sorted arrays of disjoint ranges, and of those that are
 * one address each a hash; owner.c looks up in it. Within one VPC two interfaces cannot own
 * the same address; should an export say so (two snapshots mixed), the later one is passed
 * over by the search and stays findable by id.
 */
#include "world/index.h"

#include "base/address.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static int compare_ranges(struct vw_address_range a, struct vw_address_range b)
{
    int order = vw_address_compare(a.first, b.first);

    return order ? order : vw_address_compare(a.last, b.last);
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_by_vpc(const void *a, const void *b)
{
    const struct vw_owner *x = a;
    const struct vw_owner *y = b;
    int order = compare_numbers(x->vpc, y->vpc);

    if (!order)
        order = compare_ranges(x->range, y->range);
    return order ? order : compare_numbers(x->interface, y->interface);
}

static int compare_by_address(const void *a, const void *b)
{
    const struct vw_owner *x = a;
    const struct vw_owner *y = b;
    int order = compare_ranges(x->range, y->range);

    return order ? order : compare_by_vpc(a, b);
}

/* A dead interface ("deleting", instance terminated) owns no address any more. */
static bool is_alive(const struct vw_world *world, const struct vw_interface *interface)
{
    const char *state;

    if (!interface->object.exported)
        return false;
    if (interface->instance == VW_NONE)
        return true;
    state = vw_world_instance(world, interface->instance)->state;
    return !state || strcmp(state, "terminated") != 0;
}

/* Counts the owners with `ret` NULL, writes them otherwise. */
static size_t collect(const struct vw_world *world, bool public_only,
                      struct vw_owner *ret)
{
    size_t count = 0, j;
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = vw_world_interface(world, i);

        for (j = 0; is_alive(world, interface) && j < interface->address_count; j++) {
            const struct vw_interface_address *address = &interface->addresses[j];
            struct vw_owner owner = {.vpc = interface->vpc,
                                     .interface = i,
                                     .entry = (uint32_t)j,
                                     .range = vw_prefix_range(address->prefix)};

            if (public_only) {
                if (address->public_address.family == VW_FAMILY_NONE)
                    continue;
                owner.range = vw_range_single(address->public_address);
            }
            if (ret)
                ret[count] = owner;
            count++;
        }
    }
    return count;
}

static int build(struct vw_world *world, bool public_only,
                 int (*compare)(const void *, const void *), struct vw_owners *ret)
{
    struct vw_owners owners = {.count = collect(world, public_only, NULL)};

    owners.items = vw_arena_array(&world->arena, owners.count, sizeof *owners.items);
    if (!owners.items)
        return VW_ERROR_NO_MEMORY;
    collect(world, public_only, owners.items);
    if (owners.count > 1)
        qsort(owners.items, owners.count, sizeof *owners.items, compare);
    *ret = owners;
    return 0;
}

/*
 * Delegated prefixes of one VPC may cover addresses of another. The search over all VPCs
 * needs ranges that are equal or disjoint, so those that overlap are cut at each other's
 * ends. The most pieces; real exports need a few for each delegated prefix.
 */
#define PIECES_MAX(count) ((count)*16 + 65536)

struct cuts VW_ARRAY(struct vw_address); /* where a range begins, or one has ended */

static int compare_cuts(const void *a, const void *b)
{
    const struct vw_address *x = a, *y = b;

    return vw_address_compare(*x, *y);
}

static bool any_overlap(const struct vw_owners *owners)
{
    size_t i;

    for (i = 1; i < owners->count; i++)
        if (vw_range_overlaps(owners->items[i - 1].range, owners->items[i].range) &&
            !vw_range_equal(owners->items[i - 1].range, owners->items[i].range))
            return true;
    return false;
}

static int find_cuts(const struct vw_owners *owners, struct cuts *cuts)
{
    size_t i;

    for (i = 0; i < owners->count; i++) {
        struct vw_address after;

        if (vw_array_push(cuts, owners->items[i].range.first) ||
            (vw_address_next(owners->items[i].range.last, &after) &&
             vw_array_push(cuts, after)))
            return VW_ERROR_NO_MEMORY;
    }
    qsort(cuts->items, cuts->count, sizeof *cuts->items, compare_cuts);
    return 0;
}

/* The first cut above `address`. */
static size_t cut_above(const struct cuts *cuts, struct vw_address address)
{
    size_t low = 0, high = cuts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (vw_address_compare(cuts->items[middle], address) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct pieces VW_ARRAY(struct vw_owner);

static int cut_owner(const struct cuts *cuts, struct vw_owner owner, size_t limit,
                     struct pieces *pieces)
{
    struct vw_address last = owner.range.last;
    size_t cut = cut_above(cuts, owner.range.first);

    for (; cut < cuts->count && vw_address_compare(cuts->items[cut], last) <= 0;
         cut = cut_above(cuts, owner.range.first)) {
        vw_address_previous(cuts->items[cut], &owner.range.last);
        if (pieces->count >= limit)
            return VW_ERROR_LIMIT;
        if (vw_array_push(pieces, owner))
            return VW_ERROR_NO_MEMORY;
        owner.range.first = cuts->items[cut];
    }
    owner.range.last = last;
    return vw_array_push(pieces, owner);
}

static int cut_overlaps(struct vw_world *world, struct vw_owners *owners)
{
    struct cuts cuts = {NULL, 0, 0};
    struct pieces pieces = {NULL, 0, 0};
    size_t i;
    int error;

    if (!any_overlap(owners))
        return 0;
    error = find_cuts(owners, &cuts);
    for (i = 0; i < owners->count && !error; i++)
        error = cut_owner(&cuts, owners->items[i], PIECES_MAX(owners->count), &pieces);
    if (!error) {
        owners->items = vw_arena_array(&world->arena, pieces.count, sizeof *pieces.items);
        error = owners->items ? 0 : VW_ERROR_NO_MEMORY;
    }
    if (!error && pieces.items) {
        memcpy(owners->items, pieces.items, pieces.count * sizeof *pieces.items);
        owners->count = pieces.count;
        qsort(owners->items, owners->count, sizeof *owners->items, compare_by_address);
    }
    vw_array_free(&cuts);
    vw_array_free(&pieces);
    return error;
}

/* ---- single addresses by hash ---- */

/* Marks single addresses that no other range of their VPC covers: of those the hash says
 * what the binary search would. */
static void mark_alone(struct vw_owners *by_vpc)
{
    struct vw_address covered = {0, 0, VW_FAMILY_NONE}; /* up to here */
    size_t i;

    for (i = 0; i < by_vpc->count; i++) {
        struct vw_owner *owner = &by_vpc->items[i];

        if (i > 0 && owner->vpc != owner[-1].vpc)
            covered.family = VW_FAMILY_NONE;
        owner->is_alone = vw_range_is_single(owner->range) &&
                          vw_address_compare(covered, owner->range.first) < 0;
        if (vw_address_compare(covered, owner->range.last) < 0)
            covered = owner->range.last;
    }
}

/* The list is sorted by address, and its ranges are equal or disjoint. */
static int hash_owners(struct vw_world *world, struct vw_owners *owners)
{
    struct vw_owner_slot *slots;
    size_t count = 16, i;

    while (count < owners->count * 2)
        count *= 2;
    slots = vw_arena_array(&world->arena, count, sizeof *slots);
    if (!slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < owners->count; i++) {
        struct vw_address address = owners->items[i].range.first;
        uint64_t hash = vw_owner_hash(address);
        size_t slot = (size_t)hash & (count - 1);

        if (!vw_range_is_single(owners->items[i].range) ||
            (i > 0 && vw_address_equal(owners->items[i - 1].range.first, address)))
            continue;
        while (slots[slot].index)
            slot = (slot + 1) & (count - 1);
        slots[slot] = (struct vw_owner_slot){(uint32_t)(hash >> 32), (uint32_t)i + 1,
                                             owners->items[i].interface};
    }
    owners->slots = slots;
    owners->slot_count = count;
    return 0;
}

/* By address what stands by VPC; the marks come along. */
static int copy_by_address(struct vw_world *world)
{
    size_t count = world->by_vpc.count;
    struct vw_owner *items = vw_arena_array(&world->arena, count, sizeof *items);

    if (!items)
        return VW_ERROR_NO_MEMORY;
    if (count > 0)
        memcpy(items, world->by_vpc.items, count * sizeof *items);
    if (count > 1)
        qsort(items, count, sizeof *items, compare_by_address);
    world->by_address = (struct vw_owners){.items = items, .count = count};
    return 0;
}

/* The owners that the hash does not know. */
static int list_ranges(struct vw_world *world, struct vw_owners *owners)
{
    size_t count = 0, i;

    for (i = 0; i < owners->count; i++)
        count += !vw_range_is_single(owners->items[i].range);
    owners->ranges = vw_arena_array(&world->arena, count, sizeof *owners->ranges);
    if (!owners->ranges)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < owners->count; i++)
        if (!vw_range_is_single(owners->items[i].range))
            owners->ranges[owners->range_count++] = (uint32_t)i;
    return 0;
}

int vw_world_index_addresses(struct vw_world *world)
{
    int error = build(world, false, compare_by_vpc, &world->by_vpc);

    if (error)
        return error;
    mark_alone(&world->by_vpc);
    error = copy_by_address(world);
    if (!error)
        error = cut_overlaps(world, &world->by_address);
    if (!error)
        error = build(world, true, compare_by_address, &world->by_public);
    if (!error)
        error = list_ranges(world, &world->by_vpc);
    if (!error)
        error = list_ranges(world, &world->by_address);
    if (!error)
        error = list_ranges(world, &world->by_public);
    if (!error)
        error = hash_owners(world, &world->by_address);
    return error ? error : hash_owners(world, &world->by_public);
}
