/* vpcwhy query: flow logs, in the language of CloudWatch Logs Insights. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <vpcwhy/error.h>
#include <vpcwhy/query.h>
#include <vpcwhy/report.h>
#include <vpcwhy/time.h>
#include <vpcwhy/world.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/sources.h"

enum format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };

struct query_options {
    struct cli_list tables, exports;
    const char *format_string, *since, *until;
};

#define FIELD(name) offsetof(struct query_options, name)

static const struct cli_option query_options[] = {
    {"format-string", CLI_TEXT, FIELD(format_string), "FORMAT",
     "LogFormat of files without a header line: '${version} ...'"},
    {"since", CLI_TEXT, FIELD(since), "TIME",
     "only what was recorded from then on (RFC 3339, or seconds since 1970)"},
    {"until", CLI_TEXT, FIELD(until), "TIME", "only what was recorded up to then"},
    {"table", CLI_LIST, FIELD(tables), "NAME=FILE",
     "a CSV file for lookup and cidrlookup; may be given again"},
    {"export", CLI_LIST, FIELD(exports), "EXPORT",
     "an export: its subnets are the table `subnets`, its flow logs tell formats"},
};

#define QUERY_OPTION_COUNT (sizeof query_options / sizeof *query_options)

/* All that a run holds; freed by job_free. */
struct job {
    struct query_options options;
    struct cli_output output;
    struct cli_list operands; /* the text, then the files */
    int64_t since, until;
    struct vw_diagnostics *diagnostics;
    struct vw_query *query;
    struct vw_world *world;
    struct vw_query_result *result;
};

static void job_free(struct job *job)
{
    vw_query_result_free(job->result);
    vw_query_free(job->query);
    vw_world_free(job->world);
    vw_diagnostics_free(job->diagnostics);
    cli_options_free(&job->operands);
}

/* ---- what the command line says ---- */

static int read_time(const char *option, const char *text, int64_t *ret_time)
{
    *ret_time = VW_QUERY_ANY_TIME;
    if (!text || vw_time_from_text(text, ret_time))
        return 0;
    return cli_usage_error("query", "--%s \"%s\" is no time such as 2025-01-17T14:00:20Z",
                           option, text);
}

static int check_tables(const struct cli_list *tables)
{
    size_t i;

    for (i = 0; i < tables->count; i++) {
        const char *equals = strchr(tables->items[i], '=');

        if (!equals || equals == tables->items[i] || !equals[1])
            return cli_usage_error(
                "query",
                "--table \"%s\" is not NAME=FILE: what the query calls "
                "it, and the file",
                tables->items[i]);
    }
    return 0;
}

static int check_command_line(struct job *job)
{
    int status = 0;

    if (job->operands.count == 0)
        status = cli_usage_error("query", "no query is given");
    else if (job->operands.count == 1)
        status = cli_usage_error("query", "no FILE is given: what is to be searched");
    if (!status)
        status = check_tables(&job->options.tables);
    if (!status)
        status = read_time("since", job->options.since, &job->since);
    if (!status)
        status = read_time("until", job->options.until, &job->until);
    if (!status && job->since != VW_QUERY_ANY_TIME && job->until != VW_QUERY_ANY_TIME &&
        job->since > job->until)
        status = cli_usage_error("query", "--since is after --until");
    return status;
}

/* ---- tables ---- */

static int add_table(struct job *job, const char *argument)
{
    const char *equals = strchr(argument, '=');
    size_t size = (size_t)(equals - argument);
    char *name = calloc(size + 1, 1);
    int error;

    if (!name)
        return VW_ERROR_NO_MEMORY;
    memcpy(name, argument, size);
    error = vw_query_add_table(job->query, name, equals + 1, job->diagnostics);
    free(name);
    return error;
}

/* The columns of the table `subnets`. */
enum subnet_column { CIDR, SUBNET, VPC, NAME, ZONE, ZONE_ID, VPC_NAME, SUBNET_COLUMNS };

static const char *const subnet_header[SUBNET_COLUMNS] = {
    "cidr", "subnet", "vpc", "name", "az", "az_id", "vpc_name"};

static void fill_row(const struct vw_subnet_cidr *subnet, char *cidr, const char **row)
{
    row[CIDR] = vw_prefix_format(subnet->cidr, cidr);
    row[SUBNET] = subnet->subnet;
    row[VPC] = subnet->vpc;
    row[NAME] = subnet->name;
    row[ZONE] = subnet->zone;
    row[ZONE_ID] = subnet->zone_id;
    row[VPC_NAME] = subnet->vpc_name;
}

