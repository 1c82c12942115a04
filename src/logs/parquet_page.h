/* Pages of a Parquet column: their headers, and the column's way through them. */
#ifndef VW_LOGS_PARQUET_PAGE_H
#define VW_LOGS_PARQUET_PAGE_H

#include "base/unpack.h"
#include "logs/parquet_file.h"
#include "logs/parquet_runs.h"

enum vw_parquet_page_type {
    VW_PARQUET_DATA_PAGE,
    VW_PARQUET_INDEX_PAGE,
    VW_PARQUET_DICTIONARY_PAGE,
    VW_PARQUET_DATA_PAGE_V2,
};

/* A page's header. Sizes are checked to be none below 0 and no more than 2^31. */
struct vw_parquet_page {
    int64_t type;
    uint64_t size;   /* unpacked */
    uint64_t packed; /* as it stands in the file */
    bool has_checksum;
    uint32_t checksum; /* of the packed bytes */
    uint64_t values;   /* NULLs too */
    int64_t encoding;
    int64_t level_encoding;
    uint64_t level_bytes; /* second version: these stand in front, never packed */
    uint64_t repetition_bytes;
    bool is_packed;
};

/* False where the bytes are none, or too few: thrift->failed. */
bool vw_parquet_page_header(struct vw_thrift *thrift, struct vw_parquet_page *ret_page);

/* A block of memory that grows, counted in its reader's `memory`. */
struct vw_parquet_block {
    unsigned char *bytes;
    size_t size;
};

/* What the columns of a reader share. */
struct vw_parquet_shared {
    const struct vw_parquet_file *file;
    uint64_t memory; /* of all blocks */
    const struct vw_unpacker *gzip;
    void *gzip_state;
    void *zstd_state;
    const char *trouble; /* behind VW_ERROR_INPUT; static */
    const char *refused; /* or what it is that is not read */
};

/* At least `size` bytes and the padding; what was in it is lost. */
int vw_parquet_block_room(struct vw_parquet_shared *shared,
                          struct vw_parquet_block *block, size_t size);

/* PLAIN values. */
struct vw_parquet_plain {
    enum vw_parquet_type type;
    bool is_unsigned;
    const unsigned char *at;
    const unsigned char *end;
    unsigned bit; /* of booleans: of *at */
};

/* The bytes of `count` numbers as text; 0 for other types. */
size_t vw_parquet_plain_digits(enum vw_parquet_type type, size_t count);

/* The next `count` values: to[0], to[stride], ...; numbers are written to `digits`. False
 * where there are not so many. */
bool vw_parquet_plain_take(struct vw_parquet_plain *plain, struct vw_slice *to,
                           size_t stride, size_t count, char *digits);

/* How the values of a page stand. */
enum vw_parquet_form {
    VW_PARQUET_FORM_PLAIN,
    VW_PARQUET_FORM_INDICES,  /* of the dictionary */
    VW_PARQUET_FORM_BOOLEANS, /* in runs */
};

/* A column on its way through a row group. */
struct vw_parquet_cursor {
    struct vw_parquet_shared *shared;
    size_t number; /* of the column */
    const struct vw_parquet_column *column;
    struct vw_parquet_chunk chunk;
    uint64_t unread; /* values in the pages to come */
    uint64_t skip;   /* values to be passed over first */

    uint64_t next;                  /* where the next page stands in the file */
    struct vw_parquet_block window; /* bytes of the file from `window_at` on */
    uint64_t window_at;
    size_t window_size;

    /* The dictionary; numbers as text. */
    bool has_dictionary;
    size_t entry_count;
    struct vw_parquet_block dictionary;
    struct vw_parquet_block entries; /* struct vw_slice */
    struct vw_parquet_block entry_digits;

    /* The page at hand. */
    uint64_t left; /* values, NULLs too */
    bool has_levels;
    struct vw_parquet_runs levels;
    enum vw_parquet_form form;
    struct vw_parquet_plain plain;
    struct vw_parquet_runs runs;
    struct vw_parquet_block unpacked;
    struct vw_parquet_block digits; /* of the numbers handed out last */
};

/* To the start of the column in `group`. */
void vw_parquet_cursor_start(struct vw_parquet_cursor *cursor, size_t group);

/* Until there is a value to be handed out: to the page that has it, past what is to be
 * passed over. */
int vw_parquet_cursor_ready(struct vw_parquet_cursor *cursor);

/* The next `count` cells, no more than VW_PARQUET_ROWS and the page has left: to[0],
 * to[stride], ... */
int vw_parquet_cursor_take(struct vw_parquet_cursor *cursor, struct vw_slice *to,
                           size_t stride, size_t count);

void vw_parquet_cursor_free(struct vw_parquet_cursor *cursor);

/* Unpacks `in` to exactly `size` bytes in `block`. */
int vw_parquet_unpack(struct vw_parquet_shared *shared, enum vw_parquet_codec codec,
                      struct vw_slice in, struct vw_parquet_block *block, size_t size);

/* Reads the page whose bytes stand at `body` in the file's form. */
int vw_parquet_cursor_data(struct vw_parquet_cursor *cursor,
                           const struct vw_parquet_page *page, const unsigned char *body);
int vw_parquet_cursor_dictionary(struct vw_parquet_cursor *cursor,
                                 const struct vw_parquet_page *page,
                                 const unsigned char *body);

/* Notes what is wrong; VW_ERROR_INPUT. */
int vw_parquet_trouble(struct vw_parquet_shared *shared, const char *what);

#endif
