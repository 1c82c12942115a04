/*
 * Rows of a Parquet file as records: the columns under their names, the number of a row for
 * that of a line. Pieces are parts of row groups, which do not follow from each other.
 */
#include "logs/rows.h"

#include <string.h>

#include "base/memory.h"
#include "logs/parquet.h"

/* A file that is packed, or a pipe, is read into memory: the format begins at its end. */
#define MEMORY_MAX ((size_t)1 << 30)

/* What one worker reads pieces with, one after the other. */
struct desk {
    struct vw_parquet_reader *reader;
    struct vw_slice *cells;
    struct vw_log_origin *origins;
};

struct vw_log_table {
    struct vw_parquet_source source;
    struct vw_parquet *parquet;
    struct vw_log_columns *columns;
    char *bytes; /* of a file that is in memory */
    struct desk *desks;
    unsigned desk_count; /* one a worker */
};

void vw_log_rows_close(struct vw_log_table *table)
{
    unsigned i;

    if (!table)
        return;
    for (i = 0; i < table->desk_count; i++) {
        vw_parquet_reader_free(table->desks[i].reader);
        vw_free(table->desks[i].cells);
        vw_free(table->desks[i].origins);
    }
    vw_free(table->desks);
    vw_parquet_close(table->parquet);
    vw_free(table->bytes);
    vw_free(table);
}

/* ---- opening ---- */

static int read_all(struct vw_log_source *source, struct vw_slice head,
                    struct vw_log_table *table)
{
    size_t capacity = head.size + VW_LOG_PIECE, size = head.size;
    size_t got = head.size;

    table->bytes = vw_realloc(NULL, capacity, 1);
    if (!table->bytes)
        return VW_ERROR_NO_MEMORY;
    memcpy(table->bytes, head.data, head.size);
    while (got > 0 && size < MEMORY_MAX) {
        int error = 0;

        if (capacity - size < VW_LOG_PIECE) {
            char *bytes = vw_realloc(table->bytes, capacity * 2, 1);

            if (!bytes)
                return VW_ERROR_NO_MEMORY;
            table->bytes = bytes;
            capacity *= 2;
        }
        error = vw_log_stream_read(source, table->bytes + size, capacity - size, &got);
        if (error)
            return error;
        size += got;
    }
    table->source.bytes = (const unsigned char *)table->bytes;
    table->source.size = size;
    return 0;
}

static int find_bytes(struct vw_log_source *source, struct vw_slice head,
                      struct vw_log_table *table)
{
    table->source.path = source->file->path;
    if (source->stored.descriptor < 0)
        return read_all(source, head, table);
    table->source.stored = &source->stored;
    table->source.size = source->stored.size;
    return 0;
}

static int find_columns(struct vw_log_source *source, struct vw_log_table *table)
{
    const struct vw_parquet *parquet = table->parquet;
    struct vw_slice names[VW_FLOW_COLUMNS_MAX];
    bool is_new;
    size_t i;
    int error;

    if (parquet->column_count > VW_FLOW_COLUMNS_MAX || parquet->column_count == 0) {
        vw_log_say(source, VW_SEVERITY_ERROR, "unsupported-flow-log", 0,
                   "holds %zu columns; expected 1 to %d", parquet->column_count,
                   VW_FLOW_COLUMNS_MAX);
        return VW_ERROR_INPUT;
    }
    for (i = 0; i < parquet->column_count; i++)
        names[i] = vw_slice_of(parquet->columns[i].name);
    error = vw_log_columns_get(source, names, parquet->column_count, VW_LOG_HEADER,
                               &table->columns, &is_new);
    if (!error)
        error = vw_parquet_accept(parquet, table->columns->wanted, source->input_said);
    if (!error)
        vw_log_source_has_header(source, false);
    return error;
}

