/* vpcwhy capture: what capture files say by themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/capture.h>
#include <vpcwhy/error.h>
#include <vpcwhy/journey.h>
#include <vpcwhy/report.h>

#include "cli/command.h"
#include "cli/output.h"

struct capture_options {
    const char *filter;
};

#define FIELD(name) offsetof(struct capture_options, name)

static const struct cli_option capture_options[] = {
    {"filter", CLI_TEXT, FIELD(filter), "EXPRESSION",
     "only packets that match, as tcpdump has it (see pcap-filter(7))"},
};

static const struct cli_option format_options[] = {CLI_FORMAT_OPTION("text|json")};

struct job {
    struct cli_output output;
    struct capture_options options;
    struct cli_list files;
    struct vw_diagnostics *diagnostics;
    /* By file; what was taken apart of "END=FILE". */
    struct vw_witness *witnesses;
    struct vw_address *own;
    char **labels;
    const struct vw_capture **captures; /* those that could be read */
    size_t count;
    struct vw_capture *single;   /* as text, one file is compared with nothing */
    struct vw_journeys **groups; /* of up to VW_WITNESSES_MAX files */
    size_t group_count;
};

static void job_free(struct job *job)
{
    size_t i;

    vw_capture_free(job->single);
    for (i = 0; i < job->group_count; i++)
        vw_journeys_free(job->groups[i]);
    for (i = 0; job->labels && i < job->files.count; i++)
        free(job->labels[i]);
    free(job->groups);
    free(job->labels);
    free(job->own);
    free(job->witnesses);
    free(job->captures);
    vw_diagnostics_free(job->diagnostics);
    cli_options_free(&job->files);
}

/* "END=FILE", unless there is a file of that whole name. */
static int take_apart(struct job *job, size_t index)
{
    const char *argument = job->files.items[index];
    const char *equals = strchr(argument, '=');
    FILE *whole = equals ? fopen(argument, "rb") : NULL;
    struct vw_witness *witness = &job->witnesses[index];
    size_t size;

    witness->path = argument;
    if (whole)
        fclose(whole);
    if (!equals || whole || equals == argument || !equals[1])
        return 0;
    size = (size_t)(equals - argument);
    job->labels[index] = calloc(size + 1, 1);
    if (!job->labels[index])
        return VW_ERROR_NO_MEMORY;
    memcpy(job->labels[index], argument, size);
    witness->label = job->labels[index];
    witness->path = equals + 1;
    if (vw_address_parse(argument, size, &job->own[index])) {
        witness->own = &job->own[index];
        witness->own_count = 1;
    }
    return 0;
}

static int read_group(struct job *job, size_t first, size_t count)
{
    struct vw_journeys *journeys = NULL;
    int error = vw_journeys_read(&job->witnesses[first], count, job->options.filter,
                                 job->diagnostics, &journeys);
    size_t i;

    if (error)
        return error;
    job->groups[job->group_count++] = journeys;
    for (i = 0; i < count; i++) {
        const struct vw_capture *capture = vw_journeys_witness(journeys, i)->capture;

        if (capture)
            job->captures[job->count++] = capture;
        else
            error = VW_ERROR_INPUT;
    }
    return error;
}

static int read_single(struct job *job)
{
    int error = vw_capture_read(job->witnesses[0].path, job->options.filter,
                                job->diagnostics, &job->single);

    if (!error)
        job->captures[job->count++] = job->single;
    return error;
}

/* All files, whatever is wrong with one; the first fault. More files than can be compared
 * are read one by one. */
static int read_files(struct job *job)
{
    size_t files = job->files.count, i;
    size_t at_once = files <= VW_WITNESSES_MAX ? files : 1;
    int error = 0, failed;

    for (i = 0; i < files && !error; i++)
        error = take_apart(job, i);
    if (!error && files == 1 && job->output.format != CLI_FORMAT_JSON)
        return read_single(job);
    for (i = 0; i < files && error != VW_ERROR_NO_MEMORY; i += at_once) {
        failed = read_group(job, i, at_once);
        error = error ? error : failed;
    }
    return error;
}

static bool is_compared(const struct job *job)
{
    return job->group_count == 1 && job->count > 1;
}

static int show_text(struct job *job)
{
    int error = 0;
    size_t i;

    for (i = 0; i < job->count && !error; i++) {
        if (i > 0)
            putchar('\n');
        error = vw_report_capture_text(job->captures[i], cli_result_style(&job->output),
                                       stdout);
    }
    if (!error && is_compared(job))
        error = vw_report_journeys_text(job->groups[0], cli_result_style(&job->output),
                                        stdout);
    return error;
}

static int show(struct job *job)
{
    int status = CLI_GOOD, error;
    size_t i;

    for (i = 0; i < job->count; i++)
        if (vw_capture_facts(job->captures[i])->is_damaged ||
            vw_capture_facts(job->captures[i])->too_many_flows)
            status = CLI_UNKNOWN;
    error = job->output.format == CLI_FORMAT_JSON
                ? vw_report_captures_json(job->captures, job->count,
                                          job->group_count == 1 ? job->groups[0] : NULL,
                                          stdout)
                : show_text(job);
    return cli_finish(error, status);
}

static bool allot(struct job *job)
{
    size_t files = job->files.count;

    job->diagnostics = vw_diagnostics_create();
    job->witnesses = calloc(files, sizeof *job->witnesses);
    job->own = calloc(files, sizeof *job->own);
    job->labels = calloc(files, sizeof *job->labels);
    job->captures = calloc(files, sizeof *job->captures);
    job->groups = calloc(files, sizeof *job->groups);
    return job->diagnostics && job->witnesses && job->own && job->labels &&
           job->captures && job->groups;
}

static int run(struct job *job)
{
    int error, status;

    if (!allot(job))
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    error = read_files(job);
    cli_show_diagnostics(&job->output, job->diagnostics);
    if (error && job->count == 0)
        return cli_failure(error, job->diagnostics);
    status = show(job);
    return error && status != CLI_INTERNAL ? cli_failure(error, job->diagnostics)
                                           : status;
}

int cli_capture(int count, char **arguments)
{
    struct job job = {0};
    const struct cli_table tables[] = {
        {capture_options, sizeof capture_options / sizeof *capture_options, &job.options},
        {format_options, 1, &job.output},
        {cli_output_options, CLI_OUTPUT_OPTION_COUNT, &job.output},
    };
    const struct cli_grammar grammar = {
        "capture",
        "Says what capture files show: pings, connections, errors.",
        "[END=]FILE... [OPTION...]",
        "0 all read, 3 damaged on the way",
        tables,
        sizeof tables / sizeof *tables};
    int status;

    if (!cli_begin(&grammar, count, arguments, &job.files, &status))
        return status;
    status = job.files.count ? run(&job)
                             : cli_usage_error(grammar.command, "no FILE is given");
    job_free(&job);
    return status;
}
