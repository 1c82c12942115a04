/*
 * Parquet files for tests, page by page: what no writer would write, too. Pages are given
 * as their bytes; what describes them is written around them.
 *
 *     struct parquet_writer writer = {0};
 *     parquet_column(&writer, (struct parquet_column){"bytes", VW_PARQUET_INT64});
 *     parquet_chunk(&writer, VW_PARQUET_GZIP);
 *     parquet_page(&writer, (struct parquet_page){.values = 3, .body = body});
 *     parquet_group(&writer, 3);
 *     ... of the next groups
 *     parquet_finish(&writer);      writer.file is the file
 *     parquet_free(&writer);
 */
#ifndef PARQUET_WRITER_H
#define PARQUET_WRITER_H

#include "logs/parquet_file.h"

struct bytes {
    unsigned char *data;
    size_t size;
    size_t room;
};

void bytes_put(struct bytes *bytes, const void *data, size_t size);
void bytes_byte(struct bytes *bytes, unsigned value);
void bytes_32(struct bytes *bytes, uint32_t value);
void bytes_64(struct bytes *bytes, uint64_t value);
void bytes_varint(struct bytes *bytes, uint64_t value);

/* A PLAIN text. */
void bytes_text(struct bytes *bytes, const char *text);

/* A run of `count` times `value`, and packed values (a multiple of eight). */
void bytes_run(struct bytes *bytes, unsigned width, uint32_t value, size_t count);
void bytes_packed(struct bytes *bytes, unsigned width, const uint32_t *values,
                  size_t count);

struct parquet_column {
    const char *name;
    int type;
    int repetition; /* 0 REQUIRED, 1 OPTIONAL, 2 REPEATED */
    int children;   /* > 0: a group of the columns that follow, of no type */
    int converted;  /* + 1; 0: not told */
    int logical;    /* field of LogicalType; 0: not told */
    bool is_unsigned;
    int scale;
};

enum { PARQUET_COLUMNS = 40, PARQUET_GROUPS = 8 };

struct parquet_page {
    int type;      /* VW_PARQUET_DATA_PAGE, ... */
    size_t values; /* NULLs too */
    int encoding;
    const struct bytes *levels; /* definition levels without their size, or NULL */
    const struct bytes *body;   /* may be NULL */
    int level_encoding;         /* 0: RLE, else the number */
    bool is_bare;               /* second version: not packed though the column is */
    bool has_checksum;
    uint32_t checksum_off; /* by so much it is wrong */
    size_t size_off;       /* by so much the unpacked size is */
};

struct parquet_writer {
    struct bytes file;
    struct parquet_column columns[PARQUET_COLUMNS];
    size_t column_count;
    struct {
        int codec;
        size_t start, dictionary, data, size, values;
        unsigned encodings; /* bits */
    } chunks[PARQUET_GROUPS][PARQUET_COLUMNS];
    size_t rows[PARQUET_GROUPS];
    size_t group_count;
    size_t chunk_count;  /* of the group at hand */
    int64_t rows_said;   /* 0: as they are */
    bool is_overlapping; /* every chunk is said to be the first one */
};

void parquet_column(struct parquet_writer *writer, struct parquet_column column);
void parquet_chunk(struct parquet_writer *writer, int codec);
void parquet_page(struct parquet_writer *writer, struct parquet_page page);
void parquet_group(struct parquet_writer *writer, size_t rows);
void parquet_finish(struct parquet_writer *writer);
void parquet_free(struct parquet_writer *writer);

/* A file of all that is read: each type, both page versions, each codec, dictionaries, and
 * NULLs. */
void parquet_sample(struct parquet_writer *writer, int codec);

#endif
