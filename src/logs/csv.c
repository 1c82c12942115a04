/*
 * CSV as the console writes it (RFC 4180): results of Logs Insights under the names that
 * the query gave them, and log events as "timestamp,message". The service caps both at some
 * ten thousand rows, so one worker reads a file.
 */
#include "logs/csv.h"

#include <string.h>

#include "logs/row.h"

struct csv {
    struct vw_log_worker *worker;
    struct vw_log_row_names names;
    struct vw_slice cells[VW_FLOW_COLUMNS_MAX];
    size_t count;  /* cells of the record at hand, kept or not */
    uint64_t line; /* where it begins */
};

/* Behind the field that begins at `at`: at the comma or line end, or `size`. */
static size_t end_of_field(const char *data, size_t at, size_t size)
{
    if (at < size && data[at] == '"') {
        for (at++; at < size; at++) {
            if (data[at] != '"')
                continue;
            if (at + 1 == size || data[at + 1] != '"')
                break;
            at++;
        }
        if (at == size)
            return size;
    }
    while (at < size && data[at] != ',' && data[at] != '\n')
        at++;
    return at;
}

size_t vw_log_csv_end(const char *data, size_t size)
{
    size_t at = 0;

    for (;;) {
        at = end_of_field(data, at, size);
        if (at == size)
            return 0;
        if (data[at++] == '\n')
            return at;
    }
}

/* A field's value, in place: without its quotes, doubled ones once. */
static struct vw_slice value_of(char *data, size_t size)
{
    size_t from, to = 0;

    if (size > 0 && data[size - 1] == '\r')
        size--;
    if (size == 0 || data[0] != '"')
        return (struct vw_slice){size > 0 ? data : NULL, size};
    for (from = 1; from < size; from++) {
        if (data[from] == '"') {
            if (from + 1 == size || data[from + 1] != '"')
                continue;
            from++;
        }
        data[to++] = data[from];
    }
    return (struct vw_slice){to > 0 ? data : NULL, to};
}

size_t vw_log_csv_cells(char *data, size_t size, struct vw_slice *cells, size_t room)
{
    size_t at = 0, count = 0;

    for (;;) {
        size_t end = end_of_field(data, at, size);
        bool is_last = end == size || data[end] == '\n';
        struct vw_slice value = value_of(data + at, end - at);

        if (count < room)
            cells[count] = value;
        count++;
        if (is_last)
            return count;
        at = end + 1;
    }
}

static bool is_header_again(const struct csv *csv)
{
    size_t i;

    for (i = 0; i < csv->names.count; i++)
        if (csv->cells[i].size != csv->names.items[i].size ||
            memcmp(csv->cells[i].data ? csv->cells[i].data : "", csv->names.items[i].data,
                   csv->cells[i].size) != 0)
            return false;
    return true;
}

static int take_header(struct csv *csv)
{
    size_t i;

    for (i = 0; i < csv->count; i++) {
        struct vw_slice *cell = &csv->cells[i];
        const char *copy =
            vw_arena_copy(&csv->worker->arena, cell->data ? cell->data : "", cell->size);

        if (!copy)
            return VW_ERROR_NO_MEMORY;
        if (memchr(copy, '\n', cell->size)) {
            vw_log_say(csv->worker->source, VW_SEVERITY_ERROR, "flow-log-format",
                       csv->line, "a name in the header line does not end");
            csv->worker->source->is_refused = true;
            return 0;
        }
        csv->names.items[i] = (struct vw_slice){copy, cell->size};
    }
    csv->names.count = csv->count;
    return vw_log_row_begin(csv->worker, &csv->names);
}

static int take_record(struct csv *csv, char *data, size_t size)
{
    csv->count = vw_log_csv_cells(data, size, csv->cells, VW_FLOW_COLUMNS_MAX);
    if (csv->count == 1 && csv->cells[0].size == 0)
        return 0;
    if (csv->names.count == 0 && csv->count <= VW_FLOW_COLUMNS_MAX)
        return take_header(csv);
    if (csv->count != csv->names.count) {
        vw_log_damaged(csv->worker, csv->line,
                       "expected %zu columns (as the header line says), found %zu",
                       csv->names.count, csv->count);
        return 0;
    }
    if (is_header_again(csv))
        return 0;
    return vw_log_row_take(csv->worker, &csv->names, csv->cells, csv->line);
}

static uint64_t count_lines(const char *data, size_t size)
{
    uint64_t lines = 0;
    size_t i;

    for (i = 0; i < size; i++)
        lines += data[i] == '\n';
    return lines;
}

/* The records that are whole in `size` bytes: *ret_taken. A quote that does not end makes
 * its line a damaged one. */
static int take_records(struct csv *csv, char *data, size_t size, bool at_end,
                        size_t *ret_taken)
{
    size_t at = 0;
    int error = 0;

    while (!error && at < size && !csv->worker->source->is_refused) {
        size_t end = vw_log_csv_end(data + at, size - at);
        const char *lf = memchr(data + at, '\n', size - at);
        uint64_t lines = end > 0 ? count_lines(data + at, end) : 1;

        if (end == 0 && !at_end && size - at < VW_LOG_PIECE)
            break;
        if (end > 0) {
            error = take_record(csv, data + at, end);
        } else {
            end = lf ? (size_t)(lf - data) + 1 - at : size - at;
            vw_log_damaged(csv->worker, csv->line, "a quoted field does not end");
        }
        at += end;
        csv->line += lines;
    }
    *ret_taken = at;
    /* The cells stand in the buffer, which is to be filled anew. */
    return error ? error : vw_log_batch_flush(csv->worker);
}

int vw_log_csv_read(struct vw_log_worker *worker, size_t size)
{
    struct csv csv = {.worker = worker, .line = 1};
    char *buffer = worker->buffer;
    size_t taken = 0;
    int error = 0;

    if (size >= 3 && memcmp(buffer, "\xef\xbb\xbf", 3) == 0)
        memmove(buffer, buffer + 3, size -= 3);
    while (!error && size > 0 && !worker->source->is_refused) {
        bool at_end = worker->source->at_end;

        if (at_end && buffer[size - 1] != '\n')
            buffer[size++] = '\n';
        error = take_records(&csv, buffer, size, at_end, &taken);
        size -= taken;
        memmove(buffer, buffer + taken, size);
        if (!error)
            error = vw_log_stream_fill(worker->source, buffer, &size);
    }
    vw_arena_reset(&worker->arena);
    return error;
}
