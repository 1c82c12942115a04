/*
 * Groups by key: what stats counts with, and dedup and the sets of some aggregates. A key is
 * any bytes; beside it stands a state of fixed size. Groups are spread over parts by their
 * hash, so that the tables of two workers are merged part by part, by both, and a part is
 * given back as soon as it is merged.
 *
 * Memory a group: 8 bytes of a slot at most 3/4 full, 8 bytes of hash and key size, the
 * state, the key.
 */
#ifndef VW_QUERY_GROUPS_H
#define VW_QUERY_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VW_GROUP_PARTS 64

/* Behind it stand the state (aligned to 8), then the key. */
struct vw_group {
    uint32_t hash;
    uint32_t key_size;
};

struct vw_group_slot {
    uint32_t hash;
    uint32_t place; /* of the group in the part's chunks, 0: none */
};

struct vw_group_part {
    struct vw_group_slot *slots;
    size_t capacity, count;
    char **chunks;
    size_t chunk_count, chunk_room;
    size_t used, size; /* of the last chunk */
};

struct vw_groups {
    size_t state_size; /* a multiple of 8 */
    unsigned parts;    /* a power of two, at most VW_GROUP_PARTS */
    struct vw_group_part part[];
};

/* Longest key. */
#define VW_GROUP_KEY_MAX ((size_t)1 << 24)

/* NULL when out of memory. */
struct vw_groups *vw_groups_create(size_t state_size, unsigned parts);

uint64_t vw_group_hash(const void *key, size_t size);

/* Brings what a look-up will need closer; `far` where the slot may be there by now. */
void vw_groups_prefetch(const struct vw_groups *groups, uint64_t hash);
void vw_groups_prefetch_group(const struct vw_groups *groups, uint64_t hash);

/* The group of a key, made with a zeroed state where it is new. NULL when out of memory. */
struct vw_group *vw_groups_take(struct vw_groups *groups, uint64_t hash, const void *key,
                                size_t size, bool *ret_new);

static inline void *vw_group_state(const struct vw_group *group)
{
    return (char *)(uintptr_t)group + sizeof *group;
}

static inline const char *vw_group_key(const struct vw_groups *groups,
                                       const struct vw_group *group)
{
    return (const char *)group + sizeof *group + groups->state_size;
}

size_t vw_groups_count(const struct vw_groups *groups);

/* Walks the groups of a part: *at is 0 first. NULL at its end. */
struct vw_group *vw_groups_next(const struct vw_groups *groups, unsigned part,
                                size_t *at);

void vw_groups_free_part(struct vw_groups *groups, unsigned part);

/* Accepts NULL. */
void vw_groups_free(struct vw_groups *groups);

#endif
