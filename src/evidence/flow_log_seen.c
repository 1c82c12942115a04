/*
 * A set of 64-bit hashes, three quarters full at the most. Two different ones of ten
 * million records share a hash once in 400,000 runs.
 */
#include "evidence/flow_log_seen.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ (hash >> 29);
}

/* Eight bytes at a time: lines are long. Never 0. */
static uint64_t hash_line(struct vw_slice line)
{
    uint64_t hash = line.size, word = 0;
    size_t i;

    for (i = 0; line.size - i >= sizeof word; i += sizeof word) {
        memcpy(&word, line.data + i, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    if (i < line.size)
        memcpy(&word, line.data + i, line.size - i);
    hash = mix(mix(hash, word), 0);
    return hash ? hash : 1;
}

static uint64_t *find(uint64_t *slots, size_t capacity, uint64_t hash)
{
    size_t i = (size_t)(hash >> 16) & (capacity - 1);

    while (slots[i] && slots[i] != hash)
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

static int grow(struct vw_flow_seen *seen)
{
    size_t capacity = seen->capacity ? seen->capacity * 2 : 1024;
    uint64_t *slots = vw_calloc(capacity, sizeof *slots);
    size_t i;

    if (!slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < seen->capacity; i++)
        if (seen->slots[i])
            *find(slots, capacity, seen->slots[i]) = seen->slots[i];
    vw_free(seen->slots);
    seen->slots = slots;
    seen->capacity = capacity;
    return 0;
}

int vw_flow_seen_add(struct vw_flow_seen *seen, struct vw_slice line)
{
    uint64_t hash = hash_line(line), *slot;

    if (seen->count >= seen->capacity / 4 * 3 && seen->count < VW_FLOW_SEEN_MAX &&
        grow(seen))
        return VW_ERROR_NO_MEMORY;
    slot = find(seen->slots, seen->capacity, hash);
    if (*slot)
        return 0;
    if (seen->count < VW_FLOW_SEEN_MAX) {
        *slot = hash;
        seen->count++;
    }
    return 1;
}

void vw_flow_seen_free(struct vw_flow_seen *seen)
{
    vw_free(seen->slots);
}
