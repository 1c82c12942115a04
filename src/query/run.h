/* Rows through the phases of a plan. */
#ifndef VW_QUERY_RUN_H
#define VW_QUERY_RUN_H

#include "query/evaluate.h"
#include "query/rows.h"
#include "query/stats.h"

/* One worker in one phase. */
struct vw_runner {
    const struct vw_plan *plan;
    const struct vw_phase *phase;
    struct vw_evaluation evaluation;
    struct vw_arena scratch; /* of the row */
    struct vw_row row;
    struct vw_rows rows;         /* all endings but stats */
    struct vw_stats_queue queue; /* stats */
    struct vw_value *measured;   /* [measure] of a row, stats */
    uint64_t matched;            /* rows that came through the steps */
};

/* 0 or VW_ERROR_NO_MEMORY; to be freed in any case. `order` outlives it, and `stats`: the
 * groups of a phase that ends in stats, else NULL. */
int vw_runner_start(struct vw_runner *runner, const struct vw_plan *plan, size_t phase,
                    const struct vw_order *order, struct vw_stats *stats,
                    const struct vw_evaluation *evaluation);
void vw_runner_free(struct vw_runner *runner);

/* Takes the row whose input slots stand in `row`. 0 or VW_ERROR_NO_MEMORY. */
int vw_runner_take(struct vw_runner *runner);

/* ---- steps.c ---- */

/* Takes the row through the steps from number `step` on, and through `end` each row that
 * comes of it. */
int vw_steps_run(struct vw_runner *runner, size_t step,
                 int (*end)(struct vw_runner *runner));

#endif
