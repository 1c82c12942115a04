/* stdout, stderr and the exit status; see output.h. */
#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vpcwhy/error.h>

#include "cli/command.h"

enum colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

const struct cli_option cli_output_options[CLI_OUTPUT_OPTION_COUNT] = {
    {"color", CLI_WORD, offsetof(struct cli_output, colour), "auto|always|never",
     "colours; auto: on a terminal, without NO_COLOR"},
    {"quiet", CLI_FLAG, offsetof(struct cli_output, quiet), NULL,
     "no warnings about the input, only errors"},
};

static bool colour_wanted(int colour, int descriptor)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");

    if (colour != COLOUR_AUTO)
        return colour == COLOUR_ALWAYS;
    return isatty(descriptor) && !(no_colour && *no_colour) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

struct vw_report_style cli_result_style(const struct cli_output *output)
{
    struct vw_report_style style = {colour_wanted(output->colour, STDOUT_FILENO),
                                    output->quiet};

    return style;
}

struct vw_report_style cli_error_style(const struct cli_output *output)
{
    struct vw_report_style style = {colour_wanted(output->colour, STDERR_FILENO),
                                    output->quiet};

    return style;
}

void cli_show_diagnostics(const struct cli_output *output,
                          const struct vw_diagnostics *diagnostics)
{
    vw_report_diagnostics(diagnostics, cli_error_style(output), stderr);
}

static bool has_error(const struct vw_diagnostics *diagnostics)
{
    size_t i;

    for (i = 0; diagnostics && i < vw_diagnostics_count(diagnostics); i++)
        if (vw_diagnostics_get(diagnostics, i)->severity == VW_SEVERITY_ERROR)
            return true;
    return false;
}

int cli_failure(int error, const struct vw_diagnostics *diagnostics)
{
    bool unusable =
        error == VW_ERROR_INPUT || error == VW_ERROR_QUESTION || error == VW_ERROR_LIMIT;

    if (!unusable || !has_error(diagnostics))
        fprintf(stderr, "vpcwhy: error: %s\n", vw_error_sentence(error));
    return unusable ? CLI_UNUSABLE : CLI_INTERNAL;
}

int cli_finish(int error, int status)
{
    int reason = errno;

    if (error && error != VW_ERROR_OUTPUT)
        return cli_failure(error, NULL);
    if (!error) {
        errno = 0;
        if (fflush(stdout) == 0 && !ferror(stdout))
            return status;
        reason = errno;
    }
    if (reason == EPIPE)
        return status;
    fprintf(stderr, "vpcwhy: error: cannot write to standard output: %s\n",
            reason ? strerror(reason) : "unknown reason");
    return CLI_INTERNAL;
}

bool cli_begin(const struct cli_grammar *grammar, int count, char **arguments,
               struct cli_list *operands, int *ret_status)
{
    switch (cli_options_parse(grammar, count, arguments, operands)) {
    case CLI_PARSED:
        return true;
    case CLI_HELP_SHOWN:
        *ret_status = cli_finish(0, CLI_GOOD);
        break;
    case CLI_USAGE_ERROR:
        *ret_status = CLI_UNUSABLE;
        break;
    case CLI_NO_MEMORY:
        *ret_status = cli_failure(VW_ERROR_NO_MEMORY, NULL);
        break;
    }
    return false;
}
