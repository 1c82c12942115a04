/* Text to number; see map.h. */
#include "base/map.h"

#include "base/memory.h"

#include <string.h>

#include <vpcwhy/error.h>

struct vw_map_slot {
    const char *key; /* NULL: free */
    uint32_t value;
};

/* FNV-1a over the bytes, then a finalizer so that the low bits depend on all of them. */
uint64_t vw_hash(const void *data, size_t size)
{
    const unsigned char *bytes = data;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t i;

    for (i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    return hash ^ (hash >> 33);
}

/* The slot of `key`, or the free one where it belongs. */
static struct vw_map_slot *find(struct vw_map_slot *slots, size_t capacity,
                                const char *key)
{
    size_t i = (size_t)vw_hash(key, strlen(key)) & (capacity - 1);

    while (slots[i].key && strcmp(slots[i].key, key) != 0)
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

static int grow(struct vw_map *map)
{
    size_t capacity = map->capacity ? map->capacity * 2 : 16;
    struct vw_map_slot *slots = vw_calloc(capacity, sizeof *slots);
    size_t i;

    if (!slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < map->capacity; i++)
        if (map->slots[i].key)
            *find(slots, capacity, map->slots[i].key) = map->slots[i];
    vw_free(map->slots);
    map->slots = slots;
    map->capacity = capacity;
    return 0;
}

int vw_map_put(struct vw_map *map, const char *key, uint32_t value)
{
    struct vw_map_slot *slot;

    if (map->count * 2 >= map->capacity && grow(map))
        return VW_ERROR_NO_MEMORY;
    slot = find(map->slots, map->capacity, key);
    if (!slot->key) {
        slot->key = key;
        map->count++;
    }
    slot->value = value;
    return 0;
}

bool vw_map_get(const struct vw_map *map, const char *key, uint32_t *ret_value)
{
    const struct vw_map_slot *slot;

    if (map->capacity == 0)
        return false;
    slot = find(map->slots, map->capacity, key);
    if (!slot->key)
        return false;
    *ret_value = slot->value;
    return true;
}

void vw_map_free(struct vw_map *map)
{
    vw_free(map->slots);
    memset(map, 0, sizeof *map);
}
