/* A number for each two hosts, looked up for every flow between them; see journey.h. */
#include "evidence/journey.h"

#include <stdlib.h>

#include "packets/mix.h"

static uint64_t hash_of(const struct vw_journey *journey)
{
    return vw_mix_address(vw_mix_address(1, journey->source), journey->destination);
}

int vw_journey_pairs_add(struct vw_journey_pairs *pairs, const struct vw_journey *journey,
                         uint32_t number)
{
    const struct vw_journey_pair pair = {hash_of(journey), number};

    return vw_array_push(pairs, pair);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct vw_journey_pair *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->number > y->number ? -1 : x->number < y->number;
}

void vw_journey_pairs_sort(struct vw_journey_pairs *pairs)
{
    size_t i, kept = 0;

    if (pairs->count == 0)
        return;
    qsort(pairs->items, pairs->count, sizeof *pairs->items, compare_pairs);
    for (i = 1; i < pairs->count; i++)
        if (pairs->items[i].hash != pairs->items[kept].hash)
            pairs->items[++kept] = pairs->items[i];
    pairs->count = kept + 1;
}

uint32_t vw_journey_pairs_get(const struct vw_journey_pairs *pairs,
                              const struct vw_journey *journey)
{
    uint64_t hash = hash_of(journey);
    size_t low = 0, high = pairs->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (pairs->items[middle].hash == hash)
            return pairs->items[middle].number;
        if (pairs->items[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}
