/* Open addressing with linear probing; see ids.h. */
#include "logs/ids.h"

#include <vpcwhy/error.h>

#include "base/memory.h"

static uint64_t *find(uint64_t *slots, size_t capacity, uint64_t hash)
{
    size_t i = (size_t)(hash >> 16) & (capacity - 1);

    while (slots[i] && slots[i] != hash)
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

static int grow(struct vw_log_ids *ids)
{
    size_t capacity = ids->capacity ? ids->capacity * 2 : 1024, i;
    uint64_t *slots = vw_calloc(capacity, sizeof *slots);

    if (!slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < ids->capacity; i++)
        if (ids->slots[i])
            *find(slots, capacity, ids->slots[i]) = ids->slots[i];
    vw_free(ids->slots);
    ids->slots = slots;
    ids->capacity = capacity;
    return 0;
}

int vw_log_ids_add(struct vw_log_ids *ids, uint64_t hash)
{
    uint64_t *slot;

    if (ids->count >= ids->capacity / 4 * 3 && ids->count < VW_LOG_IDS_MAX && grow(ids))
        return VW_ERROR_NO_MEMORY;
    slot = find(ids->slots, ids->capacity, hash);
    if (*slot)
        return 0;
    if (ids->count < VW_LOG_IDS_MAX) {
        *slot = hash;
        ids->count++;
    }
    return 1;
}

void vw_log_ids_free(struct vw_log_ids *ids)
{
    vw_free(ids->slots);
}
