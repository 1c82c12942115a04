/* Groups of stats, and how they become rows; see stats.h. */
#include "query/stats.h"

#include "base/memory.h"

struct vw_stats *vw_stats_create(const struct vw_phase *phase)
{
    struct vw_stats *stats = vw_calloc(1, sizeof *stats);
    unsigned i;

    if (!stats || vw_pages_start(&stats->pages)) {
        vw_free(stats);
        return NULL;
    }
    stats->phase = phase;
    for (i = 0; i < VW_STATS_PARTS; i++) {
        pthread_mutex_init(&stats->parts[i].lock, NULL);
        stats->parts[i].groups.state_size = phase->state_size;
        stats->parts[i].groups.skipped = VW_STATS_PART_BITS;
        stats->parts[i].groups.pages = &stats->pages;
    }
    return stats;
}

static void release(const struct vw_phase *phase, struct vw_groups *groups)
{
    size_t i;

    for (i = 0; i < phase->measures.count; i++) {
        const struct vw_measure *measure = &phase->measures.items[i];
        struct vw_group *group;
        size_t at = 0;

        if (!measure->aggregator->release)
            continue;
        while ((group = vw_groups_next(groups, &at)))
            measure->aggregator->release((char *)vw_group_state(group) + measure->offset);
    }
}

void vw_stats_free(struct vw_stats *stats)
{
    unsigned i;

    if (!stats)
        return;
    for (i = 0; i < VW_STATS_PARTS; i++) {
        struct vw_stats_part *part = &stats->parts[i];

        release(stats->phase, &part->groups);
        vw_groups_free(&part->groups);
        vw_arena_free(&part->texts);
        pthread_mutex_destroy(&part->lock);
    }
    vw_pages_end(&stats->pages);
    vw_free(stats);
}

size_t vw_stats_count(const struct vw_stats *stats)
{
    size_t count = 0;
    unsigned i;

    for (i = 0; i < VW_STATS_PARTS; i++)
        count += stats->parts[i].groups.count;
    return count;
}

struct vw_group *vw_stats_next(const struct vw_stats *stats, unsigned part, size_t *at)
{
    return vw_groups_next(&stats->parts[part].groups, at);
}

void vw_stats_finish(const struct vw_stats *stats, struct vw_group *group,
                     struct vw_value *slots, struct vw_arena *arena)
{
    const struct vw_measures *measures = &stats->phase->measures;
    const char *state = vw_group_state(group);
    size_t i;

    for (i = 0; i < measures->count; i++) {
        const struct vw_measure *measure = &measures->items[i];

        slots[measure->slot] =
            measure->aggregator->finish(state + measure->offset, measure->call, arena);
    }
}

void vw_stats_keys(const struct vw_stats *stats, const struct vw_group *group,
                   struct vw_value *slots, struct vw_arena *arena)
{
    const struct vw_group_keys *keys = &stats->phase->groups;
    struct vw_slice key = vw_group_key(&stats->parts[0].groups, group);
    size_t i;

    for (i = 0; i < keys->count; i++)
        slots[keys->items[i].slot] = vw_key_take(&key, arena);
}
