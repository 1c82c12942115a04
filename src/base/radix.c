/* The lowest byte first; see radix.h. */
#include "base/radix.h"

#include <stdbool.h>
#include <string.h>

enum { DIGITS = 256 };

static size_t digit_of(const struct vw_radix_item *item, unsigned shift)
{
    return (size_t)(item->key >> shift) & (DIGITS - 1);
}

/* False, and nothing is done, where all have the same byte. */
static bool sort_by_byte(const struct vw_radix_item *from, size_t count, unsigned shift,
                         struct vw_radix_item *to)
{
    size_t ends[DIGITS + 1] = {0}, i;

    for (i = 0; i < count; i++)
        ends[digit_of(&from[i], shift) + 1]++;
    if (count == 0 || ends[digit_of(from, shift) + 1] == count)
        return false;
    for (i = 1; i < DIGITS; i++)
        ends[i] += ends[i - 1];
    for (i = 0; i < count; i++)
        to[ends[digit_of(&from[i], shift)]++] = from[i];
    return true;
}

void vw_radix_sort(struct vw_radix_item *items, size_t count, unsigned shift,
                   unsigned bytes, struct vw_radix_item *room)
{
    struct vw_radix_item *from = items, *to = room;

    for (; bytes > 0; bytes--, shift += 8) {
        if (sort_by_byte(from, count, shift, to)) {
            struct vw_radix_item *other = from;

            from = to;
            to = other;
        }
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}
