/* A stable sort of many elements, which are met in the order of memory. */
#ifndef VW_BASE_MERGE_SORT_H
#define VW_BASE_MERGE_SORT_H

#include <stddef.h>

/* <0: `a` comes first. */
typedef int vw_sort_compare(const void *context, const void *a, const void *b);

/* Takes as much room again as the elements have. 0 or VW_ERROR_NO_MEMORY. */
int vw_merge_sort(void *items, size_t count, size_t size, vw_sort_compare *compare,
                  const void *context);

#endif
