/* Files and folders to what they are evidence of; see sources.h. */
#include "cli/sources.h"

#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>
#include <vpcwhy/world.h>

#include "cli/output.h"
#include "cli/options.h"

struct adding {
    struct cli_sources *sources;
    size_t unknown, captures; /* files that are nothing; captures whose end is not told */
    char *first;              /* of those */
};

static int refuse(struct adding *adding, size_t *count, const char *path)
{
    ++*count;
    if (!adding->first)
        adding->first = strdup(path);
    return adding->first ? 0 : VW_ERROR_NO_MEMORY;
}

static int take(void *context, const char *path, enum vw_evidence_form form)
{
    struct adding *adding = context;
    struct cli_sources *sources = adding->sources;
    struct cli_source *source;

    if (form == VW_FORM_UNKNOWN)
        return refuse(adding, &adding->unknown, path);
    if (form == VW_FORM_CAPTURE)
        return refuse(adding, &adding->captures, path);
    if (sources->count == sources->capacity) {
        size_t capacity = sources->capacity ? sources->capacity * 2 : 8;
        struct cli_source *items =
            realloc(sources->items, capacity * sizeof *sources->items);

        if (!items)
            return VW_ERROR_NO_MEMORY;
        sources->items = items;
        sources->capacity = capacity;
    }
    source = &sources->items[sources->count];
    *source = (struct cli_source){form, strdup(path)};
    sources->count += source->path != NULL;
    return source->path ? 0 : VW_ERROR_NO_MEMORY;
}

int cli_sources_add(struct cli_sources *sources, const char *command, const char *path,
                    struct vw_diagnostics *diagnostics)
{
    struct adding adding = {.sources = sources};
    int error = vw_evidence_recognise(path, diagnostics, take, &adding), status = 0;

    if (error)
        status = cli_failure(error, diagnostics);
    else if (adding.unknown)
        status = cli_usage_error(
            command,
            "%s is no flow log, no CloudTrail events and no output of ping, traceroute, "
            "mtr, nc, curl -v or nmap; an export is given with its time: %s@TIME",
            adding.first, path);
    else if (adding.captures)
        status = cli_usage_error(command,
                                 "%s is a capture: say where it was taken: --capture "
                                 "END=%s",
                                 adding.first, adding.first);
    free(adding.first);
    return status;
}

void cli_sources_free(struct cli_sources *sources)
{
    size_t i;

    for (i = 0; i < sources->count; i++)
        free(sources->items[i].path);
    free(sources->items);
    *sources = (struct cli_sources){NULL, 0, 0};
}

const char *cli_format_of(void *world, const char *path, const char *stream,
                          size_t stream_size)
{
    return vw_world_log_format(world, path, stream, stream_size);
}
