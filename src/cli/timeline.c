/* vpcwhy timeline: what happened, out of snapshots and records. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vpcwhy/error.h>
#include <vpcwhy/report.h>
#include <vpcwhy/time.h>
#include <vpcwhy/timeline.h>
#include <vpcwhy/world.h>

#include "cli/command.h"
#include "cli/networks.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/question.h"
#include "cli/sources.h"

struct record_options {
    struct cli_list flow_logs, captures, transcripts, events, offsets;
    const char *log_format, *since, *until;
};

#define FIELD(name) offsetof(struct record_options, name)

static const struct cli_option record_options[] = {
    {"flow-logs", CLI_LIST, FIELD(flow_logs), "PATH",
     "flow logs, a file or a folder, plain or gzip; may be given again"},
    {"format-string", CLI_TEXT, FIELD(log_format), "FORMAT",
     "LogFormat of flow logs without a header line: '${version} ...'"},
    {"log-format", CLI_TEXT, FIELD(log_format), "FORMAT", "the same"},
    {"capture", CLI_LIST, FIELD(captures), "END=FILE",
     "a capture taken at END (address, i-..., eni-...); may be given again"},
    {"transcript", CLI_LIST, FIELD(transcripts), "FILE",
     "what ping, traceroute, mtr, nc, curl -v or nmap printed; may be given again"},
    {"ping", CLI_LIST, FIELD(transcripts), "FILE", "the same"},
    {"cloudtrail", CLI_LIST, FIELD(events), "PATH",
     "CloudTrail events, a file or a folder: who changed what; may be given again"},
    {"offset", CLI_LIST, FIELD(offsets), "WITNESS=SECONDS",
     "seconds to add to the times of a file, an interface or a capture's END"},
    {"since", CLI_TEXT, FIELD(since), "TIME",
     "only what was recorded from then on (RFC 3339, or seconds since 1970)"},
    {"until", CLI_TEXT, FIELD(until), "TIME", "only what was recorded up to then"},
};

#define RECORD_OPTION_COUNT (sizeof record_options / sizeof *record_options)

/* One snapshot: all EXPORTs of one time. */
struct snapshot {
    int64_t time;
    const char **paths;
    size_t path_count;
    struct vw_world *world;
};

struct offset {
    const char *witness;
    int64_t nanoseconds;
};

/* All that a run holds; freed by job_free. */
struct job {
    struct cli_question written;
    struct vw_question question;
    struct cli_networks networks;
    struct record_options records;
    struct cli_output output;
    struct cli_list operands;
    struct cli_list evidence_paths; /* those without a time, and captures as END=FILE */
    struct cli_sources sources;
    char *texts;        /* the paths of all operands, cut at their '@' */
    const char **paths; /* those of one snapshot stand together */
    struct snapshot *snapshots;
    size_t snapshot_count;
    char *witnesses; /* the names in offsets */
    struct offset *offsets;
    int64_t since, until;
    struct vw_diagnostics *diagnostics;
    struct vw_evidence *evidence;
    struct vw_timeline *timeline;
};

static void job_free(struct job *job)
{
    size_t i;

    vw_timeline_free(job->timeline);
    vw_evidence_free(job->evidence);
    for (i = 0; i < job->snapshot_count; i++)
        vw_world_free(job->snapshots[i].world);
    free(job->snapshots);
    free(job->evidence_paths.items);
    cli_sources_free(&job->sources);
    free(job->paths);
    free(job->texts);
    free(job->witnesses);
    free(job->offsets);
    vw_diagnostics_free(job->diagnostics);
    cli_options_free(&job->operands);
}

static int timeline_status(enum vw_timeline_conclusion conclusion)
{
    switch (conclusion) {
    case VW_TIMELINE_EXPLAINED:
    case VW_TIMELINE_STEADY:
        return CLI_GOOD;
    case VW_TIMELINE_UNEXPLAINED:
    case VW_TIMELINE_CONTRADICTED:
        return CLI_BAD;
    case VW_TIMELINE_UNDECIDED:
        return CLI_UNKNOWN;
    }
    return CLI_INTERNAL;
}

static int timeline_show(const struct cli_output *output,
                         const struct vw_timeline_account *account)
{
    int error = output->format == CLI_FORMAT_JSON
                    ? vw_report_timeline_json(account, stdout)
                    : vw_report_timeline_text(account, cli_result_style(output), stdout);

    return cli_finish(error, timeline_status(account->conclusion));
}

