/* Growth of an index; see index.h. */
#include "packets/index.h"

#include "base/memory.h"

#include <vpcwhy/error.h>

enum { CAPACITY_LEAST = 256 };

int vw_index_room(struct vw_index *index, vw_index_hash *hash, const void *owner)
{
    struct vw_index grown = {.count = index->count};
    size_t i;

    if (index->capacity && index->count < index->capacity / 4 * 3)
        return 0;
    grown.capacity = index->capacity ? index->capacity * 2 : CAPACITY_LEAST;
    grown.slots = vw_calloc(grown.capacity, sizeof *grown.slots);
    if (!grown.slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < index->capacity; i++) {
        struct vw_index_slot *slot;

        if (!index->slots[i].number)
            continue;
        slot = vw_index_first(&grown, hash(owner, index->slots[i].number));
        while (slot->number)
            slot = vw_index_next(&grown, slot);
        *slot = index->slots[i];
    }
    vw_free(index->slots);
    *index = grown;
    return 0;
}

void vw_index_free(struct vw_index *index)
{
    vw_free(index->slots);
    *index = (struct vw_index){0};
}
