/*
 * Memory in large pages, where the system has them: for tables that are met in no order,
 * where looking up small pages takes longer than what is done with them.
 */
#ifndef VW_BASE_PAGES_H
#define VW_BASE_PAGES_H

#include <stddef.h>

enum { VW_PAGES_UNIT = 2 << 20 };

/* Zeroed; `size` is a multiple of VW_PAGES_UNIT. NULL where there is none. */
void *vw_pages_alloc(size_t size);

/* With the size that was asked for. Accepts NULL. */
void vw_pages_free(void *block, size_t size);

#endif
