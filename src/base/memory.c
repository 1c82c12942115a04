/* The only door to the allocator; see memory.h. */
#include "base/memory.h"

#include <stdint.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

void *vw_calloc(size_t count, size_t size)
{
    return calloc(count, size);
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

void *vw_pages_alloc(size_t size)
{
    /* Large pages begin at multiples of their size: what is too much at both ends goes
     * back. */
    size_t whole = size + VW_PAGES_UNIT, before;
    uint8_t *block =
        mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (block == MAP_FAILED)
        return NULL;
    before = (VW_PAGES_UNIT - (uintptr_t)block % VW_PAGES_UNIT) % VW_PAGES_UNIT;
    if (before)
        munmap(block, before);
    if (VW_PAGES_UNIT - before)
        munmap(block + before + size, VW_PAGES_UNIT - before);
    /* Without them it works as well. */
    (void)madvise(block + before, size, MADV_HUGEPAGE);
    return block + before;
}

void vw_pages_free(void *block, size_t size)
{
    if (block)
        munmap(block, size);
}
