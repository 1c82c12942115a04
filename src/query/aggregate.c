/* All aggregators by name, and the order of moments. */
#include "query/aggregate.h"

#include "query/names.h"

static const struct vw_aggregator *const themes[] = {
    vw_sum_aggregators, vw_extreme_aggregators, vw_tally_aggregators};

const struct vw_aggregator *vw_aggregator_at(size_t index)
{
    size_t theme;

    for (theme = 0; theme < sizeof themes / sizeof *themes; theme++) {
        const struct vw_aggregator *aggregator = themes[theme];

        for (; aggregator->name; aggregator++)
            if (index-- == 0)
                return aggregator;
    }
    return NULL;
}

const struct vw_aggregator *vw_aggregator_find(struct vw_slice name)
{
    const struct vw_aggregator *aggregator;
    size_t i;

    for (i = 0; (aggregator = vw_aggregator_at(i)); i++)
        if (vw_name_same(name, vw_slice_of(aggregator->name)))
            return aggregator;
    return NULL;
}

int vw_moment_compare(const struct vw_moment *a, const struct vw_moment *b)
{
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->part > b->part) - (a->part < b->part);
}
