/* From runs of one element to ever longer ones; see merge_sort.h. */
#include "base/merge_sort.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

struct sort {
    size_t size;
    vw_sort_compare *compare;
    const void *context;
};

/* Two runs, each in order, to one: of equal elements that of the first one first. */
static void merge(const struct sort *sort, const char *a, size_t a_size, const char *b,
                  size_t b_size, char *to)
{
    const char *a_end = a + a_size, *b_end = b + b_size;

    while (a < a_end && b < b_end) {
        if (sort->compare(sort->context, a, b) <= 0) {
            memcpy(to, a, sort->size);
            a += sort->size;
        } else {
            memcpy(to, b, sort->size);
            b += sort->size;
        }
        to += sort->size;
    }
    memcpy(to, a, (size_t)(a_end - a));
    memcpy(to + (a_end - a), b, (size_t)(b_end - b));
}

static void merge_all(const struct sort *sort, const char *from, size_t whole, size_t run,
                      char *to)
{
    size_t at;

    for (at = 0; at < whole; at += 2 * run) {
        size_t a = whole - at < run ? whole - at : run;
        size_t b = whole - at - a < run ? whole - at - a : run;

        merge(sort, from + at, a, from + at + a, b, to + at);
    }
}

int vw_merge_sort(void *items, size_t count, size_t size, vw_sort_compare *compare,
                  const void *context)
{
    const struct sort sort = {size, compare, context};
    char *from = items, *room = vw_calloc(count, size), *to = room;
    size_t whole = count * size, run;

    if (!room)
        return VW_ERROR_NO_MEMORY;
    for (run = size; run < whole; run *= 2) {
        char *other = from;

        merge_all(&sort, from, whole, run, to);
        from = to;
        to = other;
    }
    if (from == room && whole > 0)
        memcpy(items, room, whole);
    vw_free(room);
    return 0;
}
