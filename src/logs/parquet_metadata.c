/*
 * The description of a Parquet file, which stands at its end: schema, and where each
 * column of each row group stands. What it says is held against the file's size, so that
 * nothing later reads or unpacks more than the file can hold.
 */
#include <string.h>

#include "logs/parquet_file.h"

/* A chunk cannot be described in less: so many of them do not fit into a footer. */
enum { CHUNK_BYTES_MIN = 16 };

/* The sums so far, and why the description is of no use. */
struct description {
    struct vw_parquet_file *file;
    struct vw_thrift *thrift;
    const char *wrong; /* static */
    uint64_t chunk_bytes;
    int64_t rows; /* as the file says */
};

/* What a chunk says; -1: nothing. */
struct chunk {
    int64_t type;
    int64_t codec;
    int64_t values;
    int64_t size;
    int64_t data_offset;
    int64_t dictionary_offset;
    const char *refused;
};

static void wrong(struct description *description, const char *what)
{
    if (!description->wrong)
        description->wrong = what;
    description->thrift->failed = true;
    description->thrift->left = 0;
}

static void read_encodings(struct vw_thrift *thrift, unsigned type, struct chunk *chunk)
{
    unsigned element;
    size_t count = vw_thrift_list(thrift, type, &element);

    while (count-- > 0 && !thrift->failed) {
        const char *name =
            vw_parquet_encoding_refused(vw_thrift_integer(thrift, element));
        if (name && !thrift->failed)
            chunk->refused = name;
    }
}

static void read_chunk_metadata(struct vw_thrift *thrift, unsigned type,
                                struct chunk *chunk)
{
    struct vw_thrift_field field = {0};

    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 1)
            chunk->type = vw_thrift_integer(thrift, field.type);
        else if (field.id == 2)
            read_encodings(thrift, field.type, chunk);
        else if (field.id == 4)
            chunk->codec = vw_thrift_integer(thrift, field.type);
        else if (field.id == 5)
            chunk->values = vw_thrift_integer(thrift, field.type);
        else if (field.id == 7)
            chunk->size = vw_thrift_integer(thrift, field.type);
        else if (field.id == 9)
            chunk->data_offset = vw_thrift_integer(thrift, field.type);
        else if (field.id == 11)
            chunk->dictionary_offset = vw_thrift_integer(thrift, field.type);
        else
            vw_thrift_skip(thrift, field.type);
    }
}

static struct chunk read_chunk(struct vw_thrift *thrift, unsigned type)
{
    struct chunk chunk = {-1, -1, -1, -1, -1, -1, NULL};
    struct vw_thrift_field field = {0};

    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 1)
            chunk.refused = "a column that stands in another file";
        else if (field.id == 8 || field.id == 9)
            chunk.refused = "an encrypted column";
        if (field.id == 3)
            read_chunk_metadata(thrift, field.type, &chunk);
        else
            vw_thrift_skip(thrift, field.type);
    }
    return chunk;
}

/* Where the chunk starts: at its dictionary, if it has one in front. */
static int64_t start_of(const struct chunk *chunk)
{
    return chunk->dictionary_offset > 0 && chunk->dictionary_offset < chunk->data_offset
               ? chunk->dictionary_offset
               : chunk->data_offset;
}

/* Checks what is said of `column` in a row group, and keeps it. */
static void take_chunk(struct description *description, struct vw_parquet_column *column,
                       struct vw_parquet_chunk *kept, const struct chunk *chunk)
{
    uint64_t size = description->file->source.size;
    int64_t start = start_of(chunk);

    if (!column->refused && chunk->refused)
        column->refused = chunk->refused;
    if (!column->refused)
        column->refused = vw_parquet_codec_refused(chunk->codec);
    /* Nothing of such a column is read. */
    if (column->refused)
        return;
    if (chunk->type != (int64_t)column->type)
        wrong(description, "a column chunk is of another type than its column");
    else if (chunk->size < 0 || start < 0 || (uint64_t)start > size ||
             (uint64_t)chunk->size > size - (uint64_t)start)
        wrong(description, "a column chunk lies outside the file");
    else if (size - description->chunk_bytes < (uint64_t)chunk->size)
        wrong(description, "its column chunks overlap");
    else
        description->chunk_bytes += (uint64_t)chunk->size;
    if (description->wrong)
        return;
    *kept = (struct vw_parquet_chunk){(uint64_t)start, (uint64_t)chunk->size,
                                      (enum vw_parquet_codec)chunk->codec};
}

