/*
 * The groups of a phase that ends in stats, which all its workers share. The upper bits of a
 * key's hash say in which part a group stands: a part has a lock and a table of its own,
 * which is small enough for a processor's cache. A worker puts its rows down in a queue for
 * each part, and takes the lock when there are so many that one visit to the part pays.
 */
#ifndef VW_QUERY_STATS_H
#define VW_QUERY_STATS_H

#include <pthread.h>

#include "query/groups.h"
#include "query/key.h"
#include "query/plan.h"

#define VW_STATS_PART_BITS 2
#define VW_STATS_PARTS (1u << VW_STATS_PART_BITS)

struct vw_stats_part {
    pthread_mutex_t lock;
    struct vw_groups groups;
    struct vw_arena texts; /* of states */
};

struct vw_stats {
    const struct vw_phase *phase;
    struct vw_pages pages; /* of all parts' groups */
    struct vw_stats_part parts[VW_STATS_PARTS];
};

/* NULL when out of memory. `phase` outlives it. */
struct vw_stats *vw_stats_create(const struct vw_phase *phase);

/* What states hold is given back. Accepts NULL. */
void vw_stats_free(struct vw_stats *stats);

/* How many groups there are, once no worker adds any more. */
size_t vw_stats_count(const struct vw_stats *stats);

/* The next group of a part; *at is 0 first. NULL at the end. */
struct vw_group *vw_stats_next(const struct vw_stats *stats, unsigned part, size_t *at);

/* Set the slots of what a group's measures came to, and of its keys. Texts are the group's
 * own, or stand in `arena`. */
void vw_stats_finish(const struct vw_stats *stats, struct vw_group *group,
                     struct vw_value *slots, struct vw_arena *arena);
void vw_stats_keys(const struct vw_stats *stats, const struct vw_group *group,
                   struct vw_value *slots, struct vw_arena *arena);

/* What a measure keeps of a value. */
static inline void vw_stats_measure(const struct vw_measure *measure,
                                    struct vw_value *value)
{
    struct vw_number number;
    uint64_t few;

    if (!measure->aggregator->of_numbers || value->kind != VW_VALUE_TEXT)
        return;
    if (vw_number_short(value->text, &few))
        *value = vw_value_integer(few);
    else if (vw_number_parse(value->text, &number))
        *value = vw_value_of(number);
    else
        *value = vw_value_null();
}

/* ---- stats_queue.c: the rows of one worker on their way into groups ---- */

struct vw_stats_queue {
    struct vw_stats *stats;
    struct vw_key_text key; /* of the next row */
    struct vw_stats_waiting {
        char *rows;
        size_t size, room;
    } parts[VW_STATS_PARTS];
};

/* Adds a row with the key in queue->key, which is empty then: `values` has one for each
 * measure; `moment` is looked at where the phase needs it. All is copied.
 * 0 or VW_ERROR_NO_MEMORY. */
int vw_stats_add(struct vw_stats_queue *queue, const struct vw_value *values,
                 const struct vw_moment *moment);

/* Whatever still waits goes into its group. */
int vw_stats_settle(struct vw_stats_queue *queue);

void vw_stats_queue_free(struct vw_stats_queue *queue);

#endif
