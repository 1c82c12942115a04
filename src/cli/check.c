/* vpcwhy check: expectations held against an export. */
#include <stdio.h>

#include <vpcwhy/error.h>
#include <vpcwhy/policy.h>
#include <vpcwhy/report.h>
#include <vpcwhy/world.h>

#include "cli/command.h"
#include "cli/output.h"

struct check_options {
    struct cli_list rules;
};

static const struct cli_option check_options[] = {
    {"rules", CLI_LIST, offsetof(struct check_options, rules), "PATH",
     "a YAML file of expectations and networks, or a folder; may be given again"},
};

static int check_status(const struct vw_check *check)
{
    if (check->fails)
        return CLI_BAD;
    return check->unknown ? CLI_UNKNOWN : CLI_GOOD;
}

static int check_show(const struct cli_output *output, const struct vw_check *check)
{
    int error = output->format == CLI_FORMAT_JSON
                    ? vw_report_check_json(check, stdout)
                    : vw_report_check_text(check, cli_result_style(output), stdout);

    return cli_finish(error, check_status(check));
}

/* Rules and exports are both read whatever is wrong with one, to say all there is. */
static int check_run(const struct cli_list *exports, const struct cli_list *paths,
                     const struct cli_output *output)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_world *world = NULL;
    struct vw_rules *rules = NULL;
    struct vw_check *check = NULL;
    int error, world_error, status;

    if (!diagnostics)
        return cli_failure(VW_ERROR_NO_MEMORY, NULL);
    error = vw_rules_load(paths->items, paths->count, diagnostics, &rules);
    world_error = vw_world_load(exports->items, exports->count, diagnostics, &world);
    if (!error)
        error = world_error;
    if (!error)
        error = vw_rules_declare_networks(rules, world);
    if (!error)
        error = vw_check_run(world, rules, diagnostics, &check);
    cli_show_diagnostics(output, diagnostics);
    status = error ? cli_failure(error, diagnostics) : check_show(output, check);
    vw_check_free(check);
    vw_rules_free(rules);
    vw_world_free(world);
    vw_diagnostics_free(diagnostics);
    return status;
}

static const struct cli_option format_options[] = {CLI_FORMAT_OPTION("text|json")};

int cli_check(int count, char **arguments)
{
    struct check_options options = {0};
    struct cli_output output = {0};
    const struct cli_table tables[] = {
        {check_options, sizeof check_options / sizeof *check_options, &options},
        {format_options, 1, &output},
        {cli_output_options, CLI_OUTPUT_OPTION_COUNT, &output},
    };
    const struct cli_grammar grammar = {
        "check",
        "Holds what must be reachable, and what must not, against the network.",
        "EXPORT... --rules PATH [OPTION...]",
        "0 all hold, 1 some fail, 3 some unknown",
        tables,
        sizeof tables / sizeof *tables};
    struct cli_list exports;
    int status;

    if (!cli_begin(&grammar, count, arguments, &exports, &status))
        return status;
    if (!exports.count)
        status = cli_usage_error(grammar.command, "no EXPORT is given");
    else if (!options.rules.count)
        status = cli_usage_error(grammar.command, "check needs --rules PATH");
    else
        status = check_run(&exports, &options.rules, &output);
    cli_options_free(&exports);
    return status;
}
