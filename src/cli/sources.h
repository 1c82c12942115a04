/* What stands on the command line without an option, told by its content; and what an export
 * tells of how to read it. */
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

/* As vw_world_log_format, in the form in which readers of flow logs ask: `world` is a struct
 * vw_world. */
const char *cli_format_of(void *world, const char *path, const char *stream,
                          size_t stream_size);

#endif
