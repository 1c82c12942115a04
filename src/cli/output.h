/* Where results and diagnostics go, how they are painted, and what a run exits with. */
#ifndef VW_CLI_OUTPUT_H
#define VW_CLI_OUTPUT_H

#include <vpcwhy/diagnostic.h>
#include <vpcwhy/report.h>

#include "cli/options.h"

enum cli_format { CLI_FORMAT_TEXT, CLI_FORMAT_JSON, CLI_FORMAT_AWS };

struct cli_output {
    int format; /* enum cli_format */
    int colour;
    bool quiet;
};

/* The row of --format: a command takes the first so many words of enum cli_format. */
#define CLI_FORMAT_OPTION(words)                                                         \
    {                                                                                    \
        "format", CLI_WORD, offsetof(struct cli_output, format), words,                  \
            "how results are written (text)"                                             \
    }

#define CLI_OUTPUT_OPTION_COUNT 2
extern const struct cli_option cli_output_options[CLI_OUTPUT_OPTION_COUNT];

/* How results are to be painted on stdout. */
struct vw_report_style cli_result_style(const struct cli_output *output);

/* How diagnostics are, on stderr. */
struct vw_report_style cli_error_style(const struct cli_output *output);

/* All diagnostics, on stderr. */
void cli_show_diagnostics(const struct cli_output *output,
                          const struct vw_diagnostics *diagnostics);

/* Reads a command line. False where the command ends with that, having shown its help or
 * said what is wrong: *ret_status is then what it exits with. */
bool cli_begin(const struct cli_grammar *grammar, int count, char **arguments,
               struct cli_list *operands, int *ret_status);

/* The status of a failed call. Says what failed where no diagnostic does. */
int cli_failure(int error, const struct vw_diagnostics *diagnostics);

/* Flushes stdout. `status`, or CLI_INTERNAL with a message where something was lost; a
 * reader that went away is no fault. `error` is what the writer returned. */
int cli_finish(int error, int status);

#endif