/* ---- what the command line says ---- */

static int read_time(const char *option, const char *text, int64_t *ret_time)
{
    *ret_time = VW_TIME_UNKNOWN;
    if (!text || vw_time_from_text(text, ret_time))
        return 0;
    return cli_usage_error(
        "timeline", "--%s \"%s\" is no time such as 2025-01-17T14:00:20Z", option, text);
}

/* The snapshot of that time, made where there is none. There is room for all. */
static struct snapshot *snapshot_of(struct job *job, int64_t time)
{
    size_t i;

    for (i = 0; i < job->snapshot_count; i++)
        if (job->snapshots[i].time == time)
            return &job->snapshots[i];
    job->snapshots[job->snapshot_count] = (struct snapshot){.time = time};
    return &job->snapshots[job->snapshot_count++];
}

static bool exists(const char *path)
{
    return strcmp(path, "-") == 0 || access(path, F_OK) == 0;
}

/* EXPORT@TIME, cut at its last '@'. *ret_plain: it is a path without a time. */
static int read_operand(char *text, int64_t *ret_time, bool *ret_plain)
{
    char *at = strrchr(text, '@');

    *ret_plain =
        !at || at == text || (exists(text) && !vw_time_from_text(at + 1, ret_time));
    if (*ret_plain)
        return 0;
    if (!vw_time_from_text(at + 1, ret_time))
        return cli_usage_error("timeline",
                               "\"%s\" in %s is no time such as 2025-01-17T14:00:20Z",
                               at + 1, text);
    *at = '\0';
    return 0;
}

static int allot(struct job *job)
{
    size_t size = 1, i;

    for (i = 0; i < job->operands.count; i++)
        size += strlen(job->operands.items[i]) + 1;
    job->texts = malloc(size);
    job->paths =
        calloc(job->operands.count * job->operands.count + 1, sizeof *job->paths);
    job->snapshots = calloc(job->operands.count + 1, sizeof *job->snapshots);
    job->evidence_paths.items =
        calloc(job->operands.count + 1, sizeof *job->evidence_paths.items);
    return job->texts && job->paths && job->snapshots && job->evidence_paths.items
               ? 0
               : cli_failure(VW_ERROR_NO_MEMORY, NULL);
}

static bool has_evidence(const struct job *job)
{
    const struct record_options *records = &job->records;

    return job->evidence_paths.count || records->flow_logs.count ||
           records->captures.count || records->transcripts.count || records->events.count;
}

static int read_operands(struct job *job)
{
    size_t count = job->operands.count, at = 0, i;
    int status;

    status = allot(job);
    for (i = 0; i < count && !status; i++) {
        char *text = job->texts + at;
        size_t size = strlen(job->operands.items[i]) + 1;
        struct snapshot *snapshot;
        int64_t time = 0;
        bool is_plain = false;

        memcpy(text, job->operands.items[i], size);
        at += size;
        status = read_operand(text, &time, &is_plain);
        if (is_plain)
            job->evidence_paths.items[job->evidence_paths.count++] = text;
        if (status || is_plain)
            continue;
        snapshot = snapshot_of(job, time);
        snapshot->paths = job->paths + (size_t)(snapshot - job->snapshots) * count;
        snapshot->paths[snapshot->path_count++] = text;
    }
    if (!status && !has_evidence(job) && job->snapshot_count == 0)
        return cli_usage_error("timeline",
                               "no EXPORT@TIME (exports@2025-01-17T14:00:20Z) and no "
                               "evidence is given");
    return status;
}

static int check_pairs(const char *option, const struct cli_list *pairs,
                       const char *meaning)
{
    size_t i;

    for (i = 0; i < pairs->count; i++) {
        const char *equals = strrchr(pairs->items[i], '=');

        if (!equals || equals == pairs->items[i] || !equals[1])
            return cli_usage_error("timeline", "--%s \"%s\" is not %s", option,
                                   pairs->items[i], meaning);
    }
    return 0;
}

