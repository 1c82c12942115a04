/* vpcwhy crosscheck: what should have been recorded against what was. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/crosscheck.h>
#include <vpcwhy/error.h>
#include <vpcwhy/logging.h>
#include <vpcwhy/replay.h>
#include <vpcwhy/report.h>
#include <vpcwhy/time.h>
#include <vpcwhy/world.h>

#include "cli/command.h"
#include "cli/networks.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/question.h"
#include "cli/sources.h"

struct witness_options {
    struct cli_list flow_logs, captures, pings;
    const char *log_format, *filter, *since, *until;
};

#define FIELD(name) offsetof(struct witness_options, name)

static const struct cli_option witness_options[] = {
    {"flow-logs", CLI_LIST, FIELD(flow_logs), "PATH",
     "flow logs in any shape, a file or a folder; may be given again"},
    {"format-string", CLI_TEXT, FIELD(log_format), "FORMAT",
     "LogFormat of flow logs without a header line: '${version} ...'"},
    {"log-format", CLI_TEXT, FIELD(log_format), "FORMAT", "the same"},
    {"capture", CLI_LIST, FIELD(captures), "END=FILE",
     "a capture taken at END (address, i-..., eni-...; without END= the host whose "
     "traffic it holds); may be given again"},
    {"filter", CLI_TEXT, FIELD(filter), "EXPRESSION",
     "only packets of captures that match, as tcpdump has it"},
    {"transcript", CLI_LIST, FIELD(pings), "FILE",
     "what ping, traceroute, mtr, nc, curl -v or nmap printed; may be given again"},
    {"ping", CLI_LIST, FIELD(pings), "FILE", "the same"},
    {"since", CLI_TEXT, FIELD(since), "TIME",
     "only what was recorded from then on (RFC 3339, or seconds since 1970)"},
    {"until", CLI_TEXT, FIELD(until), "TIME", "only what was recorded up to then"},
};

#define WITNESS_OPTION_COUNT (sizeof witness_options / sizeof *witness_options)

/* All that a run holds; freed by job_free. */
struct job {
    struct cli_question written;
    struct vw_question question;
    struct cli_networks networks;
    struct witness_options witnesses;
    struct cli_output output;
    struct cli_list exports;
    int64_t since, until;
    struct vw_diagnostics *diagnostics;
    struct vw_world *world;
    struct vw_evidence *evidence;
    struct vw_journeys *captures;
    struct vw_trace *trace;
    struct vw_crosscheck *crosscheck;
    struct vw_replay *replay;
    struct vw_logging *logging;
};

static void job_free(struct job *job)
{
    vw_replay_free(job->replay);
    vw_logging_free(job->logging);
    vw_crosscheck_free(job->crosscheck);
    vw_trace_free(job->trace);
    vw_journeys_free(job->captures);
    vw_evidence_free(job->evidence);
    vw_world_free(job->world);
    vw_diagnostics_free(job->diagnostics);
    cli_options_free(&job->exports);
}

static int crosscheck_status(enum vw_conclusion conclusion)
{
    switch (conclusion) {
    case VW_CONCLUSION_CONSISTENT:
        return CLI_GOOD;
    case VW_CONCLUSION_CONTRADICTED:
        return CLI_BAD;
    case VW_CONCLUSION_INCONCLUSIVE:
        return CLI_UNKNOWN;
    }
    return CLI_INTERNAL;
}

static int crosscheck_show(const struct cli_output *output,
                           const struct vw_crosscheck *crosscheck)
{
    int error =
        output->format == CLI_FORMAT_JSON
            ? vw_report_crosscheck_json(crosscheck, stdout)
            : vw_report_crosscheck_text(crosscheck, cli_result_style(output), stdout);

    return cli_finish(error, crosscheck_status(crosscheck->conclusion));
}

static int replay_show(const struct job *job)
{
    int error = job->output.format == CLI_FORMAT_JSON
                    ? vw_report_replay_json(job->replay, job->logging, stdout)
                    : vw_report_replay_text(job->replay, job->logging,
                                            cli_result_style(&job->output), stdout);

    return cli_finish(error, crosscheck_status(job->replay->conclusion));
}

/* ---- what the command line says ---- */

static int read_time(const char *option, const char *text, int64_t *ret_time)
{
    *ret_time = VW_TIME_UNKNOWN;
    if (!text || vw_time_from_text(text, ret_time))
        return 0;
    return cli_usage_error("crosscheck",
                           "--%s \"%s\" is no time such as 2025-01-17T14:00:20Z", option,
                           text);
}

static int check_captures(const struct cli_list *captures)
{
    size_t i;

    for (i = 0; i < captures->count; i++) {
        const char *equals = strchr(captures->items[i], '=');

        if (equals && (equals == captures->items[i] || !equals[1]))
            return cli_usage_error("crosscheck",
                                   "--capture \"%s\" is not END=FILE: where it was "
                                   "taken, and the file",
                                   captures->items[i]);
    }
    return 0;
}

/* Without ends, all that was recorded is replayed. */
static bool is_replay(const struct job *job)
{
    return !job->written.from && !job->written.to;
}

