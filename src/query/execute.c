/*
 * Running a plan: the first phase on all workers of the scan, their parts merged, then one
 * phase after the other over what came of the one before.
 */
#include <vpcwhy/query.h>

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "base/pool.h"
#include "query/names.h"
#include "query/query.h"
#include "query/result.h"
#include "query/stats_columns.h"

/* The workers of a phase, and the groups that they share where it ends in stats. */
struct crew {
    struct vw_runner **runners;
    unsigned count;
    struct vw_stats *stats;
};

struct execution {
    const struct vw_query *query;
    const struct vw_plan *plan;
    struct vw_feed feed;
    struct vw_order *orders; /* [phase] */
    struct crew *first;      /* of the scan */
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

static int take_rows(const struct vw_feed *feed, const struct vw_feed_layout *layout,
                     const struct vw_log_batch *batch, struct vw_runner *runner)
{
    size_t i;
    int error = 0;

    for (i = 0; i < batch->count && !error; i++)
        if (vw_feed_load(feed, layout, batch, i, &runner->row, &runner->scratch))
            error = vw_runner_take(runner);
    return error;
}

static int take(void *context, unsigned worker, const struct vw_log_batch *batch)
{
    struct execution *execution = context;
    struct vw_runner *runner = execution->first->runners[worker];
    const struct vw_feed_layout *layout = vw_feed_find(&execution->feed, batch->layout);
    struct vw_stats_columns columns;

    if (!layout)
        return VW_ERROR_INTERNAL;
    if (vw_stats_columns_find(&execution->feed, layout, &columns))
        return vw_stats_columns_take(runner, &columns, batch);
    return take_rows(&execution->feed, layout, batch, runner);
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
    return error;
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

/* ---- from phase to phase: what one worker or several came to becomes rows of the next ---- */

static void free_crew(struct execution *execution, struct crew *crew)
{
    unsigned i;

    for (i = 0; crew->runners && i < crew->count; i++)
        free_runner(execution, crew->runners[i]);
    vw_free(crew->runners);
    vw_stats_free(crew->stats);
    *crew = (struct crew){0};
}

static int make_crew(struct execution *execution, size_t phase, unsigned count,
                     struct crew *ret)
{
    const struct vw_phase *made = &execution->plan->phases.items[phase];
    unsigned i;
    int error = 0;

    *ret = (struct crew){.runners = vw_calloc(count, sizeof(void *)), .count = count};
    if (made->ending == VW_ENDING_STATS)
        ret->stats = vw_stats_create(made);
    if (!ret->runners || (made->ending == VW_ENDING_STATS && !ret->stats))
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count && !error; i++) {
        struct vw_runner *runner = vw_calloc(1, sizeof *runner);

        ret->runners[i] = runner;
        error = runner ? vw_runner_start(runner, execution->plan, phase,
                                         &execution->orders[phase], ret->stats,
                                         &execution->evaluation)
                       : VW_ERROR_NO_MEMORY;
    }
    return error;
}

/* Brings rows of all workers together, in order, with the first one, or into groups. */
static int finish_phase(struct execution *execution, const struct crew *crew,
                        size_t phase)
{
    struct vw_runner *first = crew->runners[0];
    unsigned i;
    int error = 0;

    for (i = 1; i < crew->count; i++)
        first->matched += crew->runners[i]->matched;
    if (crew->stats) {
        for (i = 0; i < crew->count && !error; i++)
            error = vw_stats_settle(&crew->runners[i]->queue);
        return error;
    }
    for (i = 1; i < crew->count && !error; i++)
        error = vw_rows_merge(&first->rows, &crew->runners[i]->rows);
    if (!error)
        error = vw_rows_finish(&first->rows);
    return error ? error : vw_rows_series(&first->rows, execution->plan, phase);
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

/* Whether the first thing that `into` sorts by is a measure of the groups, and nothing is
 * done with a row before. */
static bool sorts_by_measure(const struct vw_runner *into, const struct vw_stats *from)
{
    const struct vw_order_keys *keys = &into->rows.order->keys;
    const struct vw_measures *measures = &from->phase->measures;
    size_t i;

    if (into->phase->ending != VW_ENDING_ROWS || into->phase->steps.count > 0 ||
        into->phase->sort.count == 0)
        return false;
    for (i = 0; i < measures->count; i++)
        if (measures->items[i].slot == keys->items[0].slot)
            return true;
    return false;
}

/* Of many groups few are shown: the others' keys need not become text. */
static int feed_part(const struct vw_stats *from, unsigned part, struct vw_runner *into)
{
    bool by_measure = sorts_by_measure(into, from);
    struct vw_group *group;
    size_t at = 0;
    int error = 0;

    while (!error && (group = vw_stats_next(from, part, &at))) {
        vw_stats_finish(from, group, into->row.slots, &into->scratch);
        if (by_measure && vw_rows_pass_over(&into->rows, into->row.slots)) {
            into->matched++;
            vw_arena_reset(&into->scratch);
            continue;
        }
        vw_stats_keys(from, group, into->row.slots, &into->scratch);
        error = vw_runner_take(into);
    }
    return error;
}

/* Parts of the groups, one after the other, by whoever is free. */
struct feed_job {
    struct vw_job job; /* first: what the pool knows */
    const struct vw_stats *from;
    struct vw_runner *into;
    unsigned part, step; /* this part, and every `step` further */
    int error;
};

static void feed_parts(struct vw_job *pool_job, unsigned worker)
{
    struct feed_job *job = (struct feed_job *)(void *)pool_job;
    unsigned part;

    (void)worker;
    for (part = job->part; part < VW_STATS_PARTS && !job->error; part += job->step)
        job->error = feed_part(job->from, part, job->into);
}

static int feed_groups(const struct vw_stats *from, const struct crew *into)
{
    struct feed_job jobs[VW_POOL_THREADS_MAX + 1] = {0};
    struct vw_pool *pool = vw_pool_create(into->count - 1);
    unsigned i;
    int error = 0;

    if (!pool)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < into->count; i++) {
        jobs[i] = (struct feed_job){.job = {.run = feed_parts},
                                    .from = from,
                                    .into = into->runners[i],
                                    .part = i,
                                    .step = into->count};
        vw_pool_add(pool, &jobs[i].job);
    }
    vw_pool_wait(pool);
    vw_pool_free(pool);
    for (i = 0; i < into->count; i++)
        error = error ? error : jobs[i].error;
    return error;
}

/* Fewer groups are not worth a second thread. */
#define GROUPS_SHARED 2000

static unsigned crew_size(const struct vw_stats *stats)
{
    unsigned most = vw_pool_threads() + 1;

    if (!stats || vw_stats_count(stats) < GROUPS_SHARED)
        return 1;
    return most > VW_POOL_THREADS_MAX ? VW_POOL_THREADS_MAX : most;
}

/* Runs the phases behind the first; *crew is the last one's at the end. */
static int run_phases(struct execution *execution, struct crew *crew)
{
    size_t phase;
    int error = finish_phase(execution, crew, 0);

    execution->matched = crew->runners[0]->matched;
    for (phase = 1; phase < execution->plan->phases.count && !error; phase++) {
        struct crew next;

        error = make_crew(execution, phase, crew_size(crew->stats), &next);
        if (!error)
            error = crew->stats ? feed_groups(crew->stats, &next)
                                : feed_rows(crew->runners[0], next.runners[0]);
        if (!error)
            error = finish_phase(execution, &next, phase);
        free_crew(execution, crew);
        *crew = next;
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

static const char *format_of(void *context, const struct vw_log_file *file,
                             struct vw_slice stream, struct vw_slice group)
{
    const struct vw_query_options *options = context;

    (void)group;
    return options->format_of(options->format_context, file->path, stream.data,
                              stream.size);
}

static int scan(struct execution *execution, struct vw_query_options options,
                struct crew *crew, struct vw_log_totals *ret_totals)
{
    struct vw_log_options scanned = {
        .paths = options.paths,
        .path_count = options.path_count,
        .format = options.format,
        .format_of = options.format_of ? format_of : NULL,
        .format_context = &options,
        .workers = options.workers,
        .progress = options.progress,
        .progress_context = options.progress_context,
    };
    struct vw_log_sink sink = {execution, begin, take};
    int error;

    execution->first = crew;
    error = start(execution);
    if (!error)
        error = make_crew(execution, 0, vw_log_workers(&scanned), crew);
    if (!error)
        error = vw_log_scan(&scanned, &sink, execution->diagnostics, ret_totals);
    return error;
}

static int64_t milliseconds(int64_t time)
{
    return time == VW_QUERY_ANY_TIME ? VW_QUERY_OPEN : time / 1000000;
}

static void free_execution(struct execution *execution, struct crew *crew)
{
    size_t i;

    free_crew(execution, crew);
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
    struct crew crew = {0};
    int error;

    if (!query->is_compiled)
        return VW_ERROR_QUESTION;
    error = vw_feed_start(&execution.feed, &query->plan, options->since, options->until);
    if (!error)
        error = scan(&execution, *options, &crew, &totals);
    if (!error)
        error = run_phases(&execution, &crew);
    if (!error)
        error = vw_result_make(&query->plan, crew.runners[0], &execution.feed, &result);
    if (!error) {
        result->records_matched = execution.matched;
        result->records_scanned = totals.records;
        result->bytes_scanned = totals.bytes;
        result->damaged = totals.damaged;
        free_crew(&execution, &crew); /* and what its matchers gave up is known */
        report(&execution, result);
        *ret_result = result;
    }
    free_execution(&execution, &crew);
    return error;
}
