/*
 * Parquet files as flow logs are delivered in: a table of columns that are not nested,
 * cut into row groups, each column of a group in pages of its own. What is read: INT32,
 * INT64, BOOLEAN, FLOAT, DOUBLE and BYTE_ARRAY columns, OPTIONAL or REQUIRED; PLAIN and
 * dictionary encodings; data pages of both versions; UNCOMPRESSED, GZIP, SNAPPY and ZSTD
 * pages. Everything else is refused by its name, before a row of it is handed out.
 *
 *     vw_parquet_open            once a file: columns and row groups
 *     vw_parquet_accept          the columns that are wanted can be read
 *     vw_parquet_reader_create   once a worker
 *     vw_parquet_seek            to rows of a row group: different workers, different rows
 *     vw_parquet_next            ... until there is no more: cells as text
 *
 * The format is described in apache/parquet-format (README.md, parquet.thrift,
 * Encodings.md). The bytes are hostile: what a file says is held against what it has.
 */
#ifndef VW_LOGS_PARQUET_H
#define VW_LOGS_PARQUET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diagnostic.h"
#include "base/slice.h"
#include "base/stored.h"

/* Where the bytes of the file are. */
struct vw_parquet_source {
    const char *path;               /* for diagnostics */
    const struct vw_stored *stored; /* NULL: they are in memory */
    const unsigned char *bytes;
    uint64_t size;
};

/* Physical types, as the format numbers them. */
#define VW_PARQUET_TYPE_LIST(X)                                                          \
    X(VW_PARQUET_BOOLEAN, "BOOLEAN")                                                     \
    X(VW_PARQUET_INT32, "INT32")                                                         \
    X(VW_PARQUET_INT64, "INT64")                                                         \
    X(VW_PARQUET_INT96, "INT96")                                                         \
    X(VW_PARQUET_FLOAT, "FLOAT")                                                         \
    X(VW_PARQUET_DOUBLE, "DOUBLE")                                                       \
    X(VW_PARQUET_BYTE_ARRAY, "BYTE_ARRAY")                                               \
    X(VW_PARQUET_FIXED, "FIXED_LEN_BYTE_ARRAY")

enum vw_parquet_type {
#define VW_X(name, text) name,
    VW_PARQUET_TYPE_LIST(VW_X)
#undef VW_X
        VW_PARQUET_TYPE_COUNT
};

struct vw_parquet_column {
    const char *name; /* as in the schema; a nested one's with dots: "a.b" */
    enum vw_parquet_type type;
    bool is_optional;
    bool is_unsigned;    /* an integer */
    const char *refused; /* what of it is not read, by name: "INT96"; NULL: nothing */
};

struct vw_parquet_group {
    uint64_t first; /* row, of the file */
    uint64_t rows;
};

/* A file's description; constant once it is open, shared by all workers. */
struct vw_parquet {
    size_t column_count;
    const struct vw_parquet_column *columns;
    size_t group_count;
    const struct vw_parquet_group *groups;
    uint64_t rows;
};

/* The most columns, and bytes of the file's own description. */
#define VW_PARQUET_COLUMNS_MAX 1024
#define VW_PARQUET_FOOTER_MAX ((uint64_t)64 << 20)

/* The most bytes of an unpacked page, of a dictionary, and of all that a reader holds. */
#define VW_PARQUET_PAGE_MAX ((uint64_t)128 << 20)
#define VW_PARQUET_DICTIONARY_MAX ((uint64_t)16 << 20)
#define VW_PARQUET_MEMORY_MAX ((uint64_t)512 << 20)

/* The most rows that a stored byte may stand for: so that a small file cannot keep the
 * program busy for ever. */
#define VW_PARQUET_ROWS_A_BYTE 16384

/* The most rows of one call of vw_parquet_next. */
#define VW_PARQUET_ROWS 1024

/* Whether a file begins as Parquet does; four bytes are enough. */
bool vw_parquet_is(const char *bytes, size_t size);

/* The source must stay. On failure a diagnostic says why; VW_ERROR_INPUT,
 * VW_ERROR_LIMIT or VW_ERROR_NO_MEMORY. */
int vw_parquet_open(const struct vw_parquet_source *source,
                    struct vw_diagnostics *diagnostics, struct vw_parquet **ret_parquet);

/* Accepts NULL. */
void vw_parquet_close(struct vw_parquet *parquet);

/* Whether each column that is `wanted` [column_count] can be read; a diagnostic for each
 * that cannot, and VW_ERROR_INPUT. */
int vw_parquet_accept(const struct vw_parquet *parquet, const bool *wanted,
                      struct vw_diagnostics *diagnostics);

struct vw_parquet_reader;

/* For one worker: readers of the same file do not know each other. Reads what is `wanted`
 * (copied), which vw_parquet_accept has accepted. Its memory is used again for every row
 * group: one reader for many is better than one each. */
int vw_parquet_reader_create(const struct vw_parquet *parquet, const bool *wanted,
                             struct vw_parquet_reader **ret_reader);

/* Accepts NULL. */
void vw_parquet_reader_free(struct vw_parquet_reader *reader);

/* The next rows are `rows` from `first` (of the group, from 0) on. What lies before them
 * is passed over page by page, without unpacking whole pages. `diagnostics` is for what
 * vw_parquet_next finds; may be NULL. */
int vw_parquet_seek(struct vw_parquet_reader *reader, size_t group, uint64_t first,
                    uint64_t rows, struct vw_diagnostics *diagnostics);

/* Up to VW_PARQUET_ROWS rows into `cells` [row * column_count + column]; cells of columns
 * that are not wanted stay as they are, a NULL's data is NULL. Slices are valid until the
 * next call. *ret_rows 0: all that vw_parquet_seek asked for were handed out. Damage is a
 * diagnostic that names the column and the rows that are lost, and VW_ERROR_INPUT, after
 * the rows before it. */
int vw_parquet_next(struct vw_parquet_reader *reader, struct vw_slice *cells,
                    size_t *ret_rows);

#endif
