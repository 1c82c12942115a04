/* Rows of a row group, all wanted columns side by side; see parquet.h. */
#include <string.h>

#include "base/memory.h"
#include "logs/parquet_page.h"

struct vw_parquet_reader {
    struct vw_parquet_shared shared;
    struct vw_diagnostics *diagnostics;
    size_t count; /* of columns that are wanted */
    struct vw_parquet_cursor *cursors;
    size_t group;
    uint64_t row;  /* of the group, that is next */
    uint64_t left; /* rows to be handed out */
};

int vw_parquet_reader_create(const struct vw_parquet *parquet, const bool *wanted,
                             struct vw_parquet_reader **ret_reader)
{
    struct vw_parquet_reader *reader = vw_calloc(1, sizeof *reader);
    size_t i;

    if (!reader)
        return VW_ERROR_NO_MEMORY;
    reader->shared.file = (const void *)parquet;
    reader->cursors = vw_calloc(parquet->column_count, sizeof *reader->cursors);
    if (!reader->cursors) {
        vw_parquet_reader_free(reader);
        return VW_ERROR_NO_MEMORY;
    }
    for (i = 0; i < parquet->column_count; i++)
        if (wanted[i])
            reader->cursors[reader->count++] = (struct vw_parquet_cursor){
                .shared = &reader->shared, .number = i, .column = &parquet->columns[i]};
    *ret_reader = reader;
    return 0;
}

void vw_parquet_reader_free(struct vw_parquet_reader *reader)
{
    size_t i;

    if (!reader)
        return;
    for (i = 0; i < reader->count; i++)
        vw_parquet_cursor_free(&reader->cursors[i]);
    if (reader->shared.gzip_state)
        reader->shared.gzip->free(reader->shared.gzip_state);
    if (reader->shared.zstd_state)
        vw_unpacker_zstd.free(reader->shared.zstd_state);
    vw_free(reader->cursors);
    vw_free(reader);
}

int vw_parquet_seek(struct vw_parquet_reader *reader, size_t group, uint64_t first,
                    uint64_t rows, struct vw_diagnostics *diagnostics)
{
    const struct vw_parquet *parquet = &reader->shared.file->shown;
    size_t i;

    if (group >= parquet->group_count || first > parquet->groups[group].rows ||
        rows > parquet->groups[group].rows - first)
        return VW_ERROR_INTERNAL;
    reader->diagnostics = diagnostics;
    reader->group = group;
    reader->row = first;
    reader->left = rows;
    for (i = 0; i < reader->count; i++) {
        vw_parquet_cursor_start(&reader->cursors[i], group);
        reader->cursors[i].skip = first;
    }
    return 0;
}

/* Says what is wrong with a column and how much of it is lost. Rows that were not asked
 * for are not spoken of. */
static int say(struct vw_parquet_reader *reader, const struct vw_parquet_cursor *cursor)
{
    const struct vw_parquet_shared *shared = &reader->shared;
    uint64_t first = shared->file->groups[reader->group].first + reader->row + 1;

    if (shared->refused)
        vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, "unsupported-parquet",
                    (struct vw_place){.file = shared->file->source.path},
                    "column %s: %s is not read: rows %llu to %llu are missing",
                    cursor->column->name, shared->refused, (unsigned long long)first,
                    (unsigned long long)(first + reader->left - 1));
    else
        vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, "damaged-parquet",
                    (struct vw_place){.file = shared->file->source.path},
                    "column %s: %s: rows %llu to %llu are missing", cursor->column->name,
                    shared->trouble, (unsigned long long)first,
                    (unsigned long long)(first + reader->left - 1));
    reader->left = 0;
    return VW_ERROR_INPUT;
}

int vw_parquet_next(struct vw_parquet_reader *reader, struct vw_slice *cells,
                    size_t *ret_rows)
{
    size_t stride = reader->shared.file->shown.column_count;
    size_t rows = reader->left < VW_PARQUET_ROWS ? (size_t)reader->left : VW_PARQUET_ROWS;
    struct vw_parquet_cursor *cursor = reader->cursors;
    const struct vw_parquet_cursor *end = cursor + reader->count;
    int error = 0;

    reader->shared.trouble = reader->shared.refused = NULL;
    for (; rows > 0 && !error && cursor < end; cursor += !error) {
        error = vw_parquet_cursor_ready(cursor);
        if (!error && cursor->left < rows)
            rows = (size_t)cursor->left;
    }
    if (!error)
        cursor = reader->cursors;
    for (; rows > 0 && !error && cursor < end; cursor += !error)
        error = vw_parquet_cursor_take(cursor, cells + cursor->number, stride, rows);
    if (error)
        return error == VW_ERROR_INPUT ? say(reader, cursor) : error;
    reader->row += rows;
    reader->left -= rows;
    *ret_rows = rows;
    return 0;
}
