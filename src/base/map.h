/* Text to number: open addressing, linear probing, never more than half full. */
#ifndef VW_BASE_MAP_H
#define VW_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vw_map_slot;

/* Zero-initialised is empty and ready. Keys are not copied: they must outlive the map. */
struct vw_map {
    struct vw_map_slot *slots;
    size_t capacity;
    size_t count;
};

/* Sets `key` to `value`, replacing what it had. 0 or VW_ERROR_NO_MEMORY. */
int vw_map_put(struct vw_map *map, const char *key, uint32_t value);

/* Whether `key` is there; *ret_value is untouched where it is not. */
bool vw_map_get(const struct vw_map *map, const char *key, uint32_t *ret_value);

void vw_map_free(struct vw_map *map);

/* A 64-bit hash of `size` bytes in which every bit of the input counts. */
uint64_t vw_hash(const void *data, size_t size);

#endif
