/* One worker in one phase: through the steps to the end of it. */
#include "query/run.h"

#include <vpcwhy/error.h>

#include "base/memory.h"

int vw_runner_start(struct vw_runner *runner, const struct vw_plan *plan, size_t phase,
                    const struct vw_order *order, const struct vw_evaluation *evaluation)
{
    const struct vw_phase *made = &plan->phases.items[phase];

    *runner = (struct vw_runner){.plan = plan, .phase = made, .evaluation = *evaluation};
    runner->row.slots = vw_calloc(plan->slot_count + 1, sizeof *runner->row.slots);
    runner->evaluation.slots = runner->row.slots;
    runner->evaluation.arena = &runner->scratch;
    runner->evaluation.matcher = vw_regex_matcher_create();
    runner->rows.order = order;
    runner->rows.limit = made->ending == VW_ENDING_ROWS ? made->limit : UINT64_MAX;
    if (!runner->row.slots || !runner->evaluation.matcher)
        return VW_ERROR_NO_MEMORY;
    if (made->ending != VW_ENDING_STATS)
        return 0;
    runner->groups.state_size = made->state_size;
    runner->measured =
        vw_calloc(VW_PENDING_MAX * (made->measures.count + 1), sizeof *runner->measured);
    return runner->measured ? 0 : VW_ERROR_NO_MEMORY;
}

void vw_runner_free(struct vw_runner *runner)
{
    if (!runner->handed_on)
        vw_stats_release(runner->phase, &runner->groups);
    vw_groups_free(&runner->groups);
    vw_rows_free(&runner->rows);
    vw_key_free(&runner->keys);
    vw_free(runner->measured);
    vw_free(runner->row.slots);
    vw_regex_matcher_free(runner->evaluation.matcher);
    vw_arena_free(&runner->scratch);
    vw_arena_free(&runner->kept);
    *runner = (struct vw_runner){0};
}

static int end_row(struct vw_runner *runner)
{
    runner->matched++;
    switch (runner->phase->ending) {
    case VW_ENDING_STATS:
        return vw_stats_take(runner);
    case VW_ENDING_DEDUP:
        return vw_rows_offer_distinct(&runner->rows, &runner->row);
    case VW_ENDING_ROWS:
    case VW_ENDING_ACCUM:
    case VW_ENDING_FILLMISSING:
    case VW_ENDING_FILLDOWN:
        break;
    }
    return vw_rows_offer(&runner->rows, &runner->row);
}

int vw_runner_take(struct vw_runner *runner)
{
    int error = vw_steps_run(runner, 0, end_row);

    if (!error && runner->scratch.failed)
        error = VW_ERROR_NO_MEMORY;
    if (!error && runner->pending_count == VW_PENDING_MAX)
        error = vw_stats_update(runner);
    if (runner->pending_count == 0)
        vw_arena_reset(&runner->scratch);
    return error;
}

int vw_runner_settle(struct vw_runner *runner)
{
    int error = vw_stats_update(runner);

    vw_arena_reset(&runner->scratch);
    return error;
}
