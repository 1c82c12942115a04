/* Evidence that stands on the command line without an option: told by its content. */
#ifndef VW_CLI_SOURCES_H
#define VW_CLI_SOURCES_H

#include <stddef.h>

#include <vpcwhy/evidence.h>

struct cli_source {
    enum vw_evidence_form form; /* never UNKNOWN */
    char *path;
};

/* Zero-initialised is empty. */
struct cli_sources {
    struct cli_source *items;
    size_t count, capacity;
};

/* Adds what `path`, a file or a folder, holds. The exit status of what went wrong, which was
 * said, or 0. */
int cli_sources_add(struct cli_sources *sources, const char *command, const char *path,
                    struct vw_diagnostics *diagnostics);

void cli_sources_free(struct cli_sources *sources);

#endif