int vw_log_rows_open(struct vw_log_source *source, struct vw_slice head,
                     uint64_t *ret_rows)
{
    struct vw_log_table *table = vw_calloc(1, sizeof *table);
    int error;

    *ret_rows = 0;
    if (!table)
        return VW_ERROR_NO_MEMORY;
    source->table = table;
    table->desks = vw_calloc(source->scan->worker_count, sizeof *table->desks);
    if (!table->desks)
        return VW_ERROR_NO_MEMORY;
    table->desk_count = source->scan->worker_count;
    error = find_bytes(source, head, table);
    if (!error)
        error = vw_parquet_open(&table->source, source->input_said, &table->parquet);
    if (!error)
        error = find_columns(source, table);
    if (!error)
        *ret_rows = table->parquet->rows;
    if (error != VW_ERROR_INPUT && error != VW_ERROR_LIMIT)
        return error;
    source->is_refused = true;
    return 0;
}

/* ---- reading ---- */

/* The row group of a row of the file. */
static size_t group_of(const struct vw_parquet *parquet, uint64_t row)
{
    size_t first = 0, behind = parquet->group_count;

    while (behind - first > 1) {
        size_t middle = first + (behind - first) / 2;

        if (parquet->groups[middle].first <= row)
            first = middle;
        else
            behind = middle;
    }
    return first;
}

uint64_t vw_log_rows_next(const struct vw_log_source *source, uint64_t row)
{
    const struct vw_parquet *parquet = source->table->parquet;
    const struct vw_parquet_group *group = &parquet->groups[group_of(parquet, row)];
    uint64_t end = group->first + group->rows;

    return end - row < VW_LOG_ROWS ? end : row + VW_LOG_ROWS;
}

/* The worker's own, made at its first piece. */
static int find_desk(const struct vw_log_worker *worker, struct desk **ret_desk)
{
    const struct vw_log_table *table = worker->source->table;
    struct desk *desk = &table->desks[worker->number];

    *ret_desk = desk;
    if (!desk->cells)
        desk->cells = vw_calloc(VW_PARQUET_ROWS * table->parquet->column_count,
                                sizeof *desk->cells);
    if (!desk->origins)
        desk->origins = vw_calloc(VW_PARQUET_ROWS, sizeof *desk->origins);
    if (!desk->cells || !desk->origins)
        return VW_ERROR_NO_MEMORY;
    return desk->reader ? 0
                        : vw_parquet_reader_create(table->parquet, table->columns->wanted,
                                                   &desk->reader);
}

static int hand_on(struct vw_log_worker *worker, const struct desk *desk, uint64_t row,
                   size_t count)
{
    const struct vw_log_columns *columns = worker->source->table->columns;
    size_t i;

    for (i = 0; i < count; i++)
        desk->origins[i] = (struct vw_log_origin){.line = row + i + 1,
                                                  .time = VW_TIME_NONE,
                                                  .ingestion = VW_TIME_NONE,
                                                  .stream = columns->path_stream};
    return vw_log_batch_hand_on(worker, columns, desk->cells, desk->origins, count);
}

static int read_rows(struct vw_log_worker *worker, const struct desk *desk, uint64_t row,
                     struct vw_diagnostics *said)
{
    const struct vw_parquet *parquet = worker->source->table->parquet;
    uint64_t end = vw_log_rows_next(worker->source, row);
    size_t group = group_of(parquet, row), count = 1;
    int error = vw_parquet_seek(desk->reader, group, row - parquet->groups[group].first,
                                end - row, said);

    while (!error && row < end && count > 0) {
        error = vw_parquet_next(desk->reader, desk->cells, &count);
        if (error)
            break;
        error = hand_on(worker, desk, row, count);
        row += count;
        if (error)
            return error;
    }
    if (error == VW_ERROR_INPUT)
        vw_log_lost(worker, end - row);
    return error == VW_ERROR_INPUT ? 0 : error;
}

int vw_log_rows_read(struct vw_log_worker *worker, uint64_t row)
{
    struct vw_diagnostics *said = vw_diagnostics_create();
    struct desk *desk;
    int error = find_desk(worker, &desk);

    if (!error)
        error = said ? read_rows(worker, desk, row, said) : VW_ERROR_NO_MEMORY;
    if (said && vw_diagnostics_count(said) > 0)
        return vw_log_say_later(worker->source, row, said) ? VW_ERROR_NO_MEMORY : error;
    vw_diagnostics_free(said);
    return error;
}
