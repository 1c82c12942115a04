/* vpcwhy flows: the distinct flows of any number of flow logs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>
#include <vpcwhy/flows.h>
#include <vpcwhy/report.h>
#include <vpcwhy/time.h>
#include <vpcwhy/world.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/sources.h"

/* So many are shown as text unless more are asked for. */
#define SHOWN_AS_TEXT 20

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

struct flows_options {
    const char *partial;
    struct cli_list merge, exports;
    int sql; /* enum vw_sql; -1: not asked for */
    const char *table, *format_string, *since, *until, *limit;
};

#define FIELD(name) offsetof(struct flows_options, name)

static const struct cli_option flows_options[] = {
    {"partial", CLI_TEXT, FIELD(partial), "FILE",
     "write the table to FILE, to be added up with others"},
    {"merge", CLI_LIST, FIELD(merge), "FILE",
     "add up what --partial wrote; operands are such files too"},
    {"sql", CLI_WORD, FIELD(sql), "athena|clickhouse|duckdb",
     "print the statement that computes the table where the logs live"},
    {"table", CLI_TEXT, FIELD(table), "NAME",
     "for --sql: the table, or files for clickhouse and duckdb (vpc_flow_logs)"},
    {"format-string", CLI_TEXT, FIELD(format_string), "FORMAT",
     "LogFormat of logs without a header line: '${version} ...'"},
    {"export", CLI_LIST, FIELD(exports), "EXPORT",
     "an export: its flow logs tell the formats of logs without a header line"},
    {"limit", CLI_TEXT, FIELD(limit), "N",
     "only the N busiest flows, 0: all (as text 20, else all)"},
    {"since", CLI_TEXT, FIELD(since), "TIME",
     "only what was recorded from then on (RFC 3339, or seconds since 1970)"},
    {"until", CLI_TEXT, FIELD(until), "TIME", "only what was recorded up to then"},
};

#define FLOWS_OPTION_COUNT (sizeof flows_options / sizeof *flows_options)

/* All that a run holds. */
struct job {
    struct flows_options written;
    struct cli_output output;
    struct cli_list operands;
    int64_t since, until;
    size_t limit;
    struct vw_diagnostics *diagnostics;
    struct vw_flows *flows;
    struct vw_world *world; /* of --export */
};

/* ---- what the command line says ---- */

static int read_time(const char *option, const char *text, int64_t *ret_time)
{
    *ret_time = VW_TIME_UNKNOWN;
    if (!text || vw_time_from_text(text, ret_time))
        return 0;
    return cli_usage_error("flows", "--%s \"%s\" is no time such as 2025-01-17T14:00:20Z",
                           option, text);
}

static int read_limit(struct job *job)
{
    unsigned long limit;

    job->limit = job->output.format == FORMAT_TEXT ? SHOWN_AS_TEXT : 0;
    if (!job->written.limit)
        return 0;
    if (!cli_number(job->written.limit, 1000000000, &limit))
        return cli_usage_error("flows", "--limit \"%s\" is no number of flows",
                               job->written.limit);
    job->limit = limit;
    return 0;
}

static int check_inputs(const struct job *job)
{
    const struct flows_options *written = &job->written;

    if (written->sql >= 0)
        return job->operands.count || written->merge.count || written->partial
                   ? cli_usage_error("flows", "--sql reads no files")
                   : 0;
    if (written->table)
        return cli_usage_error("flows", "--table is for --sql");
    if (written->merge.count && (written->since || written->until))
        return cli_usage_error("flows", "a partial table has no single records: give "
                                        "--since and --until where it is made");
    if (!job->operands.count && !written->merge.count)
        return cli_usage_error("flows", "no FILE is given");
    return 0;
}

static int check_command_line(struct job *job)
{
    int status = check_inputs(job);

    if (!status)
        status = read_limit(job);
    if (!status)
        status = read_time("since", job->written.since, &job->since);
    if (!status)
        status = read_time("until", job->written.until, &job->until);
    if (!status && job->since != VW_TIME_UNKNOWN && job->until != VW_TIME_UNKNOWN &&
        job->since > job->until)
        status = cli_usage_error("flows", "--since is after --until");
    return status;
}

/* ---- the work ---- */

/* With --merge all operands are partial tables: `--merge OUT...` takes what a pattern of
 * the shell gives. */
