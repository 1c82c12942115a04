/*
 * Running a plan: the first phase on all workers of the scan, their parts merged, then one
 * phase after the other over what came of the one before.
 */
#include <vpcwhy/query.h>

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "query/names.h"
#include "query/query.h"
#include "query/result.h"
#include "query/feed.h"

struct execution {
    const struct vw_query *query;
    const struct vw_plan *plan;
    struct vw_feed feed;
    struct vw_order *orders;    /* [phase] */
    struct vw_runner **runners; /* [worker], of the first phase */
    unsigned workers;
    struct vw_evaluation evaluation;
    struct vw_diagnostics *diagnostics;
    uint64_t matched, given_up;
};

/* ---- the first phase ---- */

static int begin(void *context, const struct vw_log_layout *layout, bool *wanted)
{
    struct execution *execution = context;

    return vw_feed_begin(&execution->feed, layout, wanted);
}

static int take(void *context, unsigned worker, const struct vw_log_batch *batch)
{
    struct execution *execution = context;
    struct vw_runner *runner = execution->runners[worker];
    const struct vw_feed_layout *layout = vw_feed_find(&execution->feed, batch->layout);
    size_t i;
    int error = layout ? 0 : VW_ERROR_INTERNAL, settled;

    for (i = 0; i < batch->count && !error; i++)
        if (vw_feed_load(&execution->feed, layout, batch, i, &runner->row,
                         &runner->scratch))
            error = vw_runner_take(runner);
    settled = vw_runner_settle(runner);
    return error ? error : settled;
}

static int start_workers(struct execution *execution)
{
    unsigned i;
    int error = 0;

    execution->runners = vw_calloc(execution->workers, sizeof(void *));
    if (!execution->runners)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < execution->workers && !error; i++) {
        struct vw_runner *runner = vw_calloc(1, sizeof *runner);

        execution->runners[i] = runner;
        error = runner ? vw_runner_start(runner, execution->plan, 0,
                                         &execution->orders[0], &execution->evaluation)
                       : VW_ERROR_NO_MEMORY;
    }
    return error;
}

static int start(struct execution *execution)
{
    size_t count = execution->plan->phases.count, i;
    int error = 0;

    execution->orders = vw_calloc(count, sizeof *execution->orders);
    if (!execution->orders)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count && !error; i++)
        error = vw_order_make(execution->plan, i, &execution->orders[i]);
    return error ? error : start_workers(execution);
}

static void free_runner(struct execution *execution, struct vw_runner *runner)
{
    if (!runner)
        return;
    if (runner->evaluation.matcher)
        execution->given_up += vw_regex_gave_up(runner->evaluation.matcher);
    if (runner->phase)
        vw_runner_free(runner);
    vw_free(runner);
}

/* All that the workers found becomes the first one's. */
static int merge_workers(struct execution *execution)
{
    struct vw_runner *first = execution->runners[0];
    unsigned i;
    int error = 0;

    for (i = 1; i < execution->workers; i++)
        first->matched += execution->runners[i]->matched;
    if (first->phase->ending == VW_ENDING_STATS)
        error = vw_stats_merge(first, execution->runners + 1, execution->workers - 1);
    for (i = 1; i < execution->workers && !error; i++)
        error = vw_rows_merge(&first->rows, &execution->runners[i]->rows);
    for (i = 1; i < execution->workers; i++) {
        /* Texts of states that were moved over. */
        vw_arena_adopt(&first->kept, &execution->runners[i]->kept);
        free_runner(execution, execution->runners[i]);
        execution->runners[i] = NULL;
    }
    execution->matched = first->matched;
    return error;
}

/* ---- from phase to phase ---- */

static int feed_groups(const struct vw_runner *from, struct vw_runner *into)
{
    unsigned part;
    int error = 0;

    for (part = 0; part < from->groups->parts && !error; part++) {
        struct vw_group *group;
        size_t at = 0;

        while (!error && (group = vw_groups_next(from->groups, part, &at))) {
            vw_stats_read(from, group, into->row.slots, &into->scratch);
            error = vw_runner_take(into);
        }
    }
    return error;
}

static int feed_rows(const struct vw_runner *from, struct vw_runner *into)
{
    const struct vw_slots *kept = &from->phase->kept;
    size_t i, j;
    int error = 0;

    for (i = 0; i < from->rows.rows.count && !error; i++) {
        const struct vw_kept_row *row = from->rows.rows.items[i];

        for (j = 0; j < kept->count; j++)
            into->row.slots[kept->items[j]] = row->values[j];
        into->row.moment = row->moment;
        into->row.sequence = row->sequence;
        error = vw_runner_take(into);
    }
    return error;
}

static int finish_phase(struct execution *execution, struct vw_runner *runner,
                        size_t phase)
{
    int error = vw_runner_settle(runner);

    if (error || runner->phase->ending == VW_ENDING_STATS)
        return error;
    error = vw_rows_finish(&runner->rows);
    return error ? error : vw_rows_series(&runner->rows, execution->plan, phase);
}

