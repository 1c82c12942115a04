/* Straight from the system; see pages.h. */
#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

#include "base/memory.h"

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

/* ---- parts ---- */

int vw_pages_start(struct vw_pages *pages)
{
    *pages = (struct vw_pages){.used = VW_PAGES_UNIT};
    return pthread_mutex_init(&pages->lock, NULL) ? VW_ERROR_INTERNAL : 0;
}

void vw_pages_end(struct vw_pages *pages)
{
    size_t i;

    for (i = 0; i < pages->chunks.count; i++)
        vw_pages_free(pages->chunks.items[i], VW_PAGES_UNIT);
    vw_array_free(&pages->chunks);
    vw_array_free(&pages->spare);
    pthread_mutex_destroy(&pages->lock);
}

/* What is left of the last page becomes parts. */
static void spare_rest(struct vw_pages *pages)
{
    for (; pages->used < VW_PAGES_UNIT; pages->used += VW_PAGES_PART)
        if (vw_array_push(&pages->spare,
                          pages->chunks.items[pages->chunks.count - 1] + pages->used))
            return;
}

static void *cut(struct vw_pages *pages, size_t size)
{
    char *chunk;

    if (VW_PAGES_UNIT - pages->used < size) {
        spare_rest(pages);
        chunk = vw_pages_alloc(VW_PAGES_UNIT);
        if (!chunk || vw_array_push(&pages->chunks, chunk)) {
            vw_pages_free(chunk, VW_PAGES_UNIT);
            return NULL;
        }
        pages->used = 0;
    }
    chunk = pages->chunks.items[pages->chunks.count - 1] + pages->used;
    pages->used += size;
    return chunk;
}

void *vw_pages_take_part(struct vw_pages *pages)
{
    void *part;

    if (!pages)
        return vw_calloc(1, VW_PAGES_PART);
    pthread_mutex_lock(&pages->lock);
    part = pages->spare.count > 0 ? pages->spare.items[--pages->spare.count]
                                  : cut(pages, VW_PAGES_PART);
    pthread_mutex_unlock(&pages->lock);
    return part;
}

void *vw_pages_take(struct vw_pages *pages, size_t size)
{
    void *block;

    if (!pages || size < VW_PAGES_PART)
        return vw_calloc(1, size);
    if (size >= VW_PAGES_UNIT)
        return vw_pages_alloc(size);
    pthread_mutex_lock(&pages->lock);
    block = cut(pages, size);
    pthread_mutex_unlock(&pages->lock);
    return block;
}

void vw_pages_give_back(struct vw_pages *pages, void *block, size_t size)
{
    size_t at;

    if (!pages || size < VW_PAGES_PART) {
        vw_free(block);
        return;
    }
    if (size >= VW_PAGES_UNIT) {
        vw_pages_free(block, size);
        return;
    }
    pthread_mutex_lock(&pages->lock);
    for (at = 0; at < size; at += VW_PAGES_PART)
        if (vw_array_push(&pages->spare, (char *)block + at))
            break; /* it is not lost: its page is given back at the end */
    pthread_mutex_unlock(&pages->lock);
}
