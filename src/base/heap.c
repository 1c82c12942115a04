/* Heapsort that stops early: in place, and of a worst case like any other. */
#include "base/heap.h"

#include <string.h>

struct heap {
    unsigned char *items;
    size_t count, size;
    vw_heap_compare *compare;
    const void *context;
};

static unsigned char *at(const struct heap *heap, size_t index)
{
    return heap->items + index * heap->size;
}

/* Puts `item` where it belongs, from `place` downwards. */
static void sift(const struct heap *heap, size_t place, const unsigned char *item)
{
    for (;;) {
        size_t child = place * 2 + 1;

        if (child >= heap->count)
            break;
        if (child + 1 < heap->count &&
            heap->compare(heap->context, at(heap, child + 1), at(heap, child)) < 0)
            child++;
        if (heap->compare(heap->context, at(heap, child), item) >= 0)
            break;
        memcpy(at(heap, place), at(heap, child), heap->size);
        place = child;
    }
    memcpy(at(heap, place), item, heap->size);
}

void vw_heap_select(void *items, size_t count, size_t size, size_t wanted,
                    vw_heap_compare *compare, const void *context)
{
    struct heap heap = {items, count, size, compare, context};
    unsigned char item[VW_HEAP_SIZE_MAX];
    size_t i;

    if (size > sizeof item)
        return;
    for (i = count / 2; i-- > 0;) {
        memcpy(item, at(&heap, i), size);
        sift(&heap, i, item);
    }
    for (i = 0; i < wanted && heap.count > 1; i++) {
        heap.count--;
        memcpy(item, at(&heap, heap.count), size);
        memcpy(at(&heap, heap.count), at(&heap, 0), size);
        sift(&heap, 0, item);
    }
}
