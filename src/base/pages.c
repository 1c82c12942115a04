/* Straight from the system; see pages.h. */
#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

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
