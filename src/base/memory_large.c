/* Memory in large pages; see memory.h. Apart from memory.c, whose functions tests replace. */
#include "base/memory.h"

#include <stdint.h>
#include <sys/mman.h>

#define PAGE ((size_t)4096)
#define LARGE_PAGE ((size_t)2 << 20)

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
