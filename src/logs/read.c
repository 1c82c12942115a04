/* One file, read by one worker from front to back: small ones, and those whose shape does
 * not let them be cut. */
#include <string.h>

#include "logs/csv.h"
#include "logs/events_text.h"
#include "logs/reader.h"
#include "logs/rows.h"

enum vw_log_shape vw_log_source_look(struct vw_log_source *source, char *head,
                                     size_t size)
{
    const char *why = NULL;
    struct vw_slice bytes = {head, size};
    enum vw_log_shape shape = vw_log_shape_of(bytes, &why);

    source->has_tabs = shape == VW_LOG_SHAPE_TEXT && vw_log_has_tabs(bytes);
    vw_log_untab(source, head, size);
    source->counts_events =
        source->has_tabs || shape == VW_LOG_SHAPE_JSON || shape == VW_LOG_SHAPE_PARQUET;
    source->is_refused = shape == VW_LOG_SHAPE_REFUSED || shape == VW_LOG_SHAPE_NOTHING;
    if (shape == VW_LOG_SHAPE_REFUSED)
        vw_log_say(source, VW_SEVERITY_ERROR, "unsupported-flow-log", 0, "%s", why);
    return shape;
}

int vw_log_put_off(struct vw_log_source *source)
{
    struct vw_log_scan *scan = source->scan;
    int error;

    pthread_mutex_lock(&scan->lock);
    source->is_put_off = true;
    error = vw_array_push(&scan->put_off, source->file->number);
    pthread_mutex_unlock(&scan->lock);
    return error;
}

int vw_log_range_read_lines(struct vw_log_worker *worker, uint64_t offset,
                            uint64_t ticket)
{
    size_t start, size;

    vw_log_range_read(worker->source, offset, worker->buffer, &start, &size);
    return vw_log_text_read(worker, worker->buffer + start, size, ticket);
}

static int read_lines(struct vw_log_worker *worker, size_t size)
{
    struct vw_log_source *source = worker->source;
    int error = 0;

    while (!error && size > 0) {
        size_t lines = vw_log_stream_lines(source, worker->buffer, size);

        error = vw_log_text_read(worker, worker->buffer, lines, VW_LOG_NO_TICKET);
        size -= lines;
        memmove(worker->buffer, worker->buffer + lines, size);
        if (!error)
            error = vw_log_stream_fill(source, worker->buffer, &size);
    }
    return error;
}

static int read_rows(struct vw_log_worker *worker, size_t size)
{
    struct vw_log_source *source = worker->source;
    uint64_t rows, row;
    int error = vw_log_rows_open(source, (struct vw_slice){worker->buffer, size}, &rows);

    for (row = 0; !error && row < rows; row = vw_log_rows_next(source, row))
        error = vw_log_rows_read(worker, row);
    return error;
}

int vw_log_source_read(struct vw_log_worker *worker, enum vw_log_shape shape, size_t size)
{
    switch (shape) {
    case VW_LOG_SHAPE_TEXT:
        return read_lines(worker, size);
    case VW_LOG_SHAPE_CSV:
        return vw_log_csv_read(worker, size);
    case VW_LOG_SHAPE_EVENTS_TEXT:
        return vw_log_events_text_read(worker, size);
    case VW_LOG_SHAPE_PARQUET:
        return read_rows(worker, size);
    case VW_LOG_SHAPE_JSON:
    case VW_LOG_SHAPE_NOTHING:
    case VW_LOG_SHAPE_REFUSED:
        break;
    }
    return 0;
}

static int read_source(struct vw_log_worker *worker, bool may_wait)
{
    struct vw_log_source *source = worker->source;
    enum vw_log_shape shape;
    size_t size = 0;
    int error = vw_log_stream_fill(source, worker->buffer, &size);

    if (error)
        return error;
    shape = vw_log_source_look(source, worker->buffer, size);
    if (may_wait && (shape == VW_LOG_SHAPE_JSON || shape == VW_LOG_SHAPE_EVENTS_TEXT))
        return vw_log_put_off(source);
    return vw_log_source_read(worker, shape, size);
}

int vw_log_file_read(struct vw_log_worker *worker, uint32_t number, bool may_wait)
{
    struct vw_log_source *source;
    int error = vw_log_source_open(worker->scan, number, &source);

    /* What cannot be opened was said: the other files are read all the same. */
    if (error)
        return error == VW_ERROR_INPUT ? 0 : error;
    vw_log_worker_turn_to(worker, source);
    error = read_source(worker, may_wait);
    vw_log_source_count(worker);
    vw_log_source_release(source);
    return error;
}
