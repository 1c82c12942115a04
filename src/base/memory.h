/*
 * The only door to the allocator. There is no hook in it: tests make allocations fail by
 * interposing malloc at link time.
 */
#ifndef VW_BASE_MEMORY_H
#define VW_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed memory, or NULL. */
void *vw_calloc(size_t count, size_t size);

/* As realloc, refusing a product that overflows; the old block stays on failure. */
void *vw_realloc(void *block, size_t count, size_t size);

/* Accepts NULL. */
void vw_free(void *block);

#endif
