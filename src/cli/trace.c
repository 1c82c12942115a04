/* vpcwhy trace: whether traffic passes, what blocks it, what would let it pass. */
#include <stdio.h>

#include <vpcwhy/error.h>
#include <vpcwhy/report.h>
#include <vpcwhy/trace.h>
#include <vpcwhy/world.h>

#include "cli/command.h"
#include "cli/networks.h"
#include "cli/output.h"
#include "cli/question.h"

static int trace_status(enum vw_verdict verdict)
{
    switch (verdict) {
    case VW_VERDICT_REACHABLE:
        return CLI_GOOD;
    case VW_VERDICT_BLOCKED:
    case VW_VERDICT_PARTIAL:
        return CLI_BAD;
    case VW_VERDICT_UNKNOWN:
        return CLI_UNKNOWN;
    }
    return CLI_INTERNAL;
}

static int trace_write(const struct cli_output *output, const struct vw_trace *trace)
{
    switch ((enum cli_format)output->format) {
    case CLI_FORMAT_TEXT:
        return vw_report_trace_text(trace, cli_result_style(output), stdout);
    case CLI_FORMAT_JSON:
        return vw_report_trace_json(trace, stdout);
    case CLI_FORMAT_AWS:
        return vw_report_trace_aws(trace, stdout);
    }
    return VW_ERROR_INTERNAL;
}

static int trace_show(const struct cli_output *output, const struct vw_trace *trace)
{
    return cli_finish(trace_write(output, trace), trace_status(trace->verdict));
}

static int trace_run(const struct cli_list *exports, const struct cli_networks *networks,
                     const struct vw_question *question, const struct cli_output *output)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_world *world = NULL;
    struct vw_trace *trace = NULL;
    int error, networks_error, status;

    if (!diagnostics)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    error = vw_world_load(exports->items, exports->count, diagnostics, &world);
    networks_error = cli_networks_declare(networks, diagnostics, world);
    if (!error)
        error = networks_error;
    if (!error)
        error = vw_trace_run(world, question, diagnostics, &trace);
    cli_show_diagnostics(output, diagnostics);
    status = error ? cli_failure(error, diagnostics) : trace_show(output, trace);
    vw_trace_free(trace);
    vw_world_free(world);
    vw_diagnostics_free(diagnostics);
    return status;
}

static const struct cli_option format_options[] = {CLI_FORMAT_OPTION("text|json|aws")};

int cli_trace(int count, char **arguments)
{
    struct cli_question written = {0};
    struct cli_networks networks = {0};
    struct cli_output output = {0};
    const struct cli_table tables[] = {
        {cli_question_options, CLI_QUESTION_OPTION_COUNT, &written},
        {cli_networks_options, CLI_NETWORKS_OPTION_COUNT, &networks},
        {format_options, 1, &output},
        {cli_output_options, CLI_OUTPUT_OPTION_COUNT, &output},
    };
    const struct cli_grammar grammar = {
        "trace",
        "Says whether traffic passes, which rule blocks it, and what mends it.",
        "EXPORT... --from END --to END [OPTION...]",
        "0 reachable, 1 blocked or partly so, 3 unknown",
        tables,
        sizeof tables / sizeof *tables};
    struct vw_question question;
    struct cli_list exports;
    int status;

    if (!cli_begin(&grammar, count, arguments, &exports, &status))
        return status;
    status = cli_question_read(grammar.command, &written, &question);
    if (!status && !exports.count)
        status = cli_usage_error(grammar.command, "no EXPORT is given");
    if (!status)
        status = trace_run(&exports, &networks, &question, &output);
    cli_options_free(&exports);
    return status;
}
