/*
 * The groups of stats. A row's key and what is measured of it wait in a short queue, so that
 * the memory of its group is on its way when its turn comes: with many groups nearly each one
 * lies beyond the caches.
 */
#include "query/run.h"

#include <string.h>

#include <vpcwhy/error.h>

static struct vw_value measure(struct vw_runner *runner, const struct vw_measure *measure)
{
    if (measure->call->argument_count == 0)
        return vw_value_truth(true); /* count(*) */
    return vw_evaluate(&runner->evaluation, measure->call->arguments[0]);
}

int vw_stats_take(struct vw_runner *runner)
{
    const struct vw_phase *phase = runner->phase;
    struct vw_pending *pending;
    size_t start, i;

    /* A record may become many rows: its own texts must stay until the last of them. */
    if (runner->pending_count == VW_PENDING_MAX && vw_stats_update(runner))
        return VW_ERROR_NO_MEMORY;
    pending = &runner->pending[runner->pending_count];
    start = runner->keys.size;
    for (i = 0; i < phase->groups.count; i++) {
        struct vw_value value =
            vw_evaluate(&runner->evaluation, phase->groups.items[i].expression);

        if (vw_key_add(&runner->keys, &value))
            return VW_ERROR_NO_MEMORY;
    }
    for (i = 0; i < phase->measures.count; i++)
        runner->measured[runner->pending_count * phase->measures.count + i] =
            measure(runner, &phase->measures.items[i]);
    pending->key = start;
    pending->key_size = runner->keys.size - start;
    pending->hash = vw_group_hash(runner->keys.data ? runner->keys.data + start : "",
                                  pending->key_size);
    pending->moment = runner->row.moment;
    vw_groups_prefetch(&runner->groups, pending->hash);
    runner->pending_count++;
    return 0;
}

static int update(struct vw_runner *runner, size_t number)
{
    const struct vw_pending *pending = &runner->pending[number];
    const struct vw_measures *measures = &runner->phase->measures;
    const struct vw_value *values = &runner->measured[number * measures->count];
    const char *key = runner->keys.data ? runner->keys.data + pending->key : "";
    struct vw_group *group;
    bool is_new;
    size_t i;
    int error = 0;

    group =
        vw_groups_take(&runner->groups, pending->hash, key, pending->key_size, &is_new);
    if (!group)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < measures->count && !error; i++) {
        const struct vw_measure *measure = &measures->items[i];

        if (values[i].kind != VW_VALUE_NULL)
            error = measure->aggregator->update(
                (char *)vw_group_state(group) + measure->offset, &values[i],
                &pending->moment, &runner->kept);
    }
    return error;
}

int vw_stats_update(struct vw_runner *runner)
{
    size_t i;
    int error = 0;

    for (i = 0; i < runner->pending_count; i++)
        vw_groups_prefetch_group(&runner->groups, runner->pending[i].hash);
    for (i = 0; i < runner->pending_count && !error; i++)
        error = update(runner, i);
    runner->pending_count = 0;
    runner->keys.size = 0;
    return error;
}

void vw_stats_release(const struct vw_phase *phase, struct vw_groups *groups)
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

/* ---- from groups to rows ---- */

/* The states of `group` go into those of `mine`; it has none any more. */
static int move_states(const struct vw_phase *phase, struct vw_group *group,
                       struct vw_group *mine, bool is_new, struct vw_arena *arena)
{
    char *theirs = vw_group_state(group), *ours = vw_group_state(mine);
    size_t i;
    int error = 0;

    if (is_new) {
        memcpy(ours, theirs, phase->state_size);
        memset(theirs, 0, phase->state_size);
        return 0;
    }
    for (i = 0; i < phase->measures.count && !error; i++) {
        const struct vw_measure *measure = &phase->measures.items[i];

        error = measure->aggregator->merge(ours + measure->offset,
                                           theirs + measure->offset, arena);
        if (measure->aggregator->release)
            measure->aggregator->release(theirs + measure->offset);
    }
    return error;
}

static int gather(struct vw_runner *const *from, size_t count, unsigned part,
                  struct vw_groups *held, struct vw_arena *arena)
{
    size_t i;
    int error = 0;

    for (i = 0; i < count && !error; i++) {
        const struct vw_groups *groups = &from[i]->groups;
        struct vw_group *group;
        size_t at = 0;

        while (!error && (group = vw_groups_next_of(groups, part, &at))) {
            bool is_new = false;
            struct vw_group *mine = vw_groups_take(
                held, group->hash, vw_group_key(groups, group), group->key_size, &is_new);

            error = mine ? move_states(from[0]->phase, group, mine, is_new, arena)
                         : VW_ERROR_NO_MEMORY;
        }
    }
    return error;
}

/* The slots of a group: its keys, and what its measures came to. */
static void read_group(const struct vw_phase *phase, const struct vw_groups *groups,
                       struct vw_group *group, struct vw_value *slots,
                       struct vw_arena *arena)
{
    struct vw_slice key = {vw_group_key(groups, group), group->key_size};
    size_t i;

    for (i = 0; i < phase->groups.count; i++)
        slots[phase->groups.items[i].slot] = vw_key_take(&key, arena);
    for (i = 0; i < phase->measures.count; i++) {
        const struct vw_measure *measure = &phase->measures.items[i];

        slots[measure->slot] = measure->aggregator->finish(
            (const char *)vw_group_state(group) + measure->offset, measure->call, arena);
    }
}

int vw_stats_feed(struct vw_runner *const *from, size_t count, unsigned part,
                  struct vw_groups *held, struct vw_arena *arena, struct vw_runner *into)
{
    const struct vw_phase *phase = from[0]->phase;
    struct vw_group *group;
    size_t at = 0;
    int error, settled;

    held->state_size = phase->state_size;
    held->skipped = VW_GROUP_PART_BITS;
    error = gather(from, count, part, held, arena);
    while (!error && (group = vw_groups_next(held, &at))) {
        read_group(phase, held, group, into->row.slots, &into->scratch);
        error = vw_runner_take(into);
    }
    settled = vw_runner_settle(into);
    vw_stats_release(phase, held);
    vw_groups_clear(held);
    return error ? error : settled;
}
