/* vpcwhy capture: what capture files say by themselves. */
#include <stdio.h>
#include <stdlib.h>

#include <vpcwhy/capture.h>
#include <vpcwhy/error.h>
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
    struct vw_capture **captures;
    size_t count;
};

static void job_free(struct job *job)
{
    size_t i;

    for (i = 0; i < job->count; i++)
        vw_capture_free(job->captures[i]);
    free(job->captures);
    vw_diagnostics_free(job->diagnostics);
    cli_options_free(&job->files);
}

/* All files, whatever is wrong with one; the first fault. */
static int read_files(struct job *job)
{
    int error = 0, failed;
    size_t i;

    for (i = 0; i < job->files.count; i++) {
        failed = vw_capture_read(job->files.items[i], job->options.filter,
                                 job->diagnostics, &job->captures[job->count]);
        if (!failed)
            job->count++;
        error = error ? error : failed;
        if (failed && failed != VW_ERROR_INPUT)
            break;
    }
    return error;
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
                ? vw_report_captures_json((const struct vw_capture *const *)job->captures,
                                          job->count, stdout)
                : show_text(job);
    return cli_finish(error, status);
}

static int run(struct job *job)
{
    int error, status;

    job->diagnostics = vw_diagnostics_create();
    job->captures = calloc(job->files.count, sizeof *job->captures);
    if (!job->diagnostics || !job->captures)
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
        "FILE... [OPTION...]",
        "0 all read, 3 damaged on the way",
        tables,
        sizeof tables / sizeof *tables};
    int status;

    switch (cli_options_parse(&grammar, count, arguments, &job.files)) {
    case CLI_PARSED:
        break;
    case CLI_HELP_SHOWN:
        return cli_finish(0, CLI_GOOD);
    case CLI_USAGE_ERROR:
        return CLI_UNUSABLE;
    case CLI_NO_MEMORY:
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    }
    status = job.files.count ? run(&job)
                             : cli_usage_error(grammar.command, "no FILE is given");
    job_free(&job);
    return status;
}
