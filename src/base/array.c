/* Growing arrays; see array.h. All VW_ARRAY structs have the layout of `struct any`. */
#include "base/array.h"

#include "base/memory.h"

#include <string.h>

struct any VW_ARRAY(void);

int vw_array_room(void *array, size_t size)
{
    struct any any;
    size_t capacity;
    void *items;

    memcpy(&any, array, sizeof any);
    if (any.count < any.capacity)
        return 0;
    capacity = any.capacity ? any.capacity + any.capacity / 2 : 8;
    items = vw_realloc(any.items, capacity, size);
    if (!items)
        return VW_ERROR_NO_MEMORY;
    any.items = items;
    any.capacity = capacity;
    memcpy(array, &any, sizeof any);
    return 0;
}

void vw_array_free(void *array)
{
    struct any any;

    memcpy(&any, array, sizeof any);
    vw_free(any.items);
    memset(array, 0, sizeof any);
}
