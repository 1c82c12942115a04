/*
 * Groups by key: what stats counts with, and dedup and the sets of some aggregates. A key is
 * any bytes; beside it stands a state of fixed size.
 *
 * With many groups each look-up is a walk through memory far away, so there is little of it:
 * a slot is 8 bytes, at most 3/4 of them are taken, a group is its state, its key and 4 bytes,
 * and all of it lies in few large blocks. Slots are in the order of hashes, so that a table
 * grows from its first slot to its last.
 */
#ifndef VW_QUERY_GROUPS_H
#define VW_QUERY_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "base/pages.h"
#include "base/slice.h"

/* Its state (aligned to 8), then the size of its key in four bytes, then the key. */
struct vw_group;

struct vw_group_slot {
    uint32_t hash;
    uint32_t place; /* of the group in the blocks, 0: none */
};

struct vw_group_block {
    char *data;
    size_t size;
};

struct vw_groups {
    size_t state_size;      /* a multiple of 8 */
    unsigned skipped;       /* upper bits of hashes that all groups have in common */
    struct vw_pages *pages; /* which a large table takes parts of; NULL: none */
    struct vw_group_slot *slots;
    unsigned bits; /* 1 << bits slots */
    size_t count;
    struct VW_ARRAY(struct vw_group_block) blocks;
    size_t used; /* of the last block */
};

/* Longest key. */
#define VW_GROUP_KEY_MAX ((size_t)1 << 20)

__extension__ typedef unsigned __int128 vw_group_product;

static inline uint64_t vw_group_mix(uint64_t a, uint64_t b)
{
    vw_group_product product = (vw_group_product)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t vw_group_load(const char *bytes, size_t size)
{
    uint64_t word = 0;

    memcpy(&word, bytes, size);
    return word;
}

/* Folded multiplication of 16 bytes at a time, after wyhash. */
static inline uint32_t vw_group_hash(struct vw_slice key)
{
    const uint64_t odd[3] = {UINT64_C(0xa0761d6478bd642f), UINT64_C(0xe7037ed1a0b428db),
                             UINT64_C(0x8ebc6af09c88c6e3)};
    const char *bytes = key.data;
    uint64_t hash = odd[2] ^ key.size;
    size_t size = key.size;

    for (; size > 16; size -= 16, bytes += 16)
        hash = vw_group_mix(vw_group_load(bytes, 8) ^ odd[0],
                            vw_group_load(bytes + 8, 8) ^ hash);
    if (size > 8) /* the last eight, some of which were read already */
        hash = vw_group_mix(vw_group_load(bytes, 8) ^ odd[0],
                            vw_group_load(bytes + size - 8, 8) ^ hash);
    else
        hash = vw_group_mix(vw_group_load(bytes, size) ^ odd[1], hash);
    return (uint32_t)(vw_group_mix(hash ^ odd[0], odd[1]) >> 32);
}

/* Most keys are short: a call costs more than comparing them. */
static inline bool vw_group_same(struct vw_slice a, struct vw_slice b)
{
    if (a.size != b.size)
        return false;
    if (a.size > 16 || a.size < 8)
        return memcmp(a.data, b.data, a.size) == 0;
    return vw_group_load(a.data, 8) == vw_group_load(b.data, 8) &&
           vw_group_load(a.data + a.size - 8, 8) == vw_group_load(b.data + a.size - 8, 8);
}

/* Bring what a look-up will need closer: first the slot; a while later the group, the place
 * of which it is that is given, or 0 where none has that hash. */
void vw_groups_prefetch(const struct vw_groups *groups, uint32_t hash);
uint32_t vw_groups_look(const struct vw_groups *groups, uint32_t hash);

/* The group of a key, made with a zeroed state where it is new. NULL when out of memory or
 * where the key is too long. `groups` is zero-initialised but for `state_size`,
 * `skipped` and `pages`. */
struct vw_group *vw_groups_take(struct vw_groups *groups, uint32_t hash,
                                struct vw_slice key, bool *ret_new);

static inline void *vw_group_state(struct vw_group *group)
{
    return group;
}

static inline struct vw_slice vw_group_key(const struct vw_groups *groups,
                                           const struct vw_group *group)
{
    const char *at = (const char *)group + groups->state_size;
    uint32_t size;

    memcpy(&size, at, sizeof size);
    return (struct vw_slice){at + sizeof size, size};
}

/* Walk groups, in an order that follows from their keys and when each was made: *at is 0
 * first. NULL at the end. */
struct vw_group *vw_groups_next(const struct vw_groups *groups, size_t *at);
void vw_groups_free(struct vw_groups *groups);

/* What `place` tells: the number of a block, and the offset in it in units of 8 bytes. */
#define VW_GROUP_OFFSET_BITS 15

static inline struct vw_group *vw_groups_at_place(const struct vw_groups *groups,
                                                  uint32_t place)
{
    uint32_t number = place - 1;
    char *block = groups->blocks.items[number >> VW_GROUP_OFFSET_BITS].data;
    size_t offset = (size_t)(number & ((1u << VW_GROUP_OFFSET_BITS) - 1)) * 8;

    return (struct vw_group *)(void *)(block + offset);
}

/* The group at a place that was given, whatever was added since, if that is its key. */
static inline struct vw_group *vw_groups_at(const struct vw_groups *groups,
                                            uint32_t place, struct vw_slice key)
{
    struct vw_group *group = vw_groups_at_place(groups, place);

    return vw_group_same(vw_group_key(groups, group), key) ? group : NULL;
}

#endif
