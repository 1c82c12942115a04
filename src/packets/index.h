/*
 * Hashes to numbers, open addressing: who asks compares what the numbers stand for. Eight
 * bytes a slot, at most three quarters full.
 *
 *     for (at = vw_index_first(&index, hash); at->number; at = vw_index_next(&index, at))
 *         if (at->tag == tag && ...) found
 *     at->number = ..., at->tag = vw_index_tag(hash), index.count++;
 */
#ifndef VW_PACKETS_INDEX_H
#define VW_PACKETS_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct vw_index_slot {
    uint32_t tag;    /* of the hash, other bits than those that choose the slot */
    uint32_t number; /* 0: free */
};

/* Zero-initialised is empty; call vw_index_room before the first look. */
struct vw_index {
    struct vw_index_slot *slots;
    size_t capacity; /* a power of two */
    size_t count;
};

static inline uint32_t vw_index_tag(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

/* Hashes of what is in the index: asked for when it grows. */
typedef uint64_t vw_index_hash(const void *owner, uint32_t number);

/* Room for one more. 0 or VW_ERROR_NO_MEMORY. */
int vw_index_room(struct vw_index *index, vw_index_hash *hash, const void *owner);
void vw_index_free(struct vw_index *index);

static inline struct vw_index_slot *vw_index_first(const struct vw_index *index,
                                                   uint64_t hash)
{
    return &index->slots[(size_t)hash & (index->capacity - 1)];
}

static inline struct vw_index_slot *vw_index_next(const struct vw_index *index,
                                                  const struct vw_index_slot *slot)
{
    return &index->slots[(size_t)(slot - index->slots + 1) & (index->capacity - 1)];
}

static inline void vw_index_put(struct vw_index *index, struct vw_index_slot *slot,
                                uint64_t hash, uint32_t number)
{
    *slot = (struct vw_index_slot){vw_index_tag(hash), number};
    index->count++;
}

#endif