static int add_subnets(struct job *job)
{
    size_t count = vw_world_subnet_cidrs(job->world, NULL, 0), i;
    struct vw_subnet_cidr *subnets = calloc(count + 1, sizeof *subnets);
    char(*cidrs)[VW_PREFIX_TEXT] = calloc(count + 1, sizeof *cidrs);
    const char **cells = calloc((count + 1) * SUBNET_COLUMNS, sizeof *cells);
    int error = VW_ERROR_NO_MEMORY;

    if (subnets && cidrs && cells) {
        memcpy(cells, subnet_header, sizeof subnet_header);
        vw_world_subnet_cidrs(job->world, subnets, count);
        for (i = 0; i < count; i++)
            fill_row(&subnets[i], cidrs[i], cells + (i + 1) * SUBNET_COLUMNS);
        error =
            vw_query_add_rows(job->query, "subnets", cells, count + 1, SUBNET_COLUMNS);
    }
    free(subnets);
    free(cidrs);
    free(cells);
    return error;
}

static int add_tables(struct job *job)
{
    const struct query_options *options = &job->options;
    int error = 0;
    size_t i;

    for (i = 0; i < options->tables.count && !error; i++)
        error = add_table(job, options->tables.items[i]);
    if (error || !options->exports.count)
        return error;
    error = vw_world_load(options->exports.items, options->exports.count,
                          job->diagnostics, &job->world);
    return error ? error : add_subnets(job);
}

/* ---- running ---- */

static int run(struct job *job)
{
    struct cli_progress progress = cli_progress_begin(&job->output);
    struct vw_query_options options = {
        .paths = job->operands.items + 1,
        .path_count = job->operands.count - 1,
        .format = job->options.format_string,
        .format_of = job->world ? cli_format_of : NULL,
        .format_context = job->world,
        .since = job->since,
        .until = job->until,
        .now = (int64_t)time(NULL) * 1000000000,
        .progress = cli_progress_show,
        .progress_context = &progress,
    };
    int error = vw_query_run(job->query, &options, job->diagnostics, &job->result);

    cli_progress_end(&progress);
    return error;
}

/* Below the diagnostics that name a place in the query: that place. */
static void show_excerpts(const struct job *job)
{
    struct vw_report_style style = cli_error_style(&job->output);
    size_t i;

    for (i = 0; i < vw_diagnostics_count(job->diagnostics); i++) {
        const struct vw_diagnostic *diagnostic = vw_diagnostics_get(job->diagnostics, i);

        if (diagnostic->severity == VW_SEVERITY_ERROR && diagnostic->file &&
            strcmp(diagnostic->file, "query") == 0 && diagnostic->line)
            vw_report_query_excerpt(job->operands.items[0], diagnostic, style, stderr);
    }
}

static int show(const struct job *job)
{
    int error = 0;

    switch ((enum format)job->output.format) {
    case FORMAT_TABLE:
        error =
            vw_report_query_table(job->result, cli_result_style(&job->output), stdout);
        break;
    case FORMAT_CSV:
        error = vw_report_query_csv(job->result, stdout);
        break;
    case FORMAT_JSON:
        error = vw_report_query_json(job->result, stdout);
        break;
    }
    return cli_finish(error, CLI_GOOD);
}

static int query_run(struct job *job)
{
    int error;

    job->diagnostics = vw_diagnostics_create();
    job->query = vw_query_create();
    if (!job->diagnostics || !job->query)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    error = add_tables(job);
    if (!error)
        error = vw_query_compile(job->query, job->operands.items[0], job->diagnostics);
    if (!error)
        error = run(job);
    cli_show_diagnostics(&job->output, job->diagnostics);
    show_excerpts(job);
    if (error)
        return cli_failure(error, job->diagnostics);
    return show(job);
}

static const struct cli_option format_options[] = {
    {"format", CLI_WORD, offsetof(struct cli_output, format), "table|csv|json",
     "how results are written (table)"},
};

int cli_query(int count, char **arguments)
{
    struct job job = {0};
    const struct cli_table tables[] = {
        {query_options, QUERY_OPTION_COUNT, &job.options},
        {format_options, 1, &job.output},
        {cli_output_options, CLI_OUTPUT_OPTION_COUNT, &job.output},
    };
    const struct cli_grammar grammar = {
        "query",
        "Asks flow logs, in the language of CloudWatch Logs Insights.",
        "QUERY FILE... [OPTION...]",
        "0 answered, also with no rows",
        tables,
        sizeof tables / sizeof *tables};
    int status;

    if (!cli_begin(&grammar, count, arguments, &job.operands, &status))
        return status;
    status = check_command_line(&job);
    if (!status)
        status = query_run(&job);
    job_free(&job);
    return status;
}
