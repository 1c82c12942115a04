/*
 * The groups of stats. A row's key and what is measured of it wait in a short queue, so that
 * the memory of its group is on its way when its turn comes: with many groups nearly each one
 * lies beyond the caches.
 */
#include "query/run.h"

#include <vpcwhy/error.h>

#include "base/pool.h"

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
    vw_groups_prefetch(runner->groups, pending->hash);
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
        vw_groups_take(runner->groups, pending->hash, key, pending->key_size, &is_new);
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
        vw_groups_prefetch_group(runner->groups, runner->pending[i].hash);
    for (i = 0; i < runner->pending_count && !error; i++)
        error = update(runner, i);
    runner->pending_count = 0;
    runner->keys.size = 0;
    return error;
}

/* ---- merging ---- */

struct merge_job {
    struct vw_job job; /* first: what the pool knows */
    struct vw_runner *into;
    struct vw_runner *const *from;
    size_t count;
    unsigned part, step;   /* this part, and every `step` further */
    struct vw_arena arena; /* texts of states that this job merges */
    int error;
};

static int merge_group(struct merge_job *job, const struct vw_groups *groups,
                       struct vw_group *group)
{
    const struct vw_measures *measures = &job->into->phase->measures;
    const char *key = vw_group_key(groups, group);
    uint64_t hash = vw_group_hash(key, group->key_size);
    struct vw_group *mine;
    bool is_new;
    size_t i;
    int error = 0;

    mine = vw_groups_take(job->into->groups, hash, key, group->key_size, &is_new);
    if (!mine)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < measures->count && !error; i++) {
        const struct vw_measure *measure = &measures->items[i];
        char *theirs = (char *)vw_group_state(group) + measure->offset;

        error = measure->aggregator->merge((char *)vw_group_state(mine) + measure->offset,
                                           theirs, &job->arena);
        if (measure->aggregator->release)
            measure->aggregator->release(theirs);
    }
    return error;
}

static void merge_parts(struct vw_job *pool_job, unsigned worker)
{
    struct merge_job *job = (struct merge_job *)(void *)pool_job;
    unsigned part;
    size_t i;

    (void)worker;
    for (part = job->part; part < job->into->groups->parts; part += job->step) {
        for (i = 0; i < job->count && !job->error; i++) {
            struct vw_groups *groups = job->from[i]->groups;
            struct vw_group *group;
            size_t at = 0;

            while (!job->error && (group = vw_groups_next(groups, part, &at)))
                job->error = merge_group(job, groups, group);
            if (!job->error)
                vw_groups_free_part(groups, part);
        }
    }
}

int vw_stats_merge(struct vw_runner *runner, struct vw_runner *const *from, size_t count)
{
    struct merge_job jobs[VW_POOL_THREADS_MAX + 1] = {0};
    struct vw_pool *pool;
    unsigned workers, i;
    int error = 0;

    if (count == 0)
        return 0;
    pool = vw_pool_create(vw_pool_threads());
    if (!pool)
        return VW_ERROR_NO_MEMORY;
    workers = vw_pool_workers(pool);
    for (i = 0; i < workers; i++) {
        jobs[i] = (struct merge_job){.job = {.run = merge_parts},
                                     .into = runner,
                                     .from = from,
                                     .count = count,
                                     .part = i,
                                     .step = workers};
        vw_pool_add(pool, &jobs[i].job);
    }
    vw_pool_wait(pool);
    vw_pool_free(pool);
    for (i = 0; i < workers; i++) {
        vw_arena_adopt(&runner->kept, &jobs[i].arena);
        error = error ? error : jobs[i].error;
    }
    return error;
}

void vw_stats_read(const struct vw_runner *runner, const struct vw_group *group,
                   struct vw_value *slots, struct vw_arena *arena)
{
    const struct vw_phase *phase = runner->phase;
    struct vw_slice key = {vw_group_key(runner->groups, group), group->key_size};
    size_t i;

    for (i = 0; i < phase->groups.count; i++)
        slots[phase->groups.items[i].slot] = vw_key_take(&key, arena);
    for (i = 0; i < phase->measures.count; i++) {
        const struct vw_measure *measure = &phase->measures.items[i];

        slots[measure->slot] = measure->aggregator->finish(
            (const char *)vw_group_state(group) + measure->offset, measure->call, arena);
    }
}
