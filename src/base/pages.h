/*
 * Memory in large pages, where the system has them: for tables that are met in no order,
 * where looking up small pages takes longer than what is done with them.
 */
#ifndef VW_BASE_PAGES_H
#define VW_BASE_PAGES_H

#include <pthread.h>
#include <stddef.h>

#include "base/array.h"

enum { VW_PAGES_UNIT = 2 << 20 };

/* Zeroed; `size` is a multiple of VW_PAGES_UNIT. NULL where there is none. */
void *vw_pages_alloc(size_t size);

/* With the size that was asked for. Accepts NULL. */
void vw_pages_free(void *block, size_t size);

/*
 * Parts of large pages, which threads share: to each of them a page of its own, the rest of
 * which it may never need, costs more than a lock. What is given back is taken again.
 */
enum { VW_PAGES_PART = 256 << 10 };

struct vw_pages {
    pthread_mutex_t lock;
    struct VW_ARRAY(char *) chunks; /* of VW_PAGES_UNIT each */
    size_t used;                    /* of the last one */
    struct VW_ARRAY(char *) spare;  /* parts that were given back */
};

/* 0 or VW_ERROR_INTERNAL. */
int vw_pages_start(struct vw_pages *pages);

/* All that was taken is gone then. */
void vw_pages_end(struct vw_pages *pages);

/* Where `pages` is NULL, all of this is the allocator's. */

/* A part, which may hold anything. NULL when out of memory. */
void *vw_pages_take_part(struct vw_pages *pages);

/* Zeroed; `size` is a power of two. The allocator's where it is below VW_PAGES_PART. NULL
 * when out of memory. */
void *vw_pages_take(struct vw_pages *pages, size_t size);

/* Of either, with its size. Accepts NULL with size 0. */
void vw_pages_give_back(struct vw_pages *pages, void *block, size_t size);

#endif
