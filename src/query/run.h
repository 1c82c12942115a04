/* Rows through the phases of a plan. */
#ifndef VW_QUERY_RUN_H
#define VW_QUERY_RUN_H

#include "query/evaluate.h"
#include "query/rows.h"

/* How many rows wait for their group's memory at a time. */
#define VW_PENDING_MAX 32

/* A row on its way into its group. */
struct vw_pending {
    uint32_t hash;
    size_t key, key_size; /* in the key text */
    struct vw_moment moment;
};

/* One worker in one phase. */
struct vw_runner {
    const struct vw_plan *plan;
    const struct vw_phase *phase;
    struct vw_evaluation evaluation;
    struct vw_arena scratch; /* of rows on their way */
    struct vw_row row;
    struct vw_rows rows;     /* all endings but stats */
    struct vw_groups groups; /* stats */
    struct vw_arena kept;    /* texts of states */
    struct vw_pending pending[VW_PENDING_MAX];
    struct vw_value *measured; /* [pending][measure] */
    size_t pending_count;
    struct vw_key_text keys;
    uint64_t matched; /* rows that came through the steps */
    bool handed_on;   /* its groups hold nothing any more */
};

/* 0 or VW_ERROR_NO_MEMORY; to be freed in any case. `order` outlives it. */
int vw_runner_start(struct vw_runner *runner, const struct vw_plan *plan, size_t phase,
                    const struct vw_order *order, const struct vw_evaluation *evaluation);
void vw_runner_free(struct vw_runner *runner);

/* Takes the row whose input slots stand in `row`. What they point to must live until
 * vw_runner_settle. 0 or VW_ERROR_NO_MEMORY. */
int vw_runner_take(struct vw_runner *runner);

/* Ends what waits: the memory of the rows may go. */
int vw_runner_settle(struct vw_runner *runner);

/* ---- steps.c ---- */

/* Takes the row through the steps from number `step` on, and through `end` each row that
 * comes of it. */
int vw_steps_run(struct vw_runner *runner, size_t step,
                 int (*end)(struct vw_runner *runner));

/* ---- groups of stats: stats.c ---- */

int vw_stats_take(struct vw_runner *runner);

/* The rows that wait go into their groups. */
int vw_stats_update(struct vw_runner *runner);

/* Hands the groups of a part to `into`, those of all `count` runners `from` that agree
 * brought together, as rows of their phase. `held` is kept from part to part, and freed
 * by the caller; texts of states are put in `arena`. */
int vw_stats_feed(struct vw_runner *const *from, size_t count, unsigned part,
                  struct vw_groups *held, struct vw_arena *arena, struct vw_runner *into);

/* What states hold is given back. */
void vw_stats_release(const struct vw_phase *phase, struct vw_groups *groups);

#endif
