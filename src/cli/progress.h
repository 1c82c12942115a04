/* A bar on stderr while files are read: on a terminal only, and only where it takes more
 * than a second. */
#ifndef VW_CLI_PROGRESS_H
#define VW_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/output.h"

struct cli_progress {
    bool wanted, shown;
    int64_t begun, last; /* ns of the monotonic clock */
    uint64_t done;
};

struct cli_progress cli_progress_begin(const struct cli_output *output);

/* `context` is a struct cli_progress. Where less is done than before, it is of other files. */
void cli_progress_show(void *context, uint64_t done, uint64_t total);

/* Takes the bar away. */
void cli_progress_end(struct cli_progress *progress);

#endif