/* Runs the phases behind the first; *runner is the last one's at the end. */
static int run_phases(struct execution *execution, struct vw_runner **runner)
{
    size_t phase;
    int error = finish_phase(execution, *runner, 0);

    for (phase = 1; phase < execution->plan->phases.count && !error; phase++) {
        struct vw_runner *next = vw_calloc(1, sizeof *next);

        error = next ? vw_runner_start(next, execution->plan, phase,
                                       &execution->orders[phase], &execution->evaluation)
                     : VW_ERROR_NO_MEMORY;
        if (!error)
            error =
                (*runner)->groups ? feed_groups(*runner, next) : feed_rows(*runner, next);
        if (!error)
            error = finish_phase(execution, next, phase);
        free_runner(execution, *runner);
        *runner = next;
    }
    return error;
}

/* ---- what there is to say ---- */

static void report_missing(const struct execution *execution)
{
    const struct vw_plan *plan = execution->plan;
    size_t i;

    for (i = 0; i < plan->inputs.count; i++) {
        const struct vw_input_field *input = &plan->inputs.items[i];
        struct vw_nearest nearest = vw_nearest_to(input->name);
        struct vw_place place =
            vw_syntax_place(execution->query->syntax.text, input->span.offset);

        if (execution->feed.found[i])
            continue;
        vw_nearest_offer_fields(&nearest);
        if (vw_field_known(input->name) || !nearest.best.size)
            vw_diagnose(execution->diagnostics, VW_SEVERITY_WARNING, "query-field", place,
                        "no record has a field %.*s: it is empty", (int)input->name.size,
                        input->name.data);
        else
            vw_diagnose(execution->diagnostics, VW_SEVERITY_WARNING, "query-field", place,
                        "no record has a field %.*s: it is empty; is %.*s meant?",
                        (int)input->name.size, input->name.data, (int)nearest.best.size,
                        nearest.best.data);
    }
}

static void report(const struct execution *execution,
                   const struct vw_query_result *result)
{
    struct vw_place nowhere = {0};

    if (result->records_scanned)
        report_missing(execution);
    if (execution->given_up)
        vw_diagnose(
            execution->diagnostics, VW_SEVERITY_WARNING, "query-regex", nowhere,
            "%llu matches of regular expressions were given up: they take too many "
            "steps, and count as none",
            (unsigned long long)execution->given_up);
    if (result->left_out)
        vw_diagnose(execution->diagnostics, VW_SEVERITY_NOTE, "query-limit", nowhere,
                    "the first %d rows are shown, %llu more are not: add a limit",
                    VW_QUERY_LIMIT_DEFAULT, (unsigned long long)result->left_out);
}

static int scan(struct execution *execution, const struct vw_query_options *options,
                struct vw_log_totals *ret_totals)
{
    struct vw_log_options scanned = {
        .paths = options->paths,
        .path_count = options->path_count,
        .format = options->format,
        .workers = options->workers,
        .progress = options->progress,
        .progress_context = options->progress_context,
    };
    struct vw_log_sink sink = {execution, begin, take};
    int error;

    execution->workers = vw_log_workers(&scanned);
    error = start(execution);
    if (!error)
        error = vw_log_scan(&scanned, &sink, execution->diagnostics, ret_totals);
    return error ? error : merge_workers(execution);
}

static int64_t milliseconds(int64_t time)
{
    return time == VW_QUERY_ANY_TIME ? VW_QUERY_OPEN : time / 1000000;
}

static void free_execution(struct execution *execution, struct vw_runner *last)
{
    size_t i;

    free_runner(execution, last);
    for (i = 0; execution->runners && i < execution->workers; i++)
        free_runner(execution, execution->runners[i]);
    vw_free(execution->runners);
    for (i = 0; execution->orders && i < execution->plan->phases.count; i++)
        vw_order_free(&execution->orders[i]);
    vw_free(execution->orders);
    vw_feed_free(&execution->feed);
}

int vw_query_run(const struct vw_query *query, const struct vw_query_options *options,
                 struct vw_diagnostics *diagnostics, struct vw_query_result **ret_result)
{
    struct execution execution = {
        .query = query,
        .plan = &query->plan,
        .diagnostics = diagnostics,
        .evaluation = {.now = options->now / 1000000,
                       .since = milliseconds(options->since),
                       .until = milliseconds(options->until)},
    };
    struct vw_log_totals totals = {0};
    struct vw_query_result *result = NULL;
    struct vw_runner *last = NULL;
    int error;

    if (!query->is_compiled)
        return VW_ERROR_QUESTION;
    error = vw_feed_start(&execution.feed, &query->plan, options->since, options->until);
    if (!error)
        error = scan(&execution, options, &totals);
    if (!error) {
        last = execution.runners[0];
        execution.runners[0] = NULL;
        error = run_phases(&execution, &last);
    }
    if (!error)
        error = vw_result_make(&query->plan, last, &execution.feed, &result);
    if (!error) {
        result->records_matched = execution.matched;
        result->records_scanned = totals.records;
        result->bytes_scanned = totals.bytes;
        result->damaged = totals.damaged;
        report(&execution, result);
        *ret_result = result;
    }
    free_execution(&execution, last);
    return error;
}
