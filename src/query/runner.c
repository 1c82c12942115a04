/* One worker in one phase: through the steps to the end of it. */
#include "query/run.h"

#include <vpcwhy/error.h>

#include "base/memory.h"

int vw_runner_start(struct vw_runner *runner, const struct vw_plan *plan, size_t phase,
                    const struct vw_order *order, struct vw_stats *stats,
                    const struct vw_evaluation *evaluation)
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
    runner->queue.stats = stats;
    runner->measured = vw_calloc(made->measures.count + 1, sizeof *runner->measured);
    return runner->measured ? 0 : VW_ERROR_NO_MEMORY;
}

void vw_runner_free(struct vw_runner *runner)
{
    vw_rows_free(&runner->rows);
    vw_stats_queue_free(&runner->queue);
    vw_free(runner->measured);
    vw_free(runner->row.slots);
    vw_regex_matcher_free(runner->evaluation.matcher);
    vw_arena_free(&runner->scratch);
    *runner = (struct vw_runner){0};
}

static struct vw_value measure(struct vw_runner *runner, const struct vw_measure *measure)
{
    struct vw_value value;

    if (measure->call->argument_count == 0)
        return vw_value_truth(true); /* count(*) */
    value = vw_evaluate(&runner->evaluation, measure->call->arguments[0]);
    vw_stats_measure(measure, &value);
    return value;
}

static int take_stats(struct vw_runner *runner)
{
    const struct vw_phase *phase = runner->phase;
    size_t i;

    for (i = 0; i < phase->groups.count; i++) {
        struct vw_value value =
            vw_evaluate(&runner->evaluation, phase->groups.items[i].expression);

        if (vw_key_add(&runner->queue.key, &value))
            return VW_ERROR_NO_MEMORY;
    }
    for (i = 0; i < phase->measures.count; i++)
        runner->measured[i] = measure(runner, &phase->measures.items[i]);
    return vw_stats_add(&runner->queue, runner->measured, &runner->row.moment);
}

static int end_row(struct vw_runner *runner)
{
    runner->matched++;
    switch (runner->phase->ending) {
    case VW_ENDING_STATS:
        return take_stats(runner);
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
    vw_arena_reset(&runner->scratch);
    return error;
}
