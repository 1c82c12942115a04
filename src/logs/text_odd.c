/* Lines that are not plainly a record of the columns at hand: damaged, or of a log stream
 * with other columns. */
#include <string.h>

#include "logs/reader.h"
#include "logs/words.h"

static const char *authority_text(enum vw_log_authority authority)
{
    switch (authority) {
    case VW_LOG_HEADER:
        return "as the header line says";
    case VW_LOG_GIVEN:
        return "the given format";
    case VW_LOG_ASSUMED:
        break;
    }
    return "the default format";
}

/* The record as one of `columns`; 1 where it is none. */
static int take_as(struct vw_log_worker *worker, const struct vw_log_columns *columns,
                   struct vw_slice record, const struct vw_log_origin *origin)
{
    size_t wanted = columns->layout.count;
    int error = vw_log_batch_begin(worker, columns);
    struct vw_slice *cells;

    if (error)
        return error;
    cells = worker->cells + worker->count * wanted;
    if (vw_log_words(record, cells, wanted) != wanted ||
        !vw_log_columns_fit(columns, cells))
        return 1;
    return vw_log_batch_add(worker, origin);
}

static bool is_same(struct vw_slice a, struct vw_slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Records of one log stream follow each other. */
static int choose(struct vw_log_worker *worker, struct vw_slice record,
                  const struct vw_log_origin *origin, struct vw_log_columns **ret)
{
    struct vw_log_choice *choice = &worker->choice;
    bool is_gateway = vw_log_is_gateway_record(record);
    int error = 0;

    if (!choice->columns || choice->is_gateway != is_gateway ||
        !is_same(choice->stream, origin->stream) ||
        !is_same(choice->group, origin->group)) {
        *choice = (struct vw_log_choice){NULL, origin->stream, origin->group, is_gateway};
        error = vw_log_columns_choose(worker->source, record, origin->stream,
                                      origin->group, &choice->columns);
    }
    *ret = choice->columns;
    return error;
}

int vw_log_record_take(struct vw_log_worker *worker, struct vw_slice record,
                       const struct vw_log_origin *origin)
{
    struct vw_log_columns *columns;
    size_t found;
    int status;

    status = choose(worker, record, origin, &columns);
    if (status)
        return status;
    status = take_as(worker, columns, record, origin);
    if (status <= 0)
        return status;
    found = vw_log_words(record, NULL, 0);
    if (found == columns->layout.count)
        vw_log_damaged(worker, origin->line,
                       "expected the default format: a version, addresses, an action "
                       "and a status at their places");
    else
        vw_log_damaged(worker, origin->line, "expected %zu columns (%s), found %zu",
                       columns->layout.count, authority_text(columns->authority), found);
    return 0;
}

static int take_line(struct vw_log_worker *worker, const struct vw_log_columns *columns,
                     struct vw_slice line, uint64_t number)
{
    struct vw_log_prefix prefix;
    struct vw_log_origin origin = {.line = number, .ingestion = VW_TIME_NONE};

    if (line.size > VW_LOG_LINE_MAX) {
        vw_log_damaged(worker, number, "expected a line of at most %d bytes",
                       VW_LOG_LINE_MAX);
        return 0;
    }
    if (columns->authority == VW_LOG_HEADER) {
        vw_log_damaged(worker, number, "expected %zu columns (%s), found %zu",
                       columns->layout.count, authority_text(columns->authority),
                       vw_log_words(line, NULL, 0));
        return 0;
    }
    vw_log_prefix_take(&line, &prefix);
    origin.time = prefix.time;
    origin.stream = prefix.stream.size > 0 ? prefix.stream : columns->path_stream;
    origin.message = line;
    return vw_log_record_take(worker, line, &origin);
}

int vw_log_text_odd(struct vw_log_worker *worker, struct vw_slice line, uint64_t number)
{
    const struct vw_log_columns *columns = worker->columns;
    int error = take_line(worker, columns, vw_slice_trim(line), number);

    return error ? error : vw_log_batch_begin(worker, columns);
}
