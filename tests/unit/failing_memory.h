/*
 * Makes allocations fail, one after the other. A test program that includes this file has
 * its own vw_calloc, vw_realloc and vw_free, which the linker takes instead of those of
 * the library's archive.
 */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

struct failing_memory {
    size_t count;    /* allocations asked for since the start */
    size_t fails_at; /* this one fails, 0: none */
    bool for_good;   /* and all behind it */
};

static struct failing_memory failing_memory;

static void failing_memory_start(size_t fails_at, bool for_good)
{
    failing_memory = (struct failing_memory){0, fails_at, for_good};
}

static bool allocation_fails(void)
{
    size_t number = ++failing_memory.count;

    if (failing_memory.fails_at == 0 || number < failing_memory.fails_at)
        return false;
    return number == failing_memory.fails_at || failing_memory.for_good;
}

void *vw_calloc(size_t count, size_t size)
{
    return allocation_fails() ? NULL : calloc(count, size);
}

void *vw_realloc(void *block, size_t count, size_t size)
{
    if (allocation_fails() || (size != 0 && count > SIZE_MAX / size))
        return NULL;
    return realloc(block, count * size);
}

void vw_free(void *block)
{
    free(block);
}

#endif
