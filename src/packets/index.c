/* Growth of an index; see index.h. */
#include "packets/index.h"

#include "base/memory.h"
#include "base/pages.h"

#include <vpcwhy/error.h>

enum { CAPACITY_LEAST = 256 };

/* Large tables have large pages: each look-up meets another place. */
static struct vw_index_slot *alloc_slots(size_t capacity)
{
    size_t size = capacity * sizeof(struct vw_index_slot);

    return size < VW_PAGES_UNIT ? vw_calloc(capacity, sizeof(struct vw_index_slot))
                                : vw_pages_alloc(size);
}

static void free_slots(struct vw_index_slot *slots, size_t capacity)
{
    size_t size = capacity * sizeof *slots;

    if (size < VW_PAGES_UNIT)
        vw_free(slots);
    else
        vw_pages_free(slots, size);
}

int vw_index_room(struct vw_index *index, vw_index_hash *hash, const void *owner)
{
    struct vw_index grown = {.count = index->count};
    size_t i;

    if (index->capacity && index->count < index->capacity / 4 * 3)
        return 0;
    grown.capacity = index->capacity ? index->capacity * 2 : CAPACITY_LEAST;
    grown.slots = alloc_slots(grown.capacity);
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
    free_slots(index->slots, index->capacity);
    *index = grown;
    return 0;
}

void vw_index_free(struct vw_index *index)
{
    free_slots(index->slots, index->capacity);
    *index = (struct vw_index){0};
}