static int read_all(struct job *job)
{
    const struct flows_options *written = &job->written;
    int error = 0;
    size_t i;

    if (!written->merge.count)
        return vw_flows_read(job->flows, job->operands.items, job->operands.count,
                             written->format_string, job->diagnostics);
    for (i = 0; i < written->merge.count && !error; i++)
        error = vw_flows_merge(job->flows, written->merge.items[i], job->diagnostics);
    for (i = 0; i < job->operands.count && !error; i++)
        error = vw_flows_merge(job->flows, job->operands.items[i], job->diagnostics);
    return error;
}

static int write_partial(const struct job *job)
{
    FILE *out = fopen(job->written.partial, "wb");
    bool failed;

    if (!out) {
        fprintf(stderr, "vpcwhy: error: cannot write %s: %s\n", job->written.partial,
                strerror(errno));
        return CLI_UNUSABLE;
    }
    failed = vw_flows_write_partial(job->flows, out) != 0;
    failed |= fclose(out) != 0;
    if (!failed)
        return CLI_GOOD;
    fprintf(stderr, "vpcwhy: error: cannot write %s: %s\n", job->written.partial,
            strerror(errno));
    remove(job->written.partial);
    return CLI_INTERNAL;
}

static int show(const struct job *job)
{
    int error = 0;

    switch ((enum format)job->output.format) {
    case FORMAT_TEXT:
        error = vw_report_flows_text(job->flows, cli_result_style(&job->output), stdout);
        break;
    case FORMAT_CSV:
        error = vw_report_flows_csv(job->flows, stdout);
        break;
    case FORMAT_JSON:
        error = vw_report_flows_json(job->flows, stdout);
        break;
    }
    return cli_finish(error, CLI_GOOD);
}

static int load_exports(struct job *job)
{
    const struct cli_list *exports = &job->written.exports;

    return exports->count > 0 ? vw_world_load(exports->items, exports->count,
                                              job->diagnostics, &job->world)
                              : 0;
}

static int flows_run(struct job *job)
{
    struct cli_progress progress;
    struct vw_flows_options options = {
        .since = job->since,
        .until = job->until,
        .remembers = job->written.partial != NULL,
        .progress = cli_progress_show,
        .progress_context = &progress,
    };
    int error;

    job->diagnostics = vw_diagnostics_create();
    if (!job->diagnostics)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    error = load_exports(job);
    progress = cli_progress_begin(&job->output);
    options.format_of = job->world ? cli_format_of : NULL;
    options.format_data = job->world;
    job->flows = vw_flows_create(&options);
    if (!job->flows)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    if (!error)
        error = read_all(job);
    cli_progress_end(&progress);
    if (!error && !job->written.partial)
        error = vw_flows_finish(job->flows, job->limit);
    cli_show_diagnostics(&job->output, job->diagnostics);
    if (error)
        return cli_failure(error, job->diagnostics);
    return job->written.partial ? write_partial(job) : show(job);
}

static int sql_run(struct job *job)
{
    const struct vw_sql_options options = {
        .engine = (enum vw_sql)job->written.sql,
        .table = job->written.table ? job->written.table : "vpc_flow_logs",
        .format = job->written.format_string,
        .since = job->since,
        .until = job->until,
    };
    int error;

    job->diagnostics = vw_diagnostics_create();
    if (!job->diagnostics)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    error = vw_flows_write_sql(&options, job->diagnostics, stdout);
    cli_show_diagnostics(&job->output, job->diagnostics);
    if (error == VW_ERROR_INPUT)
        return cli_failure(error, job->diagnostics);
    return cli_finish(error, CLI_GOOD);
}

static const struct cli_option format_options[] = {CLI_FORMAT_OPTION("text|csv|json")};

int cli_flows(int count, char **arguments)
{
    struct job job = {.written.sql = -1};
    const struct cli_table tables[] = {
        {flows_options, FLOWS_OPTION_COUNT, &job.written},
        {format_options, 1, &job.output},
        {cli_output_options, CLI_OUTPUT_OPTION_COUNT, &job.output},
    };
    const struct cli_grammar grammar = {
        "flows",
        "Adds flow logs up to one table of distinct flows, the busiest first.",
        "FILE... [OPTION...]",
        "0 read",
        tables,
        sizeof tables / sizeof *tables};
    int status;

    if (!cli_begin(&grammar, count, arguments, &job.operands, &status))
        return status;
    status = check_command_line(&job);
    if (!status)
        status = job.written.sql >= 0 ? sql_run(&job) : flows_run(&job);
    vw_flows_free(job.flows);
    vw_world_free(job.world);
    vw_diagnostics_free(job.diagnostics);
    cli_options_free(&job.operands);
    return status;
}
