/* The only door to the allocator; see memory.h. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE ((size_t)4096)
#define LARGE_PAGE ((size_t)2 << 20)

void *vw_calloc(size_t count, size_t size)
{
    return calloc(count, size);
}

void *vw_calloc_large(size_t size)
{
    char *block = vw_calloc(1, size);
    uintptr_t start = ((uintptr_t)block + PAGE - 1) & ~(uintptr_t)(PAGE - 1);

    /* Only advice: what it returns changes nothing. */
    if (block && size >= LARGE_PAGE)
        (void)madvise(block + (start - (uintptr_t)block),
                      (size - (size_t)(start - (uintptr_t)block)) & ~(size_t)(PAGE - 1),
                      MADV_HUGEPAGE);
    return block;
}

void *vw_realloc(void *block, size_t count, size_t size)
{
    /* realloc may free the block when asked for nothing. */
    if (count == 0 || size == 0)
        count = size = 1;
    if (count > SIZE_MAX / size)
        return NULL;
    return realloc(block, count * size);
}

void vw_free(void *block)
{
    free(block);
}
