/*
 * A growing array of any type:
 *
 *     struct names VW_ARRAY(const char *);
 *     struct names names = {0};
 *     if (vw_array_push(&names, "eni-1")) ...out of memory...
 *     vw_array_free(&names);
 */
#ifndef VW_BASE_ARRAY_H
#define VW_BASE_ARRAY_H

#include <stddef.h>

#include <vpcwhy/error.h>

#define VW_ARRAY(type)                                                                   \
    {                                                                                    \
        type *items;                                                                     \
        size_t count;                                                                    \
        size_t capacity;                                                                 \
    }

/* 0, or VW_ERROR_NO_MEMORY with the array as it was. Evaluates `array` several times. */
#define vw_array_push(array, value)                                                      \
    ((array)->count == (array)->capacity &&                                              \
             vw_array_room((array), sizeof *(array)->items)                              \
         ? VW_ERROR_NO_MEMORY                                                            \
         : ((array)->items[(array)->count++] = (value), 0))

/* Room for one more element in `array`, which is a struct VW_ARRAY(...) of elements of
 * `size` bytes. 0 or VW_ERROR_NO_MEMORY. */
int vw_array_room(void *array, size_t size);

/* Frees the elements and leaves the array empty. */
void vw_array_free(void *array);

#endif
