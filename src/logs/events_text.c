/*
 * `aws logs filter-log-events --output text` gives a row an event, its members in the order
 * of their names with tabs between them:
 *
 *     EVENTS <eventId> <ingestionTime> <logStreamName> <message> <timestamp>
 *
 * get-log-events has neither id nor stream. Before the rows of a page stand its tokens,
 * behind them rows of the streams that were searched.
 */
#include "logs/events_text.h"

#include <string.h>

#include "base/map.h"

#define ROW "EVENTS\t"
#define STREAMS "SEARCHEDLOGSTREAMS"

enum { FILTERED = 6, GOT = 4, FIELDS_MAX = 7 };

static struct vw_slice next_line(struct vw_slice *text)
{
    const char *lf = memchr(text->data, '\n', text->size);
    struct vw_slice line = {text->data, lf ? (size_t)(lf - text->data) : text->size};
    size_t taken = line.size + (lf != NULL);

    text->data += taken;
    text->size -= taken;
    return line;
}

bool vw_log_is_events_text(struct vw_slice head)
{
    unsigned lines;

    for (lines = 0; lines < 3 && head.size > 0; lines++)
        if (vw_slice_starts(next_line(&head), ROW))
            return true;
    return false;
}

static size_t split(struct vw_slice line, struct vw_slice fields[FIELDS_MAX])
{
    size_t count = 0;

    for (;;) {
        const char *tab = memchr(line.data, '\t', line.size);
        size_t size = tab ? (size_t)(tab - line.data) : line.size;

        if (count < FIELDS_MAX)
            fields[count] = (struct vw_slice){line.data, size};
        count++;
        if (!tab)
            return count;
        line = (struct vw_slice){tab + 1, line.size - size - 1};
    }
}

/* 1 where the event is new. */
static int is_new(struct vw_log_worker *worker, struct vw_slice id,
                  struct vw_slice message)
{
    uint64_t parts[2] = {vw_hash(id.data, id.size), vw_hash(message.data, message.size)};
    int status = vw_log_ids_add(&worker->scan->ids, vw_hash(parts, sizeof parts) | 1);

    worker->repeated += status == 0;
    return status;
}

static int take_row(struct vw_log_worker *worker, struct vw_slice line, uint64_t number)
{
    struct vw_slice fields[FIELDS_MAX];
    size_t count = split(line, fields);
    struct vw_log_origin origin = {
        .line = number, .time = VW_TIME_NONE, .ingestion = VW_TIME_NONE};
    int status = 1;

    if (count != FILTERED && count != GOT) {
        vw_log_damaged(worker, number,
                       "expected EVENTS and 3 or 5 members of an event between tabs, "
                       "found %zu",
                       count - 1);
        return 0;
    }
    vw_time_parse(fields[count - 1], &origin.time);
    vw_time_parse(fields[count - 4 + (count == GOT)], &origin.ingestion);
    origin.message = vw_slice_trim(fields[count - 2]);
    if (count == FILTERED) {
        origin.stream = fields[3];
        status = is_new(worker, fields[1], origin.message);
    }
    return status <= 0 ? status : vw_log_record_take(worker, origin.message, &origin);
}

/* The tokens of a page: "f/3555..." and "b/3555...", or one long word. */
static bool is_token(struct vw_slice line)
{
    return vw_slice_starts(line, "f/") || vw_slice_starts(line, "b/") ||
           (line.size >= 24 && !memchr(line.data, ' ', line.size) &&
            !memchr(line.data, '\t', line.size));
}

static int take_lines(struct vw_log_worker *worker, struct vw_slice text)
{
    int error = 0;

    while (!error && text.size > 0) {
        uint64_t number = worker->source->line++;
        struct vw_slice line = vw_slice_trim(next_line(&text));

        if (vw_slice_starts(line, ROW))
            error = take_row(worker, line, number);
        else if (line.size > 0 && !vw_slice_starts(line, STREAMS) && !is_token(line))
            vw_log_damaged(worker, number,
                           "expected a row of \"aws logs ... --output text\"");
    }
    return error ? error : vw_log_batch_flush(worker);
}

int vw_log_events_text_read(struct vw_log_worker *worker, size_t size)
{
    struct vw_log_source *source = worker->source;
    int error = 0;

    while (!error && size > 0) {
        size_t lines = vw_log_stream_lines(source, worker->buffer, size);

        error = take_lines(worker, (struct vw_slice){worker->buffer, lines});
        size -= lines;
        memmove(worker->buffer, worker->buffer + lines, size);
        if (!error)
            error = vw_log_stream_fill(source, worker->buffer, &size);
    }
    return error;
}
