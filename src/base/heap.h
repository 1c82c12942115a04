/* The first so many of very many, in order, without room for more than they take. */
#ifndef VW_BASE_HEAP_H
#define VW_BASE_HEAP_H

#include <stddef.h>

/* <0: `a` comes first. */
typedef int vw_heap_compare(const void *context, const void *a, const void *b);

/* Moves the first `wanted` of `count` elements of `size` bytes (at most VW_HEAP_SIZE_MAX)
 * to the end of `items`, the very first last; the others stand before them in any order.
 * Equal elements have no order. */
#define VW_HEAP_SIZE_MAX 64
void vw_heap_select(void *items, size_t count, size_t size, size_t wanted,
                    vw_heap_compare *compare, const void *context);

#endif
