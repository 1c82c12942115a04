/* The only door to the allocator; see memory.h. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>

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