/* "-2.5": a sign, seconds, and up to three decimals. */
static bool read_seconds(const char *text, int64_t *ret_nanoseconds)
{
    bool is_negative = *text == '-';
    char whole[16] = "";
    unsigned long seconds = 0, thousandths = 0, unit = 1000;
    const char *point;

    text += is_negative || *text == '+';
    point = text + strcspn(text, ".");
    if ((size_t)(point - text) >= sizeof whole)
        return false;
    memcpy(whole, text, (size_t)(point - text));
    if (!cli_number(whole, 1000000000, &seconds))
        return false;
    if (*point) {
        if (!cli_number(point + 1, 999, &thousandths) || strlen(point + 1) > 3)
            return false;
        for (point++; *point; point++)
            unit /= 10;
        thousandths *= unit;
    }
    *ret_nanoseconds = (int64_t)(seconds * 1000 + thousandths) * 1000000;
    if (is_negative)
        *ret_nanoseconds = -*ret_nanoseconds;
    return true;
}

/* Cuts WITNESS=SECONDS into a copy that the job keeps. */
static int read_offsets(struct job *job)
{
    const struct cli_list *list = &job->records.offsets;
    size_t size = 0, at = 0, i;

    for (i = 0; i < list->count; i++)
        size += strlen(list->items[i]) + 1;
    job->witnesses = malloc(size + 1);
    job->offsets = calloc(list->count + 1, sizeof *job->offsets);
    if (!job->witnesses || !job->offsets)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    for (i = 0; i < list->count; i++) {
        struct offset *offset = &job->offsets[i];
        char *equals;

        offset->witness = job->witnesses + at;
        memcpy(job->witnesses + at, list->items[i], strlen(list->items[i]) + 1);
        equals = strrchr(job->witnesses + at, '=');
        at += strlen(list->items[i]) + 1;
        if (!read_seconds(equals + 1, &offset->nanoseconds))
            return cli_usage_error("timeline",
                                   "--offset \"%s\": \"%s\" is no number of seconds such "
                                   "as -2.5",
                                   list->items[i], equals + 1);
        *equals = '\0';
    }
    return 0;
}

static int check_command_line(struct job *job)
{
    int status = cli_question_read("timeline", &job->written, &job->question);

    if (!status)
        status = read_operands(job);
    if (!status)
        status = check_pairs("capture", &job->records.captures,
                             "END=FILE: where it was taken, and the file");
    if (!status)
        status = check_pairs("offset", &job->records.offsets,
                             "WITNESS=SECONDS: whose times, and what to add to them");
    if (!status)
        status = read_offsets(job);
    if (!status)
        status = read_time("since", job->records.since, &job->since);
    if (!status)
        status = read_time("until", job->records.until, &job->until);
    if (!status && job->since != VW_TIME_UNKNOWN && job->until != VW_TIME_UNKNOWN &&
        job->since > job->until)
        status = cli_usage_error("timeline", "--since is after --until");
    return status;
}

/* ---- reading ---- */

static int load_snapshots(struct job *job)
{
    int error = 0, failed;
    size_t i;

    for (i = 0; i < job->snapshot_count; i++) {
        struct snapshot *snapshot = &job->snapshots[i];

        failed = vw_world_load(snapshot->paths, snapshot->path_count, job->diagnostics,
                               &snapshot->world);
        if (!failed)
            failed =
                cli_networks_declare(&job->networks, job->diagnostics, snapshot->world);
        error = error ? error : failed;
    }
    for (i = 0; i < job->snapshot_count && !error; i++)
        error =
            vw_timeline_add_snapshot(job->timeline, job->snapshots[i].world,
                                     job->snapshots[i].paths[0], job->snapshots[i].time);
    return error;
}

static int read_capture(struct job *job, const char *argument)
{
    const char *equals = strchr(argument, '=');
    size_t size = (size_t)(equals - argument);
    char *end = calloc(size + 1, 1);
    int error;

    if (!end)
        return VW_ERROR_NO_MEMORY;
    memcpy(end, argument, size);
    error = vw_evidence_read_capture(job->evidence, end, equals + 1, job->diagnostics);
    free(end);
    return error;
}

/* What stands on the command line without an option. Captures may be named END=FILE. */
static int recognise(struct job *job)
{
    size_t i;
    int status = 0;

    for (i = 0; i < job->evidence_paths.count && !status; i++) {
        const char *text = job->evidence_paths.items[i];
        const char *equals = strchr(text, '=');

        if (!exists(text) && equals && equals != text && exists(equals + 1))
            job->records.captures.items[job->records.captures.count++] = text;
        else
            status = cli_sources_add(&job->sources, "timeline", text, job->diagnostics);
    }
    return status;
}

