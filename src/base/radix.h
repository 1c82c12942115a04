/* Sorting many whole numbers by their bytes: no compare, and in the order of memory. */
#ifndef VW_BASE_RADIX_H
#define VW_BASE_RADIX_H

#include <stddef.h>
#include <stdint.h>

struct vw_radix_item {
    uint64_t key, value;
};

/* By `bytes` bytes of the keys, the lowest of which begins at bit `shift`; items that have
 * these in common stay in their order. `room` is for as many items. */
void vw_radix_sort(struct vw_radix_item *items, size_t count, unsigned shift,
                   unsigned bytes, struct vw_radix_item *room);

#endif
