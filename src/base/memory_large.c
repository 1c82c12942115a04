/* Memory in large pages; see memory.h. Apart from memory.c, whose functions tests replace. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LARGE_PAGE ((size_t)2 << 20)

void *vw_calloc_large(size_t size)
{
    void *block;

    if (size < LARGE_PAGE / 2 || size > SIZE_MAX - LARGE_PAGE)
        return vw_calloc(1, size);
    size = (size + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
    block = aligned_alloc(LARGE_PAGE, size);
    if (!block)
        return NULL;
    (void)madvise(block, size, MADV_HUGEPAGE); /* where it is refused, small pages do */
    memset(block, 0, size);
    return block;
}