static int read_source(struct job *job, const struct cli_source *source)
{
    switch (source->form) {
    case VW_FORM_FLOW_LOG:
        return vw_evidence_read_flow_logs(job->evidence, source->path,
                                          job->records.log_format, job->diagnostics);
    case VW_FORM_TRANSCRIPT:
        return vw_evidence_read_transcript(job->evidence, source->path, job->diagnostics);
    case VW_FORM_EVENTS:
        return vw_timeline_read_events(job->timeline, source->path);
    case VW_FORM_CAPTURE:
    case VW_FORM_UNKNOWN:
        break;
    }
    return VW_ERROR_INTERNAL;
}

static int read_records(struct job *job)
{
    const struct record_options *options = &job->records;
    struct cli_progress progress = cli_progress_begin(&job->output);
    int error = 0, failed;
    size_t i;

    vw_evidence_tell_progress(job->evidence, cli_progress_show, &progress);
    for (i = 0; i < options->flow_logs.count; i++) {
        failed = vw_evidence_read_flow_logs(job->evidence, options->flow_logs.items[i],
                                            options->log_format, job->diagnostics);
        error = error ? error : failed;
    }
    for (i = 0; i < options->captures.count; i++) {
        failed = read_capture(job, options->captures.items[i]);
        error = error ? error : failed;
    }
    for (i = 0; i < options->transcripts.count; i++) {
        failed = vw_evidence_read_transcript(job->evidence, options->transcripts.items[i],
                                             job->diagnostics);
        error = error ? error : failed;
    }
    for (i = 0; i < job->sources.count; i++) {
        failed = read_source(job, &job->sources.items[i]);
        error = error ? error : failed;
    }
    for (i = 0; i < options->events.count; i++) {
        failed = vw_timeline_read_events(job->timeline, options->events.items[i]);
        error = error ? error : failed;
    }
    vw_evidence_tell_progress(job->evidence, NULL, NULL);
    cli_progress_end(&progress);
    return error;
}

static int timeline_run(struct job *job)
{
    const struct vw_timeline_account *account = NULL;
    int error, status;
    size_t i;

    job->diagnostics = vw_diagnostics_create();
    job->evidence = vw_evidence_create(job->since, job->until);
    job->timeline = vw_timeline_create(&job->question, job->diagnostics);
    if (!job->diagnostics || !job->evidence || !job->timeline)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    status = recognise(job);
    if (status) {
        cli_show_diagnostics(&job->output, job->diagnostics);
        return status;
    }
    error = load_snapshots(job);
    for (i = 0; i < job->records.offsets.count && !error; i++)
        error = vw_timeline_add_offset(job->timeline, job->offsets[i].witness,
                                       job->offsets[i].nanoseconds);
    if (!error)
        error = vw_timeline_watch(job->timeline, job->evidence);
    if (!error)
        error = read_records(job);
    if (!error)
        error = vw_timeline_tell(job->timeline, &account);
    cli_show_diagnostics(&job->output, job->diagnostics);
    return error ? cli_failure(error, job->diagnostics)
                 : timeline_show(&job->output, account);
}

static const struct cli_option format_options[] = {CLI_FORMAT_OPTION("text|json")};

int cli_timeline(int count, char **arguments)
{
    struct job job = {0};
    const struct cli_table tables[] = {
        {record_options, RECORD_OPTION_COUNT, &job.records},
        {cli_question_options, CLI_QUESTION_OPTION_COUNT, &job.written},
        {cli_networks_options, CLI_NETWORKS_OPTION_COUNT, &job.networks},
        {format_options, 1, &job.output},
        {cli_output_options, CLI_OUTPUT_OPTION_COUNT, &job.output},
    };
    const struct cli_grammar grammar = {
        "timeline",
        "Says when traffic stopped or passed again, and which change explains it.",
        "[EXPORT@TIME]... EVIDENCE... --from END --to END [OPTION...]",
        "0 explained or steady, 1 unexplained or contradicted, 3 too little is known",
        tables,
        sizeof tables / sizeof *tables};
    int status;

    if (!cli_begin(&grammar, count, arguments, &job.operands, &status))
        return status;
    status = check_command_line(&job);
    if (!status)
        status = timeline_run(&job);
    job_free(&job);
    return status;
}