/* What says more of a flow needs its ends. */
static int check_replay(const struct job *job)
{
    const struct cli_question *written = &job->written;
    const struct {
        const char *option;
        bool is_given;
    } rows[] = {
        {"proto", written->protocol != NULL},
        {"port", written->port != NULL},
        {"source-port", written->source_port != NULL},
        {"icmp-type", written->icmp_type != NULL},
        {"icmp-code", written->icmp_code != NULL},
        {"one-way", written->one_way},
        {"transcript", job->witnesses.pings.count > 0},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].is_given)
            return cli_usage_error("crosscheck", "--%s needs --from and --to",
                                   rows[i].option);
    if (job->witnesses.flow_logs.count && job->witnesses.captures.count)
        return cli_usage_error("crosscheck", "--flow-logs and --capture together need "
                                             "--from and --to");
    if (!job->witnesses.flow_logs.count && !job->witnesses.captures.count)
        return cli_usage_error("crosscheck",
                               "crosscheck needs --from and --to, or --flow-logs or "
                               "--capture: all that they recorded is then looked at");
    return 0;
}

static int check_command_line(struct job *job)
{
    int status = is_replay(job)
                     ? check_replay(job)
                     : cli_question_read("crosscheck", &job->written, &job->question);

    if (!status && !job->exports.count)
        status = cli_usage_error("crosscheck", "no EXPORT is given");
    if (!status)
        status = check_captures(&job->witnesses.captures);
    if (!status)
        status = read_time("since", job->witnesses.since, &job->since);
    if (!status)
        status = read_time("until", job->witnesses.until, &job->until);
    if (!status && job->since != VW_TIME_UNKNOWN && job->until != VW_TIME_UNKNOWN &&
        job->since > job->until)
        status = cli_usage_error("crosscheck", "--since is after --until");
    return status;
}

/* ---- reading the witnesses: all of them, whatever is wrong with one ---- */

static int read_witnesses(struct job *job)
{
    const struct witness_options *options = &job->witnesses;
    struct cli_progress progress = cli_progress_begin(&job->output);
    int error = 0, failed;
    size_t i;

    if (job->world)
        vw_evidence_find_formats(job->evidence, cli_format_of, job->world);
    vw_evidence_tell_progress(job->evidence, cli_progress_show, &progress);
    for (i = 0; i < options->flow_logs.count; i++) {
        failed = vw_evidence_read_flow_logs(job->evidence, options->flow_logs.items[i],
                                            options->log_format, job->diagnostics);
        error = error ? error : failed;
    }
    cli_progress_end(&progress);
    vw_evidence_tell_progress(job->evidence, NULL, NULL);
    if (options->captures.count > 0 && job->world) {
        failed = vw_crosscheck_read_captures(
            job->world, options->captures.items, options->captures.count, options->filter,
            job->evidence, job->diagnostics, &job->captures);
        error = error ? error : failed;
    }
    for (i = 0; i < options->pings.count; i++) {
        failed = vw_evidence_read_transcript(job->evidence, options->pings.items[i],
                                             job->diagnostics);
        error = error ? error : failed;
    }
    return error;
}

static int compare(struct job *job)
{
    int error = vw_trace_run(job->world, &job->question, job->diagnostics, &job->trace);

    if (!error)
        error = vw_crosscheck_run(job->world, job->trace, job->evidence, job->captures,
                                  job->diagnostics, &job->crosscheck);
    return error;
}

static int replay(struct job *job)
{
    int error;

    if (job->captures)
        return vw_crosscheck_run_captures(job->world, job->captures, job->diagnostics,
                                          &job->crosscheck);
    error = vw_replay_run(job->world, job->evidence, &job->replay);

    return error ? error : vw_logging_run(job->world, &job->logging);
}

static int crosscheck_run(struct job *job)
{
    int error, networks_error, evidence_error;

    job->diagnostics = vw_diagnostics_create();
    job->evidence = vw_evidence_create(job->since, job->until);
    if (!job->diagnostics || !job->evidence)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    error = vw_world_load(job->exports.items, job->exports.count, job->diagnostics,
                          &job->world);
    networks_error = cli_networks_declare(&job->networks, job->diagnostics, job->world);
    evidence_error = read_witnesses(job);
    if (!error)
        error = networks_error ? networks_error : evidence_error;
    if (!error)
        error = is_replay(job) ? replay(job) : compare(job);
    cli_show_diagnostics(&job->output, job->diagnostics);
    if (error)
        return cli_failure(error, job->diagnostics);
    return job->replay ? replay_show(job)
                       : crosscheck_show(&job->output, job->crosscheck);
}

static const struct cli_option format_options[] = {CLI_FORMAT_OPTION("text|json")};

int cli_crosscheck(int count, char **arguments)
{
    struct job job = {0};
    const struct cli_table tables[] = {
        {witness_options, WITNESS_OPTION_COUNT, &job.witnesses},
        {cli_question_options, CLI_QUESTION_OPTION_COUNT, &job.written},
        {cli_networks_options, CLI_NETWORKS_OPTION_COUNT, &job.networks},
        {format_options, 1, &job.output},
        {cli_output_options, CLI_OUTPUT_OPTION_COUNT, &job.output},
    };
    const struct cli_grammar grammar = {
        "crosscheck",
        "Holds what should have been recorded against what was.",
        "EXPORT... [--from END --to END] [OPTION...]",
        "0 consistent, 1 contradicted, 3 no evidence either way",
        tables,
        sizeof tables / sizeof *tables};
    int status;

    if (!cli_begin(&grammar, count, arguments, &job.exports, &status))
        return status;
    status = check_command_line(&job);
    if (!status)
        status = crosscheck_run(&job);
    job_free(&job);
    return status;
}