/* Each column of a table that is not nested has as many values as the group has rows. */
static void check_values(struct description *description, size_t group,
                         const int64_t *values)
{
    const struct vw_parquet_file *file = description->file;
    size_t i;

    for (i = 0; i < file->shown.column_count; i++)
        if (!file->columns[i].refused && values[i] != (int64_t)file->groups[group].rows)
            wrong(description, "a column has more or fewer values than its group rows");
}

static void read_chunks(struct description *description, unsigned type, size_t group,
                        int64_t *values)
{
    struct vw_parquet_file *file = description->file;
    unsigned element;
    size_t columns = file->shown.column_count;
    size_t i, count = vw_thrift_list(description->thrift, type, &element);

    if (count != columns)
        wrong(description, "a row group has more or fewer columns than the schema");
    for (i = 0; i < count && !description->thrift->failed; i++) {
        struct chunk chunk = read_chunk(description->thrift, element);
        values[i] = chunk.values;
        if (!description->thrift->failed)
            take_chunk(description, &file->columns[i], &file->chunks[group * columns + i],
                       &chunk);
    }
}

static void read_group(struct description *description, unsigned type, size_t group)
{
    int64_t values[VW_PARQUET_COLUMNS_MAX] = {0};
    struct vw_thrift *thrift = description->thrift;
    struct vw_parquet_file *file = description->file;
    struct vw_thrift_field field = {0};
    int64_t rows = -1;

    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 1)
            read_chunks(description, field.type, group, values);
        else if (field.id == 3)
            rows = vw_thrift_integer(thrift, field.type);
        else
            vw_thrift_skip(thrift, field.type);
    }
    if (thrift->failed)
        return;
    if (rows < 0) {
        wrong(description, "a row group does not say how many rows it has");
    } else if ((uint64_t)rows / VW_PARQUET_ROWS_A_BYTE > file->source.size ||
               (file->shown.rows + (uint64_t)rows) / VW_PARQUET_ROWS_A_BYTE >
                   file->source.size) {
        wrong(description, "it says that it has more rows than its bytes can hold");
    } else {
        file->groups[group] = (struct vw_parquet_group){file->shown.rows, (uint64_t)rows};
        file->shown.rows += (uint64_t)rows;
        check_values(description, group, values);
    }
}

static int read_groups(struct description *description, unsigned type)
{
    struct vw_parquet_file *file = description->file;
    size_t columns = file->shown.column_count;
    unsigned element;
    size_t i, count = vw_thrift_list(description->thrift, type, &element);

    if (!file->columns || file->groups || columns == 0)
        wrong(description, "it has no schema, or no columns");
    else if (count > description->thrift->left / CHUNK_BYTES_MIN / columns)
        wrong(description, "its description is cut short");
    if (description->thrift->failed)
        return 0;
    file->groups = vw_arena_array(&file->arena, count, sizeof *file->groups);
    file->chunks = vw_arena_array(&file->arena, count * columns, sizeof *file->chunks);
    if (!file->groups || !file->chunks)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count && !description->thrift->failed; i++)
        read_group(description, element, i);
    file->shown.group_count = count;
    return 0;
}

/* The file's description; what is wrong with it is in `description`. */
static int read_file(struct description *description)
{
    struct vw_thrift *thrift = description->thrift;
    struct vw_thrift_field field = {0};
    int error = 0;

    while (!error && vw_thrift_next(thrift, &field)) {
        if (field.id == 2)
            error = vw_parquet_schema(description->file, thrift, field.type);
        else if (field.id == 3)
            description->rows = vw_thrift_integer(thrift, field.type);
        else if (field.id == 4)
            error = read_groups(description, field.type);
        else
            vw_thrift_skip(thrift, field.type);
    }
    return error;
}

int vw_parquet_describe(struct vw_parquet_file *file, struct vw_thrift *thrift,
                        struct vw_diagnostics *diagnostics)
{
    struct description description = {.file = file, .thrift = thrift, .rows = -1};
    int error = read_file(&description);

    if (error == VW_ERROR_LIMIT)
        vw_parquet_damaged(&file->source, diagnostics,
                           "its schema has more than 1024 columns, or is nested more "
                           "than 32 deep");
    if (error && error != VW_ERROR_INPUT)
        return error;
    if (error || (thrift->failed && !description.wrong))
        description.wrong = "its description cannot be read";
    else if (!description.wrong && !file->columns)
        description.wrong = "it has no schema";
    else if (!description.wrong && description.rows != (int64_t)file->shown.rows)
        description.wrong = "its row groups have more or fewer rows than the file";
    if (description.wrong)
        return vw_parquet_damaged(&file->source, diagnostics, description.wrong);
    file->shown.columns = file->columns;
    file->shown.groups = file->groups;
    return 0;
}
